from __future__ import annotations

import json

import pytest
from task_runs import context

from phrase_provider.exceptions import PhraseInputError, PhraseValidationError
from phrase_provider.operators.tms.languages import PhraseTmsAddLanguagesOperator
from phrase_provider.services.tms.job_list import JobList

CLONE = {"method": "POST", "path": "/jobs/clone$"}


@pytest.fixture
def project_uid(phrase):
    project_uid = phrase.project("de", "fr")
    for name in ("a.md", "b.md"):
        phrase.upload(project_uid, name, ("de", "fr"))
    phrase.import_files()
    phrase.forget()
    return project_uid


def add(project_uid, told=None, **arguments):
    task = PhraseTmsAddLanguagesOperator(task_id="task", project_uid=project_uid, **arguments)
    return task.execute(told or context())


def test_all_files_of_a_project_get_a_language(phrase, project_uid, tmp_path):
    job_list = str(tmp_path / "jobs.jsonl")
    told = context()
    result = add(project_uid, told, target_langs="pt-BR, sv", job_list=job_list)
    assert result == {
        "project_uid": project_uid,
        "target_langs": ["pt_br", "sv"],
        "cloned": 4,
        "present": 0,
        "failed": 0,
        "job_list": job_list,
    }
    assert len(json.dumps(result)) < 1000
    assert phrase.costly() == ["POST clone"]
    listed = JobList(job_list).read()
    assert [(row["relative_path"], row["target_lang"], row["outcome"]) for row in listed] == [
        (name, lang, "cloned") for name in ("a.md", "b.md") for lang in ("pt_br", "sv")
    ]
    jobs = {part["uid"] for part in phrase.client.jobs.list(project_uid)}
    assert {row["job_uid"] for row in listed} < jobs
    assert told["ti"].xcoms["phrase_project_url"].endswith(project_uid)


def test_jobs_in_any_language_name_the_files(phrase, project_uid):
    jobs = [part["uid"] for part in phrase.client.jobs.list(project_uid) if part["filename"] == "a.md"]
    assert add(project_uid, target_langs=["sv"], jobs=jobs)["cloned"] == 1
    rows = [{"job_uid": uid, "target_lang": "de"} for uid in jobs]
    result = add(project_uid, target_langs=["sv", "de"], jobs=rows)
    assert (result["cloned"], result["present"]) == (0, 2)
    (sent,) = phrase.sent(**CLONE)
    assert len(json.loads(sent["body"])["jobPartTargetLangs"]) == 1


def test_file_that_cannot_be_cloned_is_named_and_the_others_are_listed(phrase, tmp_path):
    phrase.simulator.settings(multilingual_files=["*.csv"])
    project_uid, job_list, told = phrase.project("de"), str(tmp_path / "jobs.jsonl"), context()
    for name in ("a.md", "b.csv"):
        phrase.upload(project_uid, name)
    phrase.import_files()
    with pytest.raises(PhraseValidationError, match=r"b\.csv.*multilingual"):
        add(project_uid, told, target_langs=["sv"], job_list=job_list)
    assert (told["ti"].xcoms["return_value"]["cloned"], told["ti"].xcoms["return_value"]["failed"]) == (1, 1)
    failed = {
        row["relative_path"]: row["error"] for row in JobList(job_list).read() if row["outcome"] == "failed"
    }
    assert list(failed) == ["b.csv"]
    assert "400" in failed["b.csv"]


@pytest.mark.parametrize(
    "arguments",
    [{"target_langs": []}, {"target_langs": "not a language"}, {"target_langs": "sv", "jobs": []}],
)
def test_bad_input_is_refused_before_anything_is_sent(phrase, project_uid, arguments):
    with pytest.raises(PhraseInputError):
        add(project_uid, **arguments)
    assert phrase.costly() == []
    assert phrase.sent("POST") == []


def test_arguments_are_templates():
    assert set(PhraseTmsAddLanguagesOperator.template_fields) == {
        "phrase_conn_id",
        "project_uid",
        "target_langs",
        "jobs",
        "job_list",
    }
