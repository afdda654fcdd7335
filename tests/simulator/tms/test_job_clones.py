"""Languages that are added to a project, and clones of jobs into them."""

from __future__ import annotations

import pytest
from message_receiver import Receiver


@pytest.fixture
def project(phrase):
    phrase.simulator.settings(work_moves=False)
    return phrase.project(steps=2, targetLangs=["de", "fr"])["uid"]


@pytest.fixture
def job(phrase, project):
    """Give the uid of an imported job of the first step."""
    created = phrase.upload(project, "docs.txt", b"One\nTwo\nThree\n", path="a/b").json()["jobs"]
    phrase.simulator.advance(20)
    return next(part["uid"] for part in created if part["workflowLevel"] == 1)


def add_languages(phrase, project, *langs):
    return phrase.call("POST", f"v1/projects/{project}/targetLangs", json={"targetLangs": list(langs)})


def clone(phrase, project, *pairs, **more):
    entries = [{"jobPart": {"uid": uid}, "targetLangs": list(langs)} for uid, langs in pairs]
    body = {"jobPartTargetLangs": entries, **more}
    return phrase.call("POST", f"v1/projects/{project}/jobs/clone", json=body)


def target_langs(phrase, project):
    return phrase.get(f"v1/projects/{project}").json()["targetLangs"]


def test_languages_are_added_to_the_project_and_no_job(phrase, project, job):
    before = phrase.jobs(project)
    answer = add_languages(phrase, project, "sv", "pt_br")
    assert (answer.status_code, answer.content) == (204, b"")
    assert target_langs(phrase, project) == ["de", "fr", "sv", "pt_br"]
    assert phrase.jobs(project) == before


@pytest.mark.parametrize("langs", [[], ["pt-BR"], ["sv", "sv"], ["de"], ["sv", "de"]])
def test_languages_are_added_all_or_none(phrase, project, langs):
    answer = add_languages(phrase, project, *langs)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert target_langs(phrase, project) == ["de", "fr"]


def test_languages_that_are_there_can_be_taken_again(phrase, project):
    phrase.simulator.settings(refuse_known_target_langs=False)
    assert add_languages(phrase, project, "de", "sv").status_code == 204
    assert target_langs(phrase, project) == ["de", "fr", "sv"]


def test_clone_has_the_file_in_all_steps_and_is_imported_later(phrase, project, job):
    answer = clone(phrase, project, (job, ["fr"]))
    assert answer.status_code == 200
    parts = answer.json()["jobs"]
    assert set(answer.json()) == {"jobs"}
    assert [(part["workflowLevel"], part["targetLang"], part["filename"]) for part in parts] == [
        (1, "fr", "docs.txt"),
        (2, "fr", "docs.txt"),
    ]
    assert {part["imported"] for part in parts} == {False}
    assert {part["status"] for part in parts} == {"NEW"}
    phrase.simulator.advance(20)
    read = phrase.job(project, parts[0]["uid"])
    assert (read["imported"], read["originalFileDirectory"]) == (True, "a/b")
    assert read["wordsCount"] == phrase.job(project, job)["wordsCount"]
    original = phrase.get(f"v1/projects/{project}/jobs/{parts[0]['uid']}/original")
    assert original.content == b"One\nTwo\nThree\n"


def test_clone_is_exported_in_its_language(phrase, project, job):
    uid = clone(phrase, project, (job, ["fr"])).json()["jobs"][1]["uid"]
    phrase.simulator.advance(20)
    phrase.simulator.job(uid, "complete")
    export = phrase.export(project, uid).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    assert phrase.download(project, uid, export).content not in (b"", b"One\nTwo\nThree\n")


def test_each_new_part_has_its_event(phrase, project, job):
    with Receiver() as receiver:
        webhook = {"url": receiver.url, "events": ["JOB_CREATED"]}
        assert phrase.call("POST", "v2/webhooks", json=webhook).status_code == 201
        parts = clone(phrase, project, (job, ["fr", "de"])).json()["jobs"]
        phrase.simulator.advance(1)
        events = [body["jobParts"][0]["uid"] for body in receiver.bodies]
    assert sorted(events) == sorted(part["uid"] for part in parts)


def test_split_is_kept_only_when_asked(phrase, project, job):
    phrase.simulator.job(job, "split")
    whole = clone(phrase, project, (job, ["fr"])).json()["jobs"]
    assert len(whole) == 2
    add_languages(phrase, project, "sv")
    split = clone(phrase, project, (job, ["sv"]), keepSplit=True).json()["jobs"]
    assert len(split) > 2
    assert {phrase.job(project, part["uid"])["isParentJobSplit"] for part in whole} == {False}
    assert True in {phrase.job(project, part["uid"])["isParentJobSplit"] for part in split}


