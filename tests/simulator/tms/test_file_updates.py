from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from message_receiver import Receiver

NEW = b"Good morning\nGood evening\nGood night\n"


@pytest.fixture
def project(phrase):
    phrase.simulator.settings(work_moves=False)
    return phrase.project(steps=2, targetLangs=["de", "fr"])["uid"]


@pytest.fixture
def multilingual(phrase):
    """Files of the name that the tests upload are multilingual."""
    phrase.simulator.settings(multilingual_files=["docs.txt"])


@pytest.fixture
def jobs(phrase, project):
    """Give the uids of imported jobs by language and level."""
    created = phrase.upload(project, "docs.txt", targetLangs=["de", "fr"], path="a/b").json()["jobs"]
    phrase.simulator.advance(20)
    return {(job["targetLang"], job["workflowLevel"]): job["uid"] for job in created}


def references(*uids):
    return [{"uid": uid} for uid in uids]


def update(phrase, project, kind, *uids, name="docs.txt", content=NEW, **metadata):
    headers = {"Memsource": json.dumps({"jobs": references(*uids), **metadata})}
    headers["Content-Type"] = "application/octet-stream"
    if name:
        headers["Content-Disposition"] = f"filename*=UTF-8''{quote(name)}"
    return phrase.call("POST", f"v1/projects/{project}/jobs/{kind}", data=content, headers=headers)


def pre_translate(phrase, project, *uids, **body):
    path = f"v3/projects/{project}/jobs/preTranslate"
    return phrase.call("POST", path, json={"jobs": references(*uids), **body})


def ended(phrase, answer):
    """Let an async request end, and return its ``asyncResponse``."""
    phrase.simulator.advance(20)
    return phrase.get(f"v1/async/{answer.json()['asyncRequest']['id']}").json()["asyncResponse"]


def target(phrase, project, job):
    export = phrase.export(project, job).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    return phrase.download(project, job, export).content


def test_source_update_brings_new_content(phrase, project, jobs):
    before = phrase.job(project, jobs["de", 1])
    answer = update(phrase, project, "source", jobs["de", 1])
    assert answer.status_code == 200
    assert answer.json()["asyncRequest"]["action"] == "UPDATE_SOURCE"
    assert [(job["uid"], job["workflowLevel"]) for job in answer.json()["jobs"]] == [(jobs["de", 1], 1)]
    assert phrase.job(project, jobs["de", 2])["importStatus"]["status"] == "RUNNING"

    assert ended(phrase, answer)["errorCode"] is None
    for level in (1, 2):
        job = phrase.job(project, jobs["de", level])
        assert (job["wordsCount"], job["endIndex"]) == (6, 3)
        assert (job["updateSourceDate"] is None, job["imported"]) == (False, True)
        assert job["originalFileDirectory"] == "a/b"
    assert job["innerId"] == before["innerId"]
    assert phrase.get(f"v1/projects/{project}/jobs/{jobs['de', 2]}/original").content == NEW


def test_source_update_leaves_other_languages(phrase, project, jobs):
    ended(phrase, update(phrase, project, "source", jobs["de", 1]))
    french = phrase.job(project, jobs["fr", 1])
    assert (french["updateSourceDate"], french["wordsCount"]) == (None, 1)


def test_jobs_of_several_files_keep_their_folders(phrase, project, jobs):
    other = phrase.upload(project, targetLangs=["fr"], path="c").json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    ended(phrase, update(phrase, project, "source", jobs["de", 1], jobs["fr", 1], other))
    found = {(job["originalFileDirectory"], job["filename"]) for job in phrase.jobs(project)}
    assert found == {("a/b", "docs.txt"), ("c", "docs.txt")}
    assert len({job["sourceFileUid"] for job in phrase.jobs(project)}) == 2


@pytest.mark.parametrize("command", ["make-continuous", "from-connector"])
def test_source_of_a_job_that_is_renewed_otherwise_is_not_updated(phrase, project, jobs, command):
    phrase.simulator.job(jobs["de", 1], command)
    [listed] = [job for job in phrase.jobs(project) if job["uid"] == jobs["de", 1]]
    assert listed["continuous"] or listed["remoteFile"]["humanReadableFileName"] == "docs.txt"
    assert update(phrase, project, "source", jobs["de", 1]).status_code == 400
    assert update(phrase, project, "source", jobs["fr", 1]).status_code == 200


