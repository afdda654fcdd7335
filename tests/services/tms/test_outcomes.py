from __future__ import annotations

import pytest

from phrase_provider.services.tms.outcomes import GONE, IMPORT_FAILED, Outcomes


@pytest.fixture
def job(phrase):
    """Gives the uid of a project, and that of its job, which is completed."""
    project_uid, (uid,) = phrase.jobs("de")
    phrase.simulator.job(uid, "complete")
    phrase.forget()
    return project_uid, uid


def test_jobs_are_told_from_one_listing(phrase, job):
    project_uid, uid = job
    outcomes = Outcomes(phrase.client, project_uid)
    assert [outcomes.of_job(uid), outcomes.of_job(uid)] == ["COMPLETED"] * 2
    assert outcomes.earlier("a.md", "de") == uid
    assert len(phrase.sent("GET", "/jobs")) == 1


def test_split_job_is_where_its_least_part_is(phrase, job):
    project_uid, uid = job
    phrase.simulator.job(uid, "split")
    (other,) = {part["uid"] for part in phrase.client.jobs.list(project_uid)} - {uid}
    phrase.simulator.job(other, "reject")
    outcomes = Outcomes(phrase.client, project_uid)
    assert [outcomes.of_job(uid), outcomes.of_job(other)] == ["REJECTED"] * 2


def test_import_that_failed_is_called_that(phrase, job):
    project_uid, _ = job
    (broken,) = phrase.upload(project_uid, "b.md")
    phrase.simulator.job(broken, "fail-import")
    outcomes = Outcomes(phrase.client, project_uid)
    assert outcomes.of_job(broken) == IMPORT_FAILED
    assert outcomes.earlier("b.md", "de") is None


def test_deleted_job_is_gone(phrase, job):
    project_uid, uid = job
    phrase.delete_job(project_uid, uid)
    assert Outcomes(phrase.client, project_uid).of_job(uid) == GONE


def test_jobs_of_a_deleted_project_are_gone(phrase, job):
    project_uid, uid = job
    phrase.client.projects.delete(project_uid)
    outcomes = Outcomes(phrase.client, project_uid)
    assert outcomes.of_job(uid) == GONE
    assert outcomes.earlier("a.md", "de") is None


def test_earlier_job_is_the_first_of_the_same_file_and_language(phrase, job):
    project_uid, uid = job
    phrase.upload(project_uid)
    outcomes = Outcomes(phrase.client, project_uid)
    assert outcomes.earlier("a.md", "de") == uid
    assert outcomes.earlier("a.md", "fr") is None
    assert outcomes.earlier("docs/a.md", "de") is None
