"""How webhook calls are retried, kept and replayed."""

from __future__ import annotations

import json

import pytest
from message_receiver import Receiver
from webhook_helpers import DELAYS, attempts, calls, export, replay, subscribe


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


def test_deliveries_are_filtered_by_webhook_event_and_async_request(phrase):
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


def test_reset_deletes_webhooks_and_deliveries(phrase):
    with Receiver(500) as receiver:
        subscribe(phrase, receiver)
        phrase.project()
        phrase.simulator.advance(0)
        assert len(phrase.simulator.deliveries()) == 1
        phrase.simulator.reset()
        assert phrase.simulator.deliveries() == []
        assert phrase.get("v2/webhooks").json()["content"] == []
        phrase.project()
        phrase.simulator.advance(24 * 3600)
        assert len(receiver.got) == 1
