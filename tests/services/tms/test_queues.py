"""Who has what is not delivered."""

from __future__ import annotations

import pytest
from manifest_lines import at, line

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.manifest.lines import key_of
from phrase_provider.services.tms import queues as module
from phrase_provider.services.tms.queues import find_queues


@pytest.fixture
def project_uid(phrase):
    project_uid = phrase.project("de", "fr", steps=2)
    phrase.upload(project_uid, langs=["de", "fr"])
    phrase.import_files()
    return project_uid


def part(phrase, project_uid, lang, level):
    (found,) = phrase.client.jobs.list(project_uid, levels=[level], target_lang=lang)
    return found["uid"]


def known(project_uid, lang, **facts):
    return line("a.md", lang, project_uid=project_uid, job_uid="j", **facts)


def found(phrase, *lines):
    phrase.forget()
    return find_queues(phrase.client, {key_of(one): one for one in lines})


def test_first_step_that_is_not_done_has_it(phrase, project_uid):
    phrase.client.jobs.set_status(project_uid, part(phrase, project_uid, "de", 1), JobStatus.COMPLETED)
    phrase.client.jobs.set_status(project_uid, part(phrase, project_uid, "fr", 1), JobStatus.ACCEPTED)
    told = found(phrase, known(project_uid, "de"), known(project_uid, "fr"))
    assert told["a.md", "de"].startswith("step 2 Revision")
    assert told["a.md", "de"].endswith("(NEW)")
    assert told["a.md", "fr"].startswith("step 1 Translation")
    assert told["a.md", "fr"].endswith("(ACCEPTED)")
    assert len(phrase.sent()) == 3


def test_what_is_done_is_with_nobody(phrase, project_uid):
    for level in (1, 2):
        phrase.client.jobs.set_status(
            project_uid, part(phrase, project_uid, "de", level), JobStatus.COMPLETED
        )
    assert found(phrase, known(project_uid, "de")) == {}


@pytest.mark.parametrize(
    "facts",
    [
        {"sha256": "a", "target_source_sha256": "a", "delivered_at": at(1)},
        {"error": "x"},
        {"deleted_at": at(1)},
    ],
)
def test_nothing_is_asked_about_what_is_not_awaited(phrase, project_uid, facts):
    assert found(phrase, known(project_uid, "de", **facts)) == {}
    assert phrase.sent() == []


def test_project_that_is_gone_has_no_queue(phrase):
    assert found(phrase, known("nowhere", "de")) == {}


def test_so_many_are_read_and_no_more(phrase, project_uid, monkeypatch):
    monkeypatch.setattr(module, "MOST_PARTS", 1)
    assert len(found(phrase, known(project_uid, "de"), known(project_uid, "fr"))) == 1
