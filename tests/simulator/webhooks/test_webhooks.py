from __future__ import annotations

import json

import pytest
from message_receiver import Receiver

from phrase_provider.simulator.process import SimulatorProcess

URL = "http://127.0.0.1:9/hook"


def subscribe(phrase, url, *events, **fields):
    answer = phrase.call("POST", "v2/webhooks", json={"url": url, "events": list(events), **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()


def job(phrase, steps=1, **options):
    project = phrase.project(steps, targetLangs=["de"])
    parts = phrase.upload(project["uid"], **options).json()["jobs"]
    return project, parts


@pytest.fixture
def receiver():
    with Receiver() as receiver:
        yield receiver


def test_webhook_is_created_with_defaults_and_read(phrase):
    hook = subscribe(phrase, URL, "JOB_CREATED", "JOB_CREATED", "JOB_DELETED")
    assert hook["events"] == ["JOB_CREATED", "JOB_DELETED"]
    assert (hook["status"], hook["secretTokenType"]) == ("ENABLED", "X_MEMSOURCE_TOKEN")
    assert (hook["hidden"], hook["failedAttempts"], hook["name"], hook["secretToken"]) == (
        False,
        0,
        None,
        None,
    )
    assert hook["createdBy"]["userName"] == hook["lastModifiedBy"]["userName"] == "simulator"
    assert phrase.get(f"v2/webhooks/{hook['uid']}").json() == hook


def test_put_replaces_everything(phrase):
    hook = subscribe(phrase, URL, "JOB_CREATED", name="a", secretToken="s", hidden=True)
    phrase.simulator.advance(60)
    body = {"url": f"{URL}2", "events": ["PROJECT_CREATED"], "status": "DISABLED"}
    changed = phrase.call("PUT", f"v2/webhooks/{hook['uid']}", json=body)
    assert changed.status_code == 200
    expected = {**hook, **body, "name": None, "secretToken": None, "hidden": False}
    assert {**changed.json(), "lastModified": hook["lastModified"]} == expected
    assert changed.json()["lastModified"] > hook["lastModified"]


def test_deleted_webhook_is_gone(phrase):
    uid = subscribe(phrase, URL, "JOB_CREATED")["uid"]
    assert phrase.call("DELETE", f"v2/webhooks/{uid}").status_code == 204
    for method in ("GET", "DELETE"):
        assert phrase.call(method, f"v2/webhooks/{uid}").status_code == 404
    assert phrase.get("v2/webhooks").json()["totalElements"] == 0


@pytest.mark.parametrize(
    "body",
    [
        {"events": ["JOB_CREATED"]},
        {"url": URL},
        {"url": "ftp://example.com", "events": []},
        {"url": URL, "events": ["JOB_EATEN"]},
        {"url": URL, "events": [], "secretTokenType": "HMAC"},
        {"url": URL, "events": [], "secretToken": "x" * 256},
        {"url": URL, "events": [], "colour": "red"},
    ],
)
def test_what_breaks_the_specification_is_refused(phrase, body):
    answer = phrase.call("POST", "v2/webhooks", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")


@pytest.mark.parametrize(
    "query, found",
    [
        ({"name": "ALPH"}, ["alpha"]),
        ({"url": "beta"}, ["beta"]),
        ({"status": "DISABLED"}, ["beta"]),
        ({"events": ["JOB_DELETED", "PROJECT_CREATED"]}, ["beta", "gamma"]),
        ({"createdBy": ["nobody"]}, []),
        ({"sortField": "NAME", "sortTrend": "DESC"}, ["gamma", "beta", "alpha"]),
        ({"pageSize": 1, "pageNumber": 1}, ["beta"]),
    ],
)
def test_list_is_filtered_sorted_and_paged(phrase, query, found):
    subscribe(phrase, f"{URL}/alpha", "JOB_CREATED", name="alpha")
    subscribe(phrase, f"{URL}/beta", "JOB_DELETED", name="beta", status="DISABLED")
    subscribe(phrase, f"{URL}/gamma", "PROJECT_CREATED", name="gamma")
    assert [hook["name"] for hook in phrase.get("v2/webhooks", **query).json()["content"]] == found


@pytest.mark.parametrize("query", [{"sortField": "colour"}, {"sortTrend": "UP"}, {"pageSize": 51}])
def test_wrong_list_queries_are_refused(phrase, query):
    assert phrase.get("v2/webhooks", **query).status_code == 400


def test_job_events_of_a_whole_life(phrase, receiver):
    hook = subscribe(phrase, receiver.url, "JOB_CREATED", "JOB_STATUS_CHANGED", "JOB_EXPORTED", "JOB_DELETED")
    project, (part,) = job(phrase, content=b"Hello world\n")
    phrase.simulator.advance(20)
    for status in ("ACCEPTED", "COMPLETED", "DELIVERED", "REJECTED", "DECLINED", "EMAILED", "CANCELLED"):
        phrase.set_status(project["uid"], part["uid"], status)
    phrase.export(project["uid"], part["uid"])
    phrase.simulator.advance(15)
    phrase.call("DELETE", f"v1/projects/{project['uid']}/jobs/batch", json={"jobs": [{"uid": part["uid"]}]})
    phrase.simulator.advance(0)

    assert [body["event"] for body in receiver.bodies] == [
        "JOB_CREATED",
        *["JOB_STATUS_CHANGED"] * 7,
        "JOB_EXPORTED",
        "JOB_DELETED",
    ]
    assert [body["jobParts"][0]["status"] for body in receiver.events("JOB_STATUS_CHANGED")] == [
        "ASSIGNED",
        "COMPLETED_BY_LINGUIST",
        "COMPLETED",
        "REJECTED_BY_LINGUIST",
        "DECLINED_BY_LINGUIST",
        "EMAILED",
        "CANCELLED",
    ]
    created, exported = receiver.bodies[0], receiver.events("JOB_EXPORTED")[0]
    assert set(created) == {"jobParts", "metadata", "event", "timestamp", "eventUid"}
    assert created["metadata"]["project"]["id"] == int(project["id"])
    shown = created["jobParts"][0]
    assert (shown["uid"], shown["internalId"], shown["status"]) == (part["uid"], "1", "NEW")
    assert isinstance(shown["id"], int)
    assert shown["project"] == {"id": int(project["id"]), "uid": project["uid"], "lastWorkflowLevel": 1}
    assert shown["dateCreated"].endswith("Z")
    assert (shown["wordsCount"], exported["jobParts"][0]["wordsCount"]) == (-1, 2)
    assert len({body["eventUid"] for body in receiver.bodies}) == 10
    assert all(isinstance(body["timestamp"], int) and body["timestamp"] < 10**10 for body in receiver.bodies)
    assert phrase.get(f"v2/webhooks/{hook['uid']}").json()["failedAttempts"] == 0


def test_failed_export_names_job_and_error(phrase, receiver):
    subscribe(phrase, receiver.url, "JOB_UNEXPORTED")
    project, (part,) = job(phrase)
    phrase.simulator.job(part["uid"], "complete")
    phrase.simulator.job(part["uid"], "fail-export")
    phrase.export(project["uid"], part["uid"])
    phrase.simulator.advance(15)
    (body,) = receiver.bodies
    assert set(body) == {"jobUid", "error", "event", "timestamp", "eventUid"}
    assert (body["jobUid"], body["error"]) == (
        part["uid"],
        "The target file cannot be generated: tags are missing.",
    )


def test_project_events(phrase, receiver):
    subscribe(
        phrase,
        receiver.url,
        *(f"PROJECT_{what}" for what in ("CREATED", "STATUS_CHANGED", "DUE_DATE_CHANGED", "DELETED")),
        "PROJECT_METADATA_UPDATED",
    )
    project = phrase.project(name="Spring")
    path = f"v1/projects/{project['uid']}"
    phrase.call("POST", f"{path}/setStatus", json={"status": "COMPLETED"})
    phrase.call("PATCH", path, json={"dateDue": "2030-01-31T23:59:59Z"})
    phrase.call("PATCH", path, json={"note": "Mind the gap."})
    phrase.call("DELETE", path)
    phrase.simulator.advance(0)
    assert [body["event"].removeprefix("PROJECT_") for body in receiver.bodies] == [
        "CREATED",
        "STATUS_CHANGED",
        "DUE_DATE_CHANGED",
        "METADATA_UPDATED",
        "DELETED",
    ]
    told = receiver.bodies[2]["project"]
    assert (told["id"], told["uid"], told["status"]) == (project["id"], project["uid"], "COMPLETED")
    assert (told["dateDue"], told["type"], told["userRole"]) == ("2030-01-31T23:59:59Z", "PROJECT", None)


def test_new_parts_are_told_of_apart_or_together(phrase, receiver):
    subscribe(phrase, receiver.url, "JOB_CREATED")
    job(phrase, steps=2)
    phrase.simulator.settings(job_created_together=True)
    job(phrase, steps=2)
    phrase.simulator.advance(0)
    levels = [[part["workflowLevel"] for part in body["jobParts"]] for body in receiver.bodies]
    assert levels == [[1], [2], [1, 2]]


def test_pieces_of_a_split_job_are_new_parts(phrase, receiver):
    _, (part,) = job(phrase, content=b"one\ntwo\nthree\nfour\n")
    phrase.simulator.advance(20)
    subscribe(phrase, receiver.url, "JOB_CREATED")
    phrase.simulator.job(part["uid"], "split")
    phrase.simulator.advance(0)
    (body,) = receiver.bodies
    piece = body["jobParts"][0]
    assert (piece["isParentJobSplit"], piece["uid"] != part["uid"]) == (True, True)
    assert piece["beginIndex"] > 0


def test_end_of_async_requests_is_told(phrase, receiver):
    subscribe(phrase, receiver.url, "ASYNC_REQUEST_FINISHED")
    job(phrase)
    phrase.simulator.advance(20)
    (body,) = receiver.bodies
    assert body["asyncRequest"] == phrase.get(f"v1/async/{body['asyncRequest']['id']}").json()


def test_only_enabled_webhooks_hear_and_only_of_their_events(phrase, receiver):
    subscribe(phrase, receiver.url, "PROJECT_CREATED", status="DISABLED")
    subscribe(phrase, receiver.url, "JOB_CREATED")
    phrase.project()
    phrase.simulator.advance(0)
    assert receiver.bodies == []


@pytest.mark.parametrize(
    "fields, headers",
    [
        ({}, {}),
        ({"secretToken": ""}, {}),
        ({"secretToken": "s3cret"}, {"x-memsource-token": "s3cret"}),
        ({"secretToken": "s3cret", "secretTokenType": "AUTHORIZATION"}, {"authorization": "s3cret"}),
    ],
)
def test_secret_travels_in_its_header(phrase, receiver, fields, headers):
    subscribe(phrase, receiver.url, "PROJECT_CREATED", **fields)
    phrase.project()
    phrase.simulator.advance(0)
    sent = receiver.got[0].headers
    secrets = {name: sent[name] for name in sent if name in ("authorization", "x-memsource-token")}
    assert secrets == headers
    assert sent["content-type"] == "application/json"
    told = json.dumps([phrase.simulator.deliveries(), phrase.simulator.requests()])
    assert "s3cret" not in told


def test_secret_can_travel_in_the_older_header(phrase, receiver):
    phrase.simulator.settings(webhook_token_headers=["x-phrase-token"])
    subscribe(phrase, receiver.url, "PROJECT_CREATED", secretToken="s3cret")
    phrase.project()
    phrase.simulator.advance(0)
    sent = receiver.got[0].headers
    assert (sent["x-phrase-token"], "x-memsource-token" in sent) == ("s3cret", False)


def test_every_event_has_a_preview(phrase):
    shown = phrase.get("v2/webhooks/previews").json()["previews"]
    assert len(shown) == 37
    for preview in shown:
        body = json.loads(preview["preview"])
        assert body["event"] == preview["event"]
        assert {"timestamp", "eventUid"} < set(body)
    roots = {preview["event"]: next(iter(json.loads(preview["preview"]))) for preview in shown}
    assert roots["JOB_ASSIGNED"] == roots["PRE_TRANSLATION_FINISHED"] == "jobParts"
    assert roots["JOB_TARGET_UPDATED"] == "jobPart"
    assert roots["JOB_UNEXPORTED"] == "jobUid"
    assert roots["PROJECT_TEMPLATE_UPDATED"] == "projectTemplate"
    assert roots["SHARED_PROJECT_ASSIGNED"] == "project"
    assert roots["ANALYSIS_CREATED"] == "analyse"
    chosen = phrase.get("v2/webhooks/previews", events=["JOB_CREATED", "PROJECT_CREATED"]).json()["previews"]
    assert [preview["event"] for preview in chosen] == ["JOB_CREATED", "PROJECT_CREATED"]


def test_webhook_can_be_tried_out(phrase, receiver):
    hook = subscribe(phrase, receiver.url, "ANALYSIS_CREATED", status="DISABLED")
    path = f"v2/webhooks/{hook['uid']}/test"
    assert phrase.call("POST", path, params={"event": "JOB_CREATED"}).status_code == 400
    assert phrase.call("POST", path).status_code == 400
    answer = phrase.call("POST", path, params={"event": "ANALYSIS_CREATED"})
    assert (answer.status_code, answer.content) == (201, b"")
    phrase.simulator.advance(0)
    assert [body["event"] for body in receiver.bodies] == ["ANALYSIS_CREATED"]


def test_things_are_told_in_their_time_without_a_request(connect, receiver):
    import time

    with SimulatorProcess(speed=300, settings={"unassigned_work_moves": True}) as simulator:
        phrase = connect(simulator)
        subscribe(phrase, receiver.url, "JOB_STATUS_CHANGED")
        job(phrase)
        deadline = time.monotonic() + 5
        while len(receiver.got) < 2 and time.monotonic() < deadline:
            time.sleep(0.05)
    assert [body["jobParts"][0]["status"] for body in receiver.bodies] == [
        "ASSIGNED",
        "COMPLETED_BY_LINGUIST",
    ]


def test_changes_of_jobs_are_told_with_those_who_got_them(phrase, receiver):
    subscribe(phrase, receiver.url, "JOB_ASSIGNED", "JOB_DUE_DATE_CHANGED")
    project, (part,) = job(phrase)
    phrase.simulator.advance(20)
    template = phrase.templates()[0]["uid"]
    path = f"v1/projects/{project['uid']}"
    phrase.call("POST", f"{path}/applyTemplate/{template}/assignProviders")
    phrase.call("PATCH", f"{path}/jobs/{part['uid']}", json={"dateDue": "2030-01-31T23:59:59Z"})
    vendor = {"type": "VENDOR", "id": "41"}
    phrase.call("PATCH", f"{path}/jobs/{part['uid']}", json={"providers": [vendor]})
    phrase.simulator.advance(0)
    first, due, second = receiver.bodies
    assert (first["event"], due["event"], second["event"]) == (
        "JOB_ASSIGNED",
        "JOB_DUE_DATE_CHANGED",
        "JOB_ASSIGNED",
    )
    linguist = first["jobParts"][0]["assignedTo"][0]["linguist"]
    assert (linguist["id"], linguist["userName"], linguist["role"]) == (21, "translator", "LINGUIST")
    assert due["jobParts"][0]["dateDue"] == "2030-01-31T23:59:59Z"
    assert second["jobParts"][0]["assignedTo"][0]["vendor"]["id"] == 41
