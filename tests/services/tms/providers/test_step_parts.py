"""All parts of jobs are found with few requests, whatever a list leaves out."""

from __future__ import annotations

import pytest

from phrase_provider.services.tms.providers.step_parts import StepParts

LANGS = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
LIST, ONE = r"/v2/projects/\w+/jobs$", r"/v1/projects/\w+/jobs/\w+$"


@pytest.fixture
def project(phrase):
    """Twelve files in ten languages and two steps: three pages for each step."""
    project_uid = phrase.project(*LANGS, steps=2)
    for number in range(12):
        phrase.upload(project_uid, f"{number}.md", LANGS)
    phrase.import_files()
    phrase.forget()
    return project_uid


@pytest.fixture
def parts(phrase, project):
    return StepParts(phrase.client, project, [1, 2])


@pytest.fixture
def by_name(phrase, project):
    """Uids of the highest step, by file name."""
    found = {}
    for part in phrase.client.jobs.list_highest(project):
        found.setdefault(part["filename"], []).append(part["uid"])
    phrase.forget()
    return found


def summary(found):
    return sorted({(part.filename, part.level) for part in found.values()})


def test_all_jobs(phrase, parts):
    assert len(parts.read(None)) == 240
    assert len(phrase.sent("GET", LIST)) == 6


def test_parts_of_all_steps_and_splits(phrase, parts, by_name):
    uid = by_name["3.md"][0]
    phrase.simulator.job(uid, "split")
    found = parts.read([uid], ["3.md"])
    assert summary(found) == [("3.md", 1), ("3.md", 2)]
    assert len(found) == 4
    assert {part.target_lang for part in found.values()} == {found[uid].target_lang}


def test_files_by_name_where_the_list_is_longer(phrase, parts, by_name):
    assert len(parts.read([*by_name["3.md"], *by_name["4.md"]], ["3.md", "4.md"])) == 40
    # The first page of the list tells its length.
    assert len(phrase.sent("GET", LIST)) == 5


def test_whole_list_where_it_is_shorter(phrase, parts, by_name):
    uids = [uid for name in ("1.md", "2.md", "3.md", "4.md") for uid in by_name[name]]
    assert len(parts.read(uids, ["1.md", "2.md", "3.md", "4.md"])) == 80
    assert len(phrase.sent("GET", LIST)) == 6


def test_few_jobs_without_names_are_read_for_them(phrase, parts, by_name):
    assert len(parts.read(by_name["3.md"][:2])) == 4
    assert (len(phrase.sent("GET", ONE)), len(phrase.sent("GET", LIST))) == (2, 3)


def test_many_jobs_without_names_are_listed(phrase, parts, by_name):
    assert len(parts.read(by_name["3.md"][:5])) == 10
    assert (len(phrase.sent("GET", ONE)), len(phrase.sent("GET", LIST))) == (0, 6)


def test_deleted_job_has_no_part(phrase, project, parts, by_name):
    gone, there, *_ = by_name["3.md"]
    phrase.delete_job(project, gone)
    found = parts.read([gone, there], ["3.md"])
    assert gone not in found
    assert len(found) == 2


def test_name_that_was_sent_with_decomposed_accents(phrase, project):
    uids = phrase.upload(project, "u\u0308bung.md")
    parts = StepParts(phrase.client, project, [1, 2])
    assert set(parts.read(uids[1:], ["\u00fcbung.md"])) == set(uids)


def test_parts_that_the_list_did_not_show_are_found_by_name(phrase, project, parts, by_name):
    """Parts move between the pages while they are read."""
    nothing = {"content": [], "pageNumber": 1, "pageSize": 50, "numberOfElements": 0, "totalPages": 3}
    uids = [uid for name in ("1.md", "2.md", "5.md", "6.md") for uid in by_name[name]]
    # The second page of the lower step.
    phrase.simulator.fault(method="GET", path=LIST, after=4, status=200, body=nothing)
    assert len(parts.read(uids)) == 80


def test_read_again(phrase, project, parts, by_name):
    found = parts.read(by_name["3.md"], ["3.md"])
    first = found[by_name["3.md"][0]]
    assert not first.assigned
    phrase.change_job(project, first.uid, providers=[{"type": "USER", "id": "20"}])
    assert parts.read_again([first])[first.uid].assigned
    assert parts.read_again([]) == {}
