"""How webhooks and callbacks are repeated, given up, remembered and sent again."""

from __future__ import annotations

import json
import time

import pytest
from message_receiver import Receiver

from phrase_provider.simulator.process import SimulatorProcess

DELAYS = [2, 4, 8, 16, 30, 30, 30, 30, 30, 30]
"""Minutes between an attempt and the next one."""


def subscribe(phrase, receiver, *events, **fields):
    body = {"url": receiver.url, "events": events or ["PROJECT_CREATED"], **fields}
    return phrase.call("POST", "v2/webhooks", json=body).json()


def calls(phrase, **query):
    return phrase.get("v1/webhooksCalls", **query).json()["content"]


def replay(phrase, path="", **options):
    answer = phrase.call("POST", f"v1/webhooksCalls/replay{path}", **options)
    phrase.simulator.advance(0)
    return answer.status_code


def attempts(phrase, receiver, minutes):
    """Tell how many attempts arrive in each of some spans of simulated time, but for its last second."""
    arrived = []
    for span in minutes:
        phrase.simulator.advance(span * 60 - 1)
        arrived.append(len(receiver.got))
        phrase.simulator.advance(1)
    return arrived


def export(phrase, receiver, **body):
    """Let an export with a callback end; gives job and async request."""
    project = phrase.project(targetLangs=["de"])
    (part,) = phrase.upload(project["uid"]).json()["jobs"]
    phrase.simulator.job(part["uid"], "complete")
    path = f"v3/projects/{project['uid']}/jobs/{part['uid']}/targetFile"
    request = phrase.call("PUT", path, json={"callbackUrl": receiver.url, **body}).json()["asyncRequest"]
    phrase.simulator.advance(15)
    return part, request


def test_webhook_call_is_repeated_ten_times(phrase):
    with Receiver(500) as receiver:
        hook = subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(0)
        assert attempts(phrase, receiver, DELAYS) == list(range(1, 11))
        phrase.simulator.advance(24 * 3600)
        assert len(receiver.got) == 11
    assert len({body["eventUid"] for body in receiver.bodies}) == 1
    assert phrase.get(f"v2/webhooks/{hook['uid']}").json()["failedAttempts"] == 11
    history = calls(phrase)[::-1]
    assert [call["retryAttempt"] for call in history] == list(range(11))
    assert {call["parentUid"] for call in history[1:]} == {history[0]["uid"]}
    assert (history[0]["parentUid"], history[0]["statusCode"]) == (None, 500)
    assert history[0]["errorMessage"] == "Internal Server Error"


@pytest.mark.parametrize("status", [200, 204])
def test_any_2xx_is_success_for_a_webhook(phrase, status):
    with Receiver(503, status) as receiver:
        hook = subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(3600)
        assert len(receiver.got) == 2
    assert phrase.get(f"v2/webhooks/{hook['uid']}").json()["failedAttempts"] == 0
    assert [call["statusCode"] for call in calls(phrase)] == [status, 503]


def test_redirects_are_not_followed(phrase):
    with Receiver(302, 200) as receiver:
        subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(0)
        assert [received.path for received in receiver.got] == ["/hook"]
    assert [call["statusCode"] for call in calls(phrase)] == [302]


def test_receiver_that_is_down_is_tried_again(phrase):
    with Receiver() as receiver:
        subscribe(phrase, receiver)
        port = receiver._server.server_port
    phrase.project()
    phrase.simulator.advance(0)
    (call,) = calls(phrase)
    assert (call["statusCode"], call["errorMessage"]) == (None, "ConnectionError")
    with Receiver(port=port) as receiver:
        phrase.simulator.advance(120)
        assert [body["eventUid"] for body in receiver.bodies] == [call["eventUid"]]


def test_failures_in_a_row_switch_a_webhook_off(phrase):
    phrase.simulator.settings(webhook_failure_limit=3)
    with Receiver(500) as receiver:
        hook = subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(24 * 3600)
        phrase.project()
        phrase.simulator.advance(24 * 3600)
        assert len(receiver.got) == 3
        off = phrase.get(f"v2/webhooks/{hook['uid']}").json()
        assert (off["status"], off["failedAttempts"]) == ("DISABLED", 3)

        receiver.answers = [200]
        body = {"url": receiver.url, "events": hook["events"], "status": "ENABLED"}
        on = phrase.call("PUT", f"v2/webhooks/{hook['uid']}", json=body).json()
        phrase.project()
        phrase.simulator.advance(0)
        assert (on["status"], on["failedAttempts"], len(receiver.got)) == ("ENABLED", 0, 4)


