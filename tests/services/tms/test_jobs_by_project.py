from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.job_list import JobList
from phrase_provider.services.tms.jobs_by_project import jobs_by_project


def test_rows_of_several_projects(tmp_path):
    location = f"{tmp_path}/jobs.jsonl"
    JobList(location).write(
        [
            {"project_uid": "p1", "job_uid": "j1", "relative_path": "docs/a.md"},
            {"project_uid": "p1", "job_uid": None, "relative_path": "docs/failed.md"},
            {"project_uid": "p2", "job_uid": "j2", "relative_path": "b.md"},
        ]
    )
    found = jobs_by_project([location, [{"project_uid": "p2", "job_uid": "j3"}, "j4"]], "p1")
    assert {uid: list(jobs.uids) for uid, jobs in found.items()} == {"p1": ["j1", "j4"], "p2": ["j2", "j3"]}
    assert found["p1"].filenames == {"a.md"}
    # Of these, one name is not known.
    assert not found["p1"].all_named
    assert not found["p2"].all_named


def test_names_are_known_if_all_are():
    rows = [
        {"project_uid": "p", "job_uid": uid, "relative_path": path}
        for uid, path in (("1", "x/a"), ("2", "b"))
    ]
    (jobs,) = jobs_by_project(rows, None).values()
    assert jobs.all_named
    assert jobs.filenames == {"a", "b"}


def test_job_whose_project_nobody_tells_is_refused():
    with pytest.raises(PhraseInputError, match="Nothing tells the project of job j1"):
        jobs_by_project("j1", None)


def test_list_that_is_not_there_is_named(tmp_path):
    with pytest.raises(PhraseInputError, match="There is no job list at"):
        jobs_by_project(f"{tmp_path}/none.jsonl", None)


@pytest.mark.parametrize("given", [[], "", [{"job_uid": None}]])
def test_nothing(given):
    assert jobs_by_project(given, None) == {}