def test_providers_and_due_dates_are_those_of_the_steps(phrase, project, job):
    steps = phrase.get(f"v2/projects/{project}/workflowSteps").json()["projectWorkflowSteps"]
    linguist = {"type": "USER", "id": "21"}
    settings = [
        {"id": str(step["id"]), "due": "2026-12-31T23:59:59Z", "assignments": [{"providers": [linguist]}]}
        for step in steps
    ]
    parts = clone(phrase, project, (job, ["fr"]), workflowSettings=settings).json()["jobs"]
    assert [part["providers"][0]["id"] for part in parts] == ["21", "21"]
    assert {part["dateDue"] for part in parts} == {"2026-12-31T23:59:59+0000"}
    only_one = clone(phrase, project, (job, ["fr"]), workflowSettings=settings[:1])
    assert (only_one.status_code, only_one.json()["errorCode"]) == (400, "InvalidArguments")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"jobPartTargetLangs": []},
        {"jobPartTargetLangs": [{"targetLangs": ["fr"]}]},
        {"jobPartTargetLangs": [{"jobPart": {"uid": "{job}"}, "targetLangs": []}]},
        {"jobPartTargetLangs": [{"jobPart": {"uid": "{job}"}, "targetLangs": ["sv"]}]},
        {"jobPartTargetLangs": [{"jobPart": {"uid": "{job}"}, "targetLangs": ["fr", "fr"]}]},
        {"jobPartTargetLangs": [{"jobPart": {"uid": "{job}"}, "targetLangs": ["fr"]}], "more": 1},
    ],
)
def test_what_the_specification_does_not_allow_is_refused(phrase, project, job, body):
    for entry in body.get("jobPartTargetLangs", []):
        if "jobPart" in entry:
            entry["jobPart"]["uid"] = job
    answer = phrase.call("POST", f"v1/projects/{project}/jobs/clone", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert len(phrase.jobs(project)) == 1


def test_one_refused_job_refuses_all(phrase, project, job):
    phrase.simulator.settings(multilingual_files=["*.csv"])
    other = phrase.upload(project, "texts.csv", b"a,b\n").json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    answer = clone(phrase, project, (job, ["fr"]), (other, ["fr"]))
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert "multilingual" in answer.json()["errorDescription"]
    assert len(phrase.jobs(project)) == 2


def test_job_that_is_not_imported_is_not_ready(phrase, project):
    uid = phrase.upload(project).json()["jobs"][0]["uid"]
    answer = clone(phrase, project, (uid, ["fr"]))
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "JOB_NOT_READY")


def test_project_with_one_language_has_nothing_to_clone_into(phrase):
    project = phrase.project(targetLangs=["de"])["uid"]
    uid = phrase.upload(project).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    answer = clone(phrase, project, (uid, ["de"]))
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")


def test_job_of_another_project_is_not_found(phrase, project, job):
    other = phrase.project(targetLangs=["de", "fr"])["uid"]
    assert clone(phrase, other, (job, ["fr"])).status_code == 404


def test_second_clone_is_made_unless_the_switch_refuses_it(phrase, project, job):
    for _ in range(2):
        assert clone(phrase, project, (job, ["fr"])).status_code == 200
    phrase.simulator.settings(refuse_known_clone_langs=True)
    assert clone(phrase, project, (job, ["fr"])).status_code == 400
    assert clone(phrase, project, (job, ["de"])).status_code == 400
    assert len(phrase.jobs(project, targetLang="fr")) == 2


def test_limit_of_jobs_holds_for_clones_and_uploads(phrase, project, job):
    phrase.simulator.settings(job_limit=2)
    over = clone(phrase, project, (job, ["fr", "de"]))
    assert (over.status_code, over.json()["errorDescription"].split(":")[0]) == (400, "JobCountLimit")
    assert clone(phrase, project, (job, ["fr"])).status_code == 200
    assert phrase.upload(project).status_code == 400


def test_status_of_the_answer_is_a_switch(phrase, project, job):
    phrase.simulator.settings(clone_status=201)
    assert clone(phrase, project, (job, ["fr"])).status_code == 201


def test_clones_take_one_of_the_pending_requests(phrase, project, job):
    phrase.simulator.settings(pending_limit=0)
    answer = clone(phrase, project, (job, ["fr"]))
    assert (answer.status_code, answer.json()["errorCode"]) == (429, "TooManyPendingRequests")
    assert len(phrase.jobs(project)) == 1