def test_deleted_webhook_gets_no_repetition(phrase):
    with Receiver(500) as receiver:
        hook = subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(0)
        phrase.call("DELETE", f"v2/webhooks/{hook['uid']}")
        phrase.simulator.advance(3600)
        assert len(receiver.got) == 1


def test_history_is_filtered_and_ends_after_14_days(phrase):
    with Receiver(200, 500, 200) as receiver:
        hook = subscribe(phrase, receiver, "PROJECT_CREATED", "PROJECT_DELETED")
        uid = phrase.project()["uid"]
        phrase.simulator.advance(3600)
        phrase.call("DELETE", f"v1/projects/{uid}")
        phrase.simulator.advance(120)
        deleted, failed, created = calls(phrase)
        assert created["triggerEvent"] == "PROJECT_CREATED"
        assert created["webhookSettings"] == {"uid": hook["uid"]}
        assert json.loads(created["body"]) == receiver.bodies[0]
        for query, found in (
            ({"events": ["PROJECT_CREATED"]}, [created]),
            ({"status": "FAILED"}, [failed]),
            ({"status": "200"}, [deleted, created]),
            ({"parentUid": failed["uid"]}, [deleted]),
            ({"webhookEventUid": created["eventUid"]}, [created]),
            ({"webhookUid": hook["uid"], "pageSize": 1}, [deleted]),
            ({"webhookUid": "none"}, []),
        ):
            assert calls(phrase, **query) == found
        assert phrase.get("v1/webhooksCalls", status="LOST").status_code == 400
        phrase.simulator.advance(14 * 24 * 3600 - 180)
        assert calls(phrase) == [deleted, failed]
        phrase.simulator.advance(200)
        assert calls(phrase) == []


def test_calls_are_replayed_in_the_order_asked_for(phrase):
    with Receiver() as receiver:
        subscribe(phrase, receiver)
        for _ in range(3):
            phrase.project()
        phrase.simulator.advance(0)
        third, second, first = calls(phrase)
        asked = {"webhookCalls": [{"uid": third["uid"]}, {"uid": first["uid"]}]}
        assert replay(phrase, json=asked) == 202
        again = [body["eventUid"] for body in receiver.bodies[3:]]
        assert again == [third["eventUid"], first["eventUid"]]
        forced = calls(phrase)[0]
        assert (forced["forced"], forced["parentUid"]) == (True, first["uid"])
        assert calls(phrase, parentUid=second["uid"]) == []
        assert [call["lastForcedAt"] is None for call in calls(phrase)[-3:]] == [False, True, False]
        assert replay(phrase, json={"webhookCalls": [{"uid": "none"}]}) == 404
        assert replay(phrase, json={"calls": []}) == 400


def test_latest_calls_are_replayed_oldest_first(phrase):
    with Receiver() as receiver:
        subscribe(phrase, receiver, "PROJECT_CREATED", "PROJECT_DELETED")
        for _ in range(6):
            uid = phrase.project()["uid"]
        phrase.call("DELETE", f"v1/projects/{uid}")
        phrase.simulator.advance(0)
        sent = [body["eventUid"] for body in receiver.bodies]
        assert replay(phrase, "/latest", params={"events": "PROJECT_CREATED", "numberOfCalls": 2}) == 202
        assert [body["eventUid"] for body in receiver.bodies[7:]] == sent[4:6]
        assert replay(phrase, "/latest") == 202
        assert len(receiver.got) == 14
        assert replay(phrase, "/latest", params={"numberOfCalls": 0}) == 400


def test_replay_that_fails_is_not_repeated(phrase):
    with Receiver(200, 500) as receiver:
        subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(0)
        replay(phrase, "/latest")
        phrase.simulator.advance(3600)
        assert len(receiver.got) == 2