@pytest.mark.usefixtures("multilingual")
def test_all_languages_of_a_multilingual_file_are_updated(phrase, project, jobs):
    answer = update(phrase, project, "source", jobs["de", 1])
    assert {job["targetLang"] for job in answer.json()["jobs"]} == {"de", "fr"}
    ended(phrase, answer)
    assert phrase.job(project, jobs["fr", 2])["wordsCount"] == 6


@pytest.mark.usefixtures("multilingual")
def test_multilingual_file_with_a_language_in_a_final_status_is_not_updated(phrase, project, jobs):
    phrase.set_status(project, jobs["fr", 2], "CANCELLED")
    assert update(phrase, project, "source", jobs["de", 1]).status_code == 400


@pytest.mark.usefixtures("multilingual")
def test_multilingual_file_is_not_updated_together_with_others(phrase, project, jobs):
    other = phrase.upload(project).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    assert update(phrase, project, "source", jobs["de", 1], other).status_code == 400


def test_jobs_are_not_ready_while_their_source_is_updated(phrase, project, jobs):
    update(phrase, project, "source", jobs["de", 1])
    answers = [
        update(phrase, project, "source", jobs["de", 1]),
        update(phrase, project, "target", jobs["de", 1]),
        pre_translate(phrase, project, jobs["de", 1], useProjectPreTranslateSettings=True),
        phrase.export(project, jobs["de", 2]),
        phrase.set_status(project, jobs["de", 2], "ACCEPTED"),
    ]
    assert {(answer.status_code, answer.json()["errorCode"]) for answer in answers} == {
        (400, "JOB_NOT_READY")
    }


def test_new_source_is_translated_by_and_by(phrase, project, jobs):
    phrase.set_status(project, jobs["de", 1], "COMPLETED")
    phrase.set_status(project, jobs["de", 1], "ACCEPTED")
    ended(phrase, update(phrase, project, "source", jobs["de", 1]))
    assert target(phrase, project, jobs["de", 2]) == NEW
    phrase.set_status(project, jobs["de", 1], "COMPLETED")
    assert target(phrase, project, jobs["de", 2]) not in (NEW, b"")


def test_new_source_is_pre_translated(phrase, project, jobs):
    ended(phrase, update(phrase, project, "source", jobs["de", 1], preTranslate=True))
    assert target(phrase, project, jobs["de", 2]) != NEW


def test_work_goes_on_after_a_source_update(phrase, project, jobs):
    phrase.simulator.settings(work_moves=True)
    ended(phrase, update(phrase, project, "source", jobs["de", 1]))
    phrase.simulator.advance(500)
    assert phrase.job(project, jobs["de", 2])["status"] == "COMPLETED"


@pytest.mark.parametrize("content", [b"{", None])
def test_failed_source_update_leaves_the_jobs_as_they_were(phrase, project, content):
    job = phrase.upload(project, "a.json", b'{"a": "b"}').json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    if content is None:
        phrase.simulator.job(job, "fail-update-source")
    answer = update(phrase, project, "source", job, name="a.json", content=content or b'{"a": "c"}')
    assert ended(phrase, answer)["errorCode"] == "JobImportFailed"
    read = phrase.job(project, job)
    assert (read["imported"], read["updateSourceDate"]) == (True, None)
    assert phrase.get(f"v1/projects/{project}/jobs/{job}/original").content == b'{"a": "b"}'
    again = update(phrase, project, "source", job, name="a.json", content=b'{"a": "c"}')
    assert ended(phrase, again)["errorCode"] is None


def test_source_update_is_refused_for_later_steps(phrase, project, jobs):
    assert update(phrase, project, "source", jobs["de", 2]).status_code == 400


@pytest.mark.parametrize("status", ["COMPLETED", "DELIVERED", "CANCELLED"])
@pytest.mark.parametrize("level", [1, 2])
def test_source_update_is_refused_when_a_step_is_final(phrase, project, jobs, status, level):
    phrase.set_status(project, jobs["de", level], status)
    assert update(phrase, project, "source", jobs["de", 1]).status_code == 400
    assert update(phrase, project, "source", jobs["fr", 1]).status_code == 200


