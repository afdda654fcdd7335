from __future__ import annotations

import time

import pytest

from phrase_provider.simulator.process import SimulatorError

WHO = "v1/auth/whoAmI"


def test_status_with_headers_and_body_answers_in_phrases_place(phrase):
    uid = phrase.project()["uid"]
    phrase.simulator.fault(
        method="POST", path="/jobs$", status=429, headers={"Retry-After": "7"}, body={"errorCode": "X"}
    )
    answer = phrase.upload(uid)
    assert (answer.status_code, answer.headers["Retry-After"], answer.json()) == (
        429,
        "7",
        {"errorCode": "X"},
    )
    assert "Ratelimit-Limit" not in answer.headers
    assert phrase.jobs(uid) == []
    assert phrase.upload(uid).status_code == 201


def test_status_alone_has_an_error_body(phrase):
    phrase.simulator.fault(status=503)
    answer = phrase.get(WHO)
    assert (answer.status_code, answer.json()["errorCode"]) == (503, "SimulatedFault")


@pytest.mark.parametrize("status", [200, 204, 304, 599])
def test_any_status(phrase, status):
    phrase.simulator.fault(status=status, headers={"X-Name": "Grüße"})
    answer = phrase.get(WHO)
    assert (answer.status_code, answer.headers["X-Name"]) == (status, "Grüße")
    assert phrase.get(WHO).status_code == 200


def test_html_instead_of_json(phrase):
    phrase.simulator.fault(html=True)
    answer = phrase.get(WHO)
    assert (answer.status_code, answer.headers["Content-Type"]) == (502, "text/html")
    assert "<title>" in answer.text


def test_delay(phrase):
    phrase.simulator.fault(delay=0.2)
    began = time.monotonic()
    assert phrase.get(WHO).status_code == 200
    assert time.monotonic() - began >= 0.2


def test_hang(phrase):
    import requests

    phrase.simulator.fault(hang=True)
    with pytest.raises(requests.ReadTimeout):
        phrase.http.get(f"{phrase.simulator.tms_url}/api2/{WHO}", timeout=0.2)


@pytest.mark.parametrize(("kind", "created"), [("hang", 0), ("hang_after", 1)])
def test_hanging_before_and_after_the_request_took_effect(phrase, kind, created):
    import requests

    uid = phrase.project()["uid"]
    phrase.simulator.fault(method="POST", path="/jobs$", **{kind: True})
    phrase.timeout = 0.3
    with pytest.raises(requests.ReadTimeout):
        phrase.upload(uid)
    phrase.timeout = 5
    assert len(phrase.jobs(uid)) == created


@pytest.mark.parametrize(
    ("kind", "created", "marked"),
    [("status", 0, True), ("html", 0, False), ("status_after", 1, True), ("html_after", 1, False)],
)
def test_answer_in_place_before_and_after_the_request_took_effect(phrase, kind, created, marked):
    uid = phrase.project()["uid"]
    phrase.simulator.fault(method="POST", path="/jobs$", **{kind: 429})
    refused = phrase.upload(uid)
    assert refused.status_code == 429
    assert ("memsource-action-id" in refused.headers) == marked
    assert len(phrase.jobs(uid)) == created


@pytest.mark.parametrize(("kind", "created"), [("reset_before", 0), ("reset_after", 1)])
def test_reset_before_and_after_the_request_took_effect(phrase, kind, created):
    import requests

    uid = phrase.project()["uid"]
    phrase.simulator.fault(method="POST", path="/jobs$", **{kind: True})
    with pytest.raises(requests.ConnectionError):
        phrase.upload(uid)
    assert len(phrase.jobs(uid)) == created


def test_late_request_takes_effect_after_its_connection_is_gone(phrase):
    import requests

    uid = phrase.project()["uid"]
    phrase.simulator.fault(method="POST", path="/jobs$", late=0.3)
    with pytest.raises(requests.ConnectionError):
        phrase.upload(uid)
    assert phrase.jobs(uid) == []
    give_up = time.monotonic() + 5
    while not phrase.jobs(uid) and time.monotonic() < give_up:
        time.sleep(0.05)
    assert [job["filename"] for job in phrase.jobs(uid)] == ["a.txt"]


def test_late_request_takes_no_effect_in_a_world_made_anew(phrase):
    import requests

    phrase.simulator.fault(method="POST", path="applyTemplate", late=0.2)
    with pytest.raises(requests.ConnectionError):
        phrase.project()
    phrase.simulator.reset()
    time.sleep(0.4)
    assert phrase.get("v1/projects").json()["content"] == []


def test_truncate(phrase):
    phrase.simulator.fault(truncate=10)
    with pytest.raises(OSError, match="10 bytes read"):
        phrase.get(WHO)


def test_corrupt(phrase):
    whole = phrase.get(WHO).content
    phrase.simulator.fault(corrupt=True)
    spoilt = phrase.get(WHO).content
    assert len(spoilt) == len(whole)
    assert spoilt != whole


def test_expired_token(phrase):
    phrase.simulator.fault(expire_token=True)
    assert [phrase.get(WHO).status_code for _ in range(2)] == [401, 401]
    phrase.http.headers["Authorization"] = f"Bearer {phrase.exchange().json()['access_token']}"
    assert phrase.get(WHO).status_code == 200


def test_after_and_times(phrase):
    phrase.simulator.fault(path="whoAmI", after=1, times=2, status=500)
    assert [phrase.get(WHO).status_code for _ in range(4)] == [200, 500, 500, 200]


def test_every_so_many(phrase):
    phrase.simulator.fault(path="whoAmI", after=1, every=3, times=2, status=500)
    seen = [phrase.get(WHO).status_code for _ in range(11)]
    assert [number for number, status in enumerate(seen, 1) if status == 500] == [4, 7]


def test_rule_without_an_end(phrase):
    phrase.simulator.fault(path="whoAmI", times=None, status=500)
    assert {phrase.get(WHO).status_code for _ in range(5)} == {500}
    phrase.simulator.clear_faults()
    assert phrase.get(WHO).status_code == 200


def test_token_endpoint_can_fail_too(phrase):
    phrase.simulator.fault(path="^/idm/", status=500)
    assert phrase.exchange().status_code == 500


@pytest.mark.parametrize(
    "rule",
    [
        {},
        {"status": 500, "hang": True},
        {"status": 500, "path": "("},
        {"status": 500, "colour": 1},
        {"status": 101},
        {"status": 500, "headers": {"a b": "c"}},
        {"status": 500, "headers": {"a": "b\r\nc: d"}},
        {"status": 500, "headers": {"a": "€"}},
        {"status": 500, "headers": {"Content-Length": "5"}},
        {"status": 500, "every": 0},
    ],
)
def test_rules_that_make_no_sense_are_refused(phrase, rule):
    answer = phrase.http.post(f"{phrase.simulator.url}/_simulator/faults", json=rule, timeout=60)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "rule", [{"delay": 86401}, {"late": 1e300}, {"delay": float("inf")}, {"late": float("nan")}]
)
def test_faults_last_a_day_at_most(phrase, rule):
    with pytest.raises(SimulatorError, match=r"late|delay"):
        phrase.simulator.fault(**rule)


def test_rules_are_bounded_in_number(phrase):
    url = f"{phrase.simulator.url}/_simulator/faults"
    rules = [phrase.http.post(url, json={"status": 500}, timeout=30).status_code for _ in range(1001)]
    assert rules == [201] * 1000 + [400]