def test_callback_tells_the_async_request_and_its_result(phrase):
    with Receiver() as receiver:
        part, request = export(phrase, receiver)
    (body,) = receiver.bodies
    assert body["asyncRequest"] == phrase.get(f"v1/async/{request['id']}").json()
    assert body["asyncRequest"]["asyncResponse"]["errorCode"] is None
    assert [(told["uid"], told["status"]) for told in body["jobParts"]] == [
        (part["uid"], "COMPLETED_BY_LINGUIST")
    ]
    assert set(body) == {"asyncRequest", "jobParts"}
    assert [(sent["asyncRequest"], sent["succeeded"]) for sent in phrase.simulator.deliveries()] == [
        (request["id"], True)
    ]
    assert calls(phrase) == []


def test_callback_of_an_import_comes_with_all_parts(phrase):
    with Receiver() as receiver:
        uid = phrase.project(steps=2, targetLangs=["de", "fr"])["uid"]
        created = phrase.upload(uid, targetLangs=["de", "fr"], callbackUrl=receiver.url).json()
        phrase.simulator.advance(20)
    assert [part["uid"] for part in receiver.bodies[0]["jobParts"]] == [job["uid"] for job in created["jobs"]]


def test_callback_of_a_new_project_comes_with_the_project(phrase):
    template = phrase.templates()[0]["uid"]
    with Receiver() as receiver:
        body = {"name": "Spring", "callbackUrl": receiver.url}
        phrase.call("POST", f"v2/projects/applyTemplate/async/{template}", json=body)
        phrase.simulator.advance(60)
    (body,) = receiver.bodies
    assert set(body) == {"asyncRequest", "project"}
    assert body["project"]["name"] == "Spring"
    assert body["project"]["uid"] == body["asyncRequest"]["project"]["uid"]


def test_callback_tells_a_failure(phrase):
    phrase.simulator.settings(export_error="Tags.")
    with Receiver() as receiver:
        export(phrase, receiver)
    assert receiver.bodies[0]["asyncRequest"]["asyncResponse"]["errorDesc"] == "Tags."


@pytest.mark.parametrize("status", [204, 302, 404, 500])
def test_callback_is_repeated_until_200(phrase, status):
    with Receiver(status, status, 200) as receiver:
        export(phrase, receiver)
        phrase.simulator.advance(24 * 3600)
        assert len(receiver.got) == 3
    assert receiver.bodies[0] == receiver.bodies[2]


def test_callback_is_given_up_after_ten_repetitions(phrase):
    phrase.simulator.settings(export_seconds=[15, 15])
    with Receiver(201) as receiver:
        export(phrase, receiver)
        assert attempts(phrase, receiver, DELAYS) == list(range(1, 11))
        phrase.simulator.advance(24 * 3600)
        assert len(receiver.got) == 11


def test_deliveries_are_told_by_webhook_event_and_async_request(phrase):
    with Receiver() as receiver:
        hook = subscribe(phrase, receiver, "PROJECT_CREATED", "JOB_CREATED", secretToken="s3cret")
        _, request = export(phrase, receiver)
    told = phrase.simulator.deliveries()
    assert [(sent["event"], sent["asyncRequest"]) for sent in told] == [
        ("PROJECT_CREATED", None),
        ("JOB_CREATED", None),
        (None, request["id"]),
    ]
    assert phrase.simulator.deliveries(webhook=hook["uid"]) == told[:2]
    assert phrase.simulator.deliveries(event="JOB_CREATED") == [told[1]]
    assert phrase.simulator.deliveries(asyncRequest=request["id"]) == [told[2]]
    assert [sent["body"] for sent in told] == receiver.bodies


@pytest.mark.parametrize("url", ["nonsense", "http://[", "http://127.0.0.1:1/", "file:///etc/passwd"])
def test_callback_that_leads_nowhere_harms_nobody(phrase, url):
    with Receiver() as receiver:
        subscribe(phrase, receiver, "ASYNC_REQUEST_FINISHED")
        export(phrase, receiver, callbackUrl=url)
        assert [body["event"] for body in receiver.bodies] == ["ASYNC_REQUEST_FINISHED"] * 2
    assert [sent["answered"] for sent in phrase.simulator.deliveries(asyncRequest="950792")] == [True]


