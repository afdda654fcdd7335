"""Jobs that people completed again after their translation was delivered."""

from __future__ import annotations

import logging

import pytest
from manifest_lines import at, line

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.manifest.lines import key_of
from phrase_provider.services.tms.changes.reopened_jobs import MOST_RECENT, ReopenedJobs

log = logging.getLogger(__name__)


def find(phrase, *lines, run="run"):
    phrase.forget()
    return ReopenedJobs(phrase.client, {key_of(one): one for one in lines}, log).find(run)


def known(project_uid, job_uid, lang="de", source="a.md", **facts):
    done = {"status": "DELIVERED", "delivered_at": at(1), "project_uid": project_uid, "job_uid": job_uid}
    return line(source, lang, **done | facts)


def completed(phrase, steps=1):
    """Have a job that is completed on its highest level; gives uids of project and part."""
    project_uid = phrase.project("de", steps=steps)
    uid = phrase.upload(project_uid)[-1]
    phrase.import_files()
    (part,) = phrase.client.jobs.list(project_uid, levels=[steps])
    phrase.client.jobs.set_status(project_uid, part["uid"], JobStatus.COMPLETED)
    return project_uid, part["uid"] or uid


@pytest.mark.parametrize("steps", [1, 2])
@pytest.mark.parametrize("status", ["DELIVERED", "CANCELLED"])
def test_job_that_is_completed_again_is_found(phrase, steps, status):
    assert find(phrase, known(*completed(phrase, steps), status=status)) == {("a.md", "de")}


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "COMPLETED"},
        {"status": "NEW", "delivered_at": None},
        {"deleted_at": at(5)},
        {"job_uid": None},
    ],
)
def test_what_is_open_or_gone_or_was_left_completed_is_not_asked_for(phrase, facts):
    project_uid, job_uid = completed(phrase)
    assert find(phrase, known(project_uid, job_uid) | facts) == set()
    assert phrase.sent() == []


def test_other_job_of_the_same_file_does_not_count(phrase):
    project_uid, _ = completed(phrase)
    assert find(phrase, known(project_uid, "superseded")) == set()
    assert len(phrase.sent()) == 2


def test_job_of_another_file_does_not_count(phrase):
    assert find(phrase, known(*completed(phrase), source="b.md")) == set()


def test_newest_projects_are_asked_and_each_older_one_in_turn(phrase):
    projects = [phrase.project("de") for _ in range(MOST_RECENT + 4)]
    lines = [
        known(uid, "j", source=f"{number}.md") | {"at": at(number)} for number, uid in enumerate(projects)
    ]
    asked = set()
    for number in range(40):
        find(phrase, *lines, run=f"run {number}")
        paths = [request["path"] for request in phrase.sent(path="/jobs$")]
        uids = {path.split("/")[-2] for path in paths}
        assert len(uids) == len(phrase.sent()) / 2 == MOST_RECENT + 1
        assert uids >= set(projects[-MOST_RECENT:])
        asked |= uids
    assert asked == set(projects)


def test_more_hits_than_a_page_are_all_found(phrase):
    project_uid = phrase.project("de")
    for number in range(52):
        phrase.upload(project_uid, f"{number}.md")
    phrase.import_files()
    lines = []
    for part in list(phrase.client.jobs.list(project_uid, levels=[1])):
        phrase.client.jobs.set_status(project_uid, part["uid"], JobStatus.COMPLETED)
        lines.append(known(project_uid, part["uid"], source=part["filename"]))
    assert len(find(phrase, *lines)) == 52
    assert len(phrase.sent()) == 3
