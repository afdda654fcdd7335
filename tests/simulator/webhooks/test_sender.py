"""The sending of messages: receivers that hang, other machines, order, restarts."""

from __future__ import annotations

import time

import pytest
from message_receiver import Receiver
from webhook_helpers import calls, subscribe, wait_for

from phrase_provider.simulator.process import SimulatorProcess


@pytest.mark.parametrize("secret", ["a\nb", "\u20ac"])
def test_secret_that_fits_no_header_is_a_failure(phrase, secret):
    with Receiver() as receiver:
        subscribe(phrase, receiver, secretToken=secret)
        phrase.project()
        phrase.simulator.advance(0)
        assert receiver.got == []
    assert [(call["statusCode"], bool(call["errorMessage"])) for call in calls(phrase)] == [(None, True)]


def test_receiver_that_hangs_holds_up_nobody_else(connect):
    patient = SimulatorProcess(speed=0, settings={"delivery_timeout": 60})
    with patient as simulator, Receiver(None) as hanging, Receiver() as receiver:
        phrase = connect(simulator)
        subscribe(phrase, hanging)
        subscribe(phrase, receiver)
        phrase.project()
        phrase.project()
        began = time.monotonic()
        wait_for(lambda: len(receiver.got) == 2)
        assert phrase.templates()
        assert time.monotonic() - began < 50
        assert len(hanging.got) == 1
        began = time.monotonic()
        simulator.stop()
        assert time.monotonic() - began < 25


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
    phrase.simulator.settings(delivery_timeout=60)
    with Receiver(None) as receiver:
        subscribe(phrase, receiver)
        phrase.project()
        began = time.monotonic()
        phrase.simulator.advance(0)
        assert 3 < time.monotonic() - began < 50
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
    people_work = {"unassigned_work_moves": True}
    with SimulatorProcess(speed=20_000, settings=people_work) as simulator, Receiver() as receiver:
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


ELSEWHERE = [
    "http://phrase.invalid/hook",
    "http://192.0.2.1/hook",
    "http://0.0.0.0:{port}/hook",
    "http://127.0.0.1.phrase.invalid:{port}/",
    "http://127.0.0.1:{port}@192.0.2.1/",
    "http://192.0.2.1\\@127.0.0.1:{port}/",
    "http://hook.localhost:{port}/",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_nothing_is_sent_to_other_machines(phrase, url):
    with Receiver() as receiver:
        url = url.format(port=receiver.url.rpartition(":")[2].partition("/")[0])
        hook = phrase.call("POST", "v2/webhooks", json={"url": url, "events": ["PROJECT_CREATED"]})
        assert hook.status_code == 201
        phrase.project()
        phrase.simulator.advance(0)
        (told,) = phrase.simulator.deliveries()
    assert receiver.got == []
    assert (told["answered"], told["succeeded"], told["statusCode"]) == (True, False, None)
    assert "--deliver-to anywhere" in told["errorMessage"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3"])
def test_messages_to_this_machine_are_sent(phrase, host):
    with Receiver() as receiver:
        url = receiver.url.replace("127.0.0.1", host)
        phrase.call("POST", "v2/webhooks", json={"url": url, "events": ["PROJECT_CREATED"]})
        phrase.project()
        phrase.simulator.advance(0)
        (told,) = phrase.simulator.deliveries()
    assert "Not sent" not in (told["errorMessage"] or "")


def test_messages_to_other_machines_are_sent_on_request(connect):
    """No machine has this name, which is looked up only when something is sent."""
    with SimulatorProcess(speed=0, deliver_to="anywhere") as simulator:
        phrase = connect(simulator)
        hook = {"url": "http://phrase.invalid/hook", "events": ["PROJECT_CREATED"]}
        phrase.call("POST", "v2/webhooks", json=hook)
        simulator.settings(delivery_timeout=0.5)
        phrase.project()
        simulator.advance(0)
        (told,) = simulator.deliveries()
    assert told["errorMessage"] is None or "Not sent" not in told["errorMessage"]
