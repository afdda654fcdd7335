from __future__ import annotations

import unicodedata

import pytest

from phrase_provider.services.tms.file_jobs import FileJobs

LIST = "https://tms.test/web/api2/v2/projects/p1/jobs"


def part(uid, name="a.md", lang="de", folder=None):
    return {"uid": uid, "filename": name, "targetLang": lang, "originalFileDirectory": folder}


@pytest.fixture
def jobs(client):
    return FileJobs(client, {"uid": "p1", "workflowSteps": [{"workflowLevel": 1}, {"workflowLevel": 2}]})


@pytest.fixture
def pages(requests_mock, page):
    """Parts by page; asked for by name, those with that name."""

    def register(*pages):
        def answer(request, _):
            query = request.qs
            if "filename" in query:
                name = query["filename"][0]
                return page(*[item for items in pages for item in items if item["filename"] == name])
            number = int(query["pagenumber"][0])
            return page(*pages[number], number=number, total=len(pages))

        requests_mock.get(LIST, json=answer)

    return register


def test_few_pages_are_read_whole(jobs, pages, requests_mock):
    pages([part("j1")], [part("j2", "b.md", folder="docs")])
    listed = jobs.in_language("de", 2, ["a.md", "b.md"])
    assert {path: [item["uid"] for item in parts] for path, parts in listed.items()} == {
        "a.md": ["j1"],
        "docs/b.md": ["j2"],
    }
    assert [request.qs["workflowlevel"] for request in requests_mock.request_history] == [["2"], ["2"]]


def test_few_names_are_asked_for_one_by_one(jobs, pages, requests_mock):
    pages([part("j1")], [part("j2", "b.md")], [part("j3", "c.md")])
    assert set(jobs.in_language("de", 1, ["b.md"])) == {"b.md"}
    assert requests_mock.call_count == 2


def test_name_is_found_however_its_accents_are_composed(jobs, pages, requests_mock):
    name = unicodedata.normalize("NFD", "août.md")
    pages([part("j1")], [part("j2", name)], [part("j3", "c.md")], [part("j4", "d.md")])
    listed = jobs.in_language("de", 1, [unicodedata.normalize("NFC", name)])
    assert [item["uid"] for item in listed[unicodedata.normalize("NFC", name)]] == ["j2"]
    assert requests_mock.call_count == 3, "the first page, and each form of the name"


def test_part_in_another_language_than_asked_for_is_left_out(jobs, pages):
    pages([part("j1"), part("j2", lang="fr")])
    assert [item["uid"] for item in jobs.in_language("de", 1, ["a.md"])["a.md"]] == ["j1"]


def test_all_files_are_listed_by_the_first_step(jobs, pages, requests_mock):
    pages([part("j1"), part("j2", lang="fr"), part("j3", "b.md")])
    assert {path: len(parts) for path, parts in jobs.all().items()} == {"a.md": 2, "b.md": 1}
    assert requests_mock.last_request.qs["workflowlevel"] == ["1"]
