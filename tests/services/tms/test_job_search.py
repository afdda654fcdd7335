from __future__ import annotations

import unicodedata

import pytest

from phrase_provider.files.sources import SourceFile
from phrase_provider.services.tms.job_search import JobSearch, failed, is_of, one_per_job, path_of
from phrase_provider.text import composed

LIST = "https://tms.test/web/api2/v2/projects/p1/jobs"
PART = {
    "uid": "j1",
    "filename": "a.md",
    "originalFileDirectory": "docs",
    "targetLang": "de",
    "innerId": "1",
    "dateCreated": "2026-11-02T10:00:00+0000",
    "workflowLevel": 1,
}
SOURCE = SourceFile("/in/docs/a.md", "docs/a.md", 5)


@pytest.mark.parametrize(
    ("folder", "path"), [("docs", "docs/a.md"), ("/docs/x/", "docs/x/a.md"), ("", "a.md"), ("/", "a.md")]
)
def test_path_is_folder_and_name(folder, path):
    assert path_of(PART | {"originalFileDirectory": folder}) == path


def test_path_is_the_same_however_its_accents_are_composed():
    decomposed = unicodedata.normalize("NFD", "größe.md")
    part = PART | {"filename": decomposed}
    assert path_of(part) == "docs/größe.md" == composed(f"docs/{decomposed}")
    assert is_of(part, SourceFile("/in/docs/x", f"docs/{decomposed}", 5))


def test_file_of_the_same_name_in_another_folder_is_another():
    assert is_of(PART, SOURCE)
    assert not is_of(PART | {"originalFileDirectory": "web"}, SOURCE)
    assert not is_of(PART | {"filename": "b.md"}, SOURCE)


@pytest.mark.parametrize(("state", "expected"), [("ERROR", True), ("OK", False), ("RUNNING", False)])
def test_import_that_failed_is_known_by_its_status(state, expected):
    assert failed(PART | {"importStatus": {"status": state}}) is expected


def test_each_job_has_one_part_for_each_language_the_earliest_first():
    parts = [
        PART | {"uid": "later", "innerId": "3", "dateCreated": "2026-11-03T10:00:00+0000"},
        PART | {"uid": "same second", "innerId": "2"},
        PART,
        PART | {"uid": "split"},
        PART | {"uid": "french", "targetLang": "fr"},
    ]
    found = [part["uid"] for part in one_per_job(parts)]
    assert found == ["j1", "french", "same second", "later"]


class TestListing:
    @pytest.fixture
    def search(self, client):
        return JobSearch(client, {"uid": "p1", "name": "Project"})

    def test_files_of_one_page_are_listed_once(self, search, page, requests_mock):
        elsewhere = PART | {"uid": "j2", "originalFileDirectory": "web"}
        listing = requests_mock.get(
            LIST, json=page(PART, elsewhere, PART | {"uid": "j3", "filename": "b.md"})
        )
        search.list_names([SOURCE, SourceFile("/in/b.md", "b.md", 5)])
        assert [part["uid"] for part in search.jobs_of(SOURCE, ["de"])] == ["j1"]
        assert [part["uid"] for part in search.elsewhere(SOURCE, ["de"])] == ["j2"]
        assert search.jobs_of(SOURCE, ["fr"]) == []
        assert listing.call_count == 1

    def test_refresh_asks_again_by_name(self, search, page, requests_mock):
        listing = requests_mock.get(LIST, [{"json": page()}, {"json": page(PART)}])
        assert search.jobs_of(SOURCE, ["de"]) == []
        assert search.jobs_of(SOURCE, ["de"], refresh=True) == [PART]
        assert listing.call_count == 2
        assert listing.last_request.qs["filename"] == ["a.md"]

    def test_files_of_a_large_project_are_asked_for_by_name(self, search, page, requests_mock):
        large = page({"uid": "x", "filename": "x.md"}, total=30)
        requests_mock.get(LIST, json=large)
        named = requests_mock.get(f"{LIST}?filename=a.md", json=page(PART))
        assert search.jobs_of(SOURCE, ["de"]) == [PART]
        assert named.call_count == 1