@pytest.mark.parametrize("secret", ["a\nb", "\u20ac"])
def test_secret_that_fits_no_header_is_a_failure(phrase, secret):
    with Receiver() as receiver:
        subscribe(phrase, receiver, secretToken=secret)
        phrase.project()
        phrase.simulator.advance(0)
        assert receiver.got == []
    assert [(call["statusCode"], bool(call["errorMessage"])) for call in calls(phrase)] == [(None, True)]


def test_secrets_in_callback_urls_are_masked(phrase):
    with Receiver() as receiver:
        export(phrase, receiver, callbackUrl=f"{receiver.url}?token=s3cret&run=1")
    assert receiver.got[0].path == "/hook?token=s3cret&run=1"
    assert phrase.simulator.deliveries()[0]["url"] == f"{receiver.url}?token=***&run=1"


def test_receiver_that_hangs_holds_up_nobody_else(connect):
    with SimulatorProcess(speed=0) as simulator, Receiver(None) as hanging, Receiver() as receiver:
        phrase = connect(simulator)
        subscribe(phrase, hanging)
        subscribe(phrase, receiver)
        phrase.project()
        phrase.project()
        began = time.monotonic()
        wait_for(lambda: len(receiver.got) == 2)
        assert phrase.templates()
        assert time.monotonic() - began < 5
        assert len(hanging.got) == 1
        began = time.monotonic()
        simulator.stop()
        assert time.monotonic() - began < 3


def test_receiver_that_hangs_is_given_up_after_the_timeout(phrase):
    phrase.simulator.settings(delivery_timeout=0.2)
    with Receiver(None, 200) as receiver:
        subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(0)
        assert [call["errorMessage"] for call in calls(phrase)] == ["ReadTimeout"]
        phrase.simulator.advance(120)
        assert len(receiver.got) == 2


def test_moving_the_clock_waits_a_few_seconds_at_most(phrase):
    with Receiver(None) as receiver:
        subscribe(phrase, receiver)
        phrase.project()
        began = time.monotonic()
        phrase.simulator.advance(0)
        assert 3 < time.monotonic() - began < 8
        assert [sent["answered"] for sent in phrase.simulator.deliveries()] == [False]
        phrase.simulator.reset()
        receiver.answers = [200]
        subscribe(phrase, receiver)
        phrase.project()
        began = time.monotonic()
        phrase.simulator.advance(0)
        assert time.monotonic() - began < 2
        assert [sent["succeeded"] for sent in phrase.simulator.deliveries()] == [True]


def test_proxies_of_the_environment_are_not_asked_for_this_machine(connect, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with SimulatorProcess(speed=0) as simulator, Receiver() as receiver:
        monkeypatch.delenv("http_proxy")
        phrase = connect(simulator)
        subscribe(phrase, receiver)
        phrase.project()
        simulator.advance(0)
        assert len(receiver.got) == 1


def test_order_is_kept_at_high_speed(connect):
    with SimulatorProcess(speed=20_000) as simulator, Receiver() as receiver:
        phrase = connect(simulator)
        subscribe(phrase, receiver, "JOB_CREATED", "JOB_STATUS_CHANGED")
        uid = phrase.project(targetLangs=["de"])["uid"]
        for number in range(20):
            phrase.upload(uid, f"{number}.txt")
        wait_for(lambda: len(receiver.got) == 60)
    lives = {}
    for body in receiver.bodies:
        part = body["jobParts"][0]
        lives.setdefault(part["uid"], []).append(part["status"])
    assert list(lives.values()) == [["NEW", "ASSIGNED", "COMPLETED_BY_LINGUIST"]] * 20
    stamps = [body["timestamp"] for body in receiver.bodies]
    assert stamps == sorted(stamps)


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_under_way_is_sent_again_after_a_restart(connect, tmp_path, end):
    with (
        SimulatorProcess(speed=0, state=tmp_path / "state") as simulator,
        Receiver(None, 200) as receiver,
    ):
        phrase = connect(simulator)
        subscribe(phrase, receiver)
        phrase.project()
        wait_for(lambda: len(receiver.got) == 1)
        getattr(simulator, end)()
        simulator.start()
        wait_for(lambda: len(receiver.got) == 2)
        simulator.advance(0)
        assert [sent["succeeded"] for sent in simulator.deliveries()] == [True]
    assert receiver.bodies[0] == receiver.bodies[1]


def wait_for(condition, seconds=8):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.02)
