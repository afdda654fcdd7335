from __future__ import annotations

import pytest
from people import complete, make_project, upload

from phrase_provider.services.tms.completed_jobs import completed_jobs


@pytest.fixture
def found(phrase):
    def run(project_uid):
        project = phrase.client.projects.get(project_uid)
        return {job["uid"] for job in completed_jobs(phrase.client, project)}

    return run


def test_only_what_is_complete_and_not_delivered_counts(phrase, found):
    project_uid = make_project(phrase, "Spring", "de", "fr", "ja")
    german, french, japanese = upload(phrase, project_uid, "a.md", "de", "fr", "ja")
    complete(phrase, german, french)
    phrase.change_job(project_uid, french, status="DELIVERED")
    phrase.simulator.job(japanese, "accept")
    assert found(project_uid) == {german}


def test_highest_workflow_step_counts(phrase, found):
    project_uid = make_project(phrase, "Spring", steps=2)
    first, last = upload(phrase, project_uid, "a.md")
    complete(phrase, first)
    assert found(project_uid) == set()
    phrase.simulator.job(last, "complete")
    assert found(project_uid) == {last}


def test_split_job_counts_once_all_its_parts_are_complete(phrase, found):
    project_uid = make_project(phrase, "Spring")
    (uid,) = upload(phrase, project_uid, "a.md")
    phrase.import_files()
    phrase.simulator.job(uid, "split")
    parts = [part["uid"] for part in phrase.client.jobs.list(project_uid)]
    assert len(parts) > 1
    phrase.simulator.job(parts[0], "complete")
    assert found(project_uid) == set()
    for part in parts[1:]:
        phrase.simulator.job(part, "complete")
    assert len(found(project_uid)) == 1


def test_project_that_was_deleted_has_none(phrase):
    project = phrase.client.projects.get(make_project(phrase, "Spring"))
    phrase.client.projects.delete(project["uid"])
    assert list(completed_jobs(phrase.client, project)) == []
