"""Callbacks: what they carry, and how they are repeated."""

from __future__ import annotations

import pytest
from message_receiver import Receiver
from webhook_helpers import DELAYS, attempts, calls, export, subscribe


def test_callback_contains_the_async_request_and_its_result(phrase):
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


def test_callback_contains_the_error(phrase):
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


@pytest.mark.parametrize("url", ["nonsense", "http://[", "http://127.0.0.1:1/", "file:///etc/passwd"])
def test_callback_that_leads_nowhere_harms_nobody(phrase, url):
    with Receiver() as receiver:
        subscribe(phrase, receiver, "ASYNC_REQUEST_FINISHED")
        export(phrase, receiver, callbackUrl=url)
        assert [body["event"] for body in receiver.bodies] == ["ASYNC_REQUEST_FINISHED"] * 2
    assert [sent["answered"] for sent in phrase.simulator.deliveries(asyncRequest="950792")] == [True]


def test_secrets_in_callback_urls_are_masked(phrase):
    with Receiver() as receiver:
        export(phrase, receiver, callbackUrl=f"{receiver.url}?token=s3cret&run=1")
    assert receiver.got[0].path == "/hook?token=s3cret&run=1"
    assert phrase.simulator.deliveries()[0]["url"] == f"{receiver.url}?token=***&run=1"