def test_source_of_a_delivered_job_is_updated_on_request(phrase, project, jobs):
    """The specification's list of final statuses can be read in two ways."""
    phrase.simulator.settings(delivered_is_final=False)
    phrase.set_status(project, jobs["de", 2], "DELIVERED")
    answer = update(phrase, project, "source", jobs["de", 1])
    assert answer.status_code == 200
    assert ended(phrase, answer)["errorCode"] is None
    assert phrase.get(f"v1/projects/{project}/jobs/{jobs['de', 1]}/original").content == NEW
    phrase.set_status(project, jobs["fr", 2], "COMPLETED")
    assert update(phrase, project, "source", jobs["fr", 1]).status_code == 400


@pytest.mark.parametrize("kind", ["source", "target"])
def test_update_is_refused_for_split_jobs(phrase, project, jobs, kind):
    phrase.simulator.job(jobs["de", 1], "split")
    assert update(phrase, project, kind, jobs["de", 1]).status_code == 400


@pytest.mark.parametrize("kind", ["source", "target"])
@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"name": "docs.zip"}, 400),
        ({"content": b""}, 400),
        ({"jobs": []}, 400),
        ({"jobs": references(*["x"] * 101)}, 400),
        ({"jobs": references("x")}, 404),
    ],
)
def test_update_is_refused(phrase, project, jobs, kind, options, status):
    assert update(phrase, project, kind, jobs["de", 1], **options).status_code == status


def test_source_update_needs_a_name_of_a_type_that_phrase_reads(phrase, project, jobs):
    assert update(phrase, project, "source", jobs["de", 1], name=None).status_code == 400
    assert update(phrase, project, "source", jobs["de", 1], name="docs.exe").status_code == 400


@pytest.mark.parametrize("name", ["docs.txt", None])
def test_target_update_is_what_exports_give(phrase, project, jobs, name):
    answer = update(phrase, project, "target", jobs["de", 2], name=name, content=b"Guten Morgen\n")
    [job] = answer.json()["jobs"]
    assert (answer.status_code, job["projectWorkflowStepReference"]["workflowLevel"]) == (202, 2)
    assert answer.json()["asyncRequest"]["action"] == "UPDATE_TARGET"
    assert ended(phrase, answer)["errorCode"] is None
    assert phrase.job(project, jobs["de", 2])["updateTargetDate"] is not None
    assert target(phrase, project, jobs["de", 2]) == b"Guten Morgen\n"
    assert target(phrase, project, jobs["fr", 2]) == b"Hello\n"


def test_failed_target_update_changes_nothing(phrase, project, jobs):
    phrase.simulator.job(jobs["de", 1], "fail-update-target")
    answer = update(phrase, project, "target", jobs["de", 1], content=b"Guten Morgen\n")
    assert ended(phrase, answer)["errorDesc"] == "The file cannot be read."
    assert phrase.job(project, jobs["de", 1])["updateTargetDate"] is None


def test_target_update_keeps_to_the_file_type(phrase, project, jobs):
    assert update(phrase, project, "target", jobs["de", 1], name="docs.md").status_code == 400
    assert update(phrase, project, "target", jobs["de", 1], jobs["fr", 1]).status_code == 400
    po = phrase.upload(project, "a.po", b'msgid "a"\nmsgstr ""\n').json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    assert update(phrase, project, "target", po, name="a.po").status_code == 400


def test_pre_translation(phrase, project, jobs):
    answer = pre_translate(phrase, project, jobs["de", 1], useProjectPreTranslateSettings=True)
    assert (answer.status_code, answer.json()["reference"]) == (202, None)
    assert answer.json()["asyncRequest"]["action"] == "PRE_TRANSLATE"
    assert ended(phrase, answer)["errorCode"] is None
    assert target(phrase, project, jobs["de", 1]) != b"Hello\n"
    assert target(phrase, project, jobs["fr", 1]) == b"Hello\n"


def test_pre_translation_completes_jobs_and_project(phrase, project, jobs):
    settings = {"setJobStatusCompleted": True, "setProjectStatusCompleted": True}
    ended(phrase, pre_translate(phrase, project, jobs["de", 1], preTranslateSettings=settings))
    assert phrase.job(project, jobs["de", 1])["status"] == "COMPLETED"
    assert phrase.get(f"v1/projects/{project}").json()["status"] == "COMPLETED"


@pytest.mark.parametrize(
    "body",
    [
        {"preTranslateSettings": {}, "segmentFilters": ["LOCKED"]},
        {
            "preTranslateSettings": {
                "machineTranslationSettings": {"useMachineTranslation": False},
                "translationMemorySettings": {"useTranslationMemory": False},
            }
        },
    ],
)
def test_pre_translation_of_nothing_or_from_nothing(phrase, project, jobs, body):
    assert ended(phrase, pre_translate(phrase, project, jobs["de", 1], **body))["errorCode"] is None
    assert target(phrase, project, jobs["de", 1]) == b"Hello\n"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "PRE_TRANSLATE_SETTINGS_REQUIRED"),
        ({"useProjectPreTranslateSettings": False}, "PRE_TRANSLATE_SETTINGS_REQUIRED"),
        ({"preTranslateSettings": {}, "segmentFilters": ["OPEN"]}, "InvalidArguments"),
        ({"preTranslateSettings": {}, "jobs": references(*["x"] * 101)}, "InvalidArguments"),
        (
            {"preTranslateSettings": {"translationMemorySettings": {"translationMemoryThreshold": 2}}},
            "InvalidArguments",
        ),
        ({"preTranslateSettings": {}, "engine": "x"}, "InvalidArguments"),
    ],
)
def test_pre_translation_is_refused(phrase, project, jobs, body, code):
    answer = pre_translate(phrase, project, jobs["de", 1], **body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, code)


def test_failed_pre_translation(phrase, project, jobs):
    phrase.simulator.job(jobs["de", 1], "fail-pre-translate")
    answer = pre_translate(phrase, project, jobs["de", 1], preTranslateSettings={})
    assert ended(phrase, answer)["errorCode"] == "PreTranslateFailed"
    assert target(phrase, project, jobs["de", 1]) == b"Hello\n"


def test_jobs_are_pre_translated_at_their_import(phrase, project):
    job = phrase.upload(project, preTranslate=True).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    assert target(phrase, project, job) != b"Hello\n"


def test_subscribers_and_callbacks_are_told(phrase, project, jobs):
    events = ["JOB_UPDATED", "JOB_TARGET_UPDATED", "PRE_TRANSLATION_FINISHED"]
    uid = jobs["de", 1]
    with Receiver() as subscriber, Receiver() as callback:
        phrase.call("POST", "v2/webhooks", json={"url": subscriber.url, "events": events})
        ended(phrase, update(phrase, project, "source", uid, callbackUrl=callback.url))
        ended(phrase, update(phrase, project, "target", uid, callbackUrl=callback.url))
        settings = {"preTranslateSettings": {}, "callbackUrl": callback.url}
        ended(phrase, pre_translate(phrase, project, uid, **settings))
    source, target, pre_translated = subscriber.bodies
    assert [body["event"] for body in subscriber.bodies] == events
    assert source["jobParts"][0]["wordsCount"] == 6
    assert (target["jobPart"]["uid"], target["jobPart"]["duplicateContextKeysInJob"]) == (uid, [])
    assert [part["uid"] for part in pre_translated["jobParts"]] == [uid]
    assert [body["asyncRequest"]["action"] for body in callback.bodies] == [
        "UPDATE_SOURCE",
        "UPDATE_TARGET",
        "PRE_TRANSLATE",
    ]
    assert all(body["jobParts"][0]["uid"] == uid for body in callback.bodies)


def test_null_is_as_good_as_nothing(phrase, project, jobs):
    settings = {
        "confirmRepetitions": None,
        "translationMemorySettings": None,
        "machineTranslationSettings": {"useMachineTranslation": None, "lock100PercentMatches": None},
    }
    answer = pre_translate(
        phrase,
        project,
        jobs["de", 1],
        useProjectPreTranslateSettings=None,
        preTranslateSettings=settings,
        segmentFilters=None,
        callbackUrl=None,
    )
    assert answer.status_code == 202
    ended(phrase, answer)
    assert target(phrase, project, jobs["de", 1]) != b"Hello\n"
