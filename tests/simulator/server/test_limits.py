from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from phrase_provider.simulator.process import SimulatorProcess

WHO = "v1/auth/whoAmI"
LIMIT, REMAINING = "Ratelimit-Limit", "Ratelimit-Remaining"


def statuses(phrase, path=None):
    return [request["status"] for request in phrase.simulator.requests(path=path)]


def test_normal_answers_tell_how_many_more_may_run(phrase):
    phrase.simulator.settings(parallel_requests=7)
    headers = phrase.get(WHO).headers
    assert (headers[LIMIT], headers[REMAINING]) == ("7", "6")
    assert LIMIT not in phrase.exchange().headers


def test_one_too_many_at_once_is_refused_by_phrase_itself(phrase):
    uid = phrase.project()["uid"]
    phrase.simulator.settings(parallel_requests=1)
    phrase.simulator.fault(path="whoAmI", delay=0.5)
    with ThreadPoolExecutor() as pool:
        slow = pool.submit(phrase.get, WHO)
        while not phrase.simulator.requests(path="whoAmI"):
            pass
        refused = phrase.upload(uid)
    assert (slow.result().status_code, refused.status_code) == (200, 429)
    assert (refused.headers[LIMIT], refused.headers[REMAINING]) == ("1", "0")
    assert refused.headers["memsource-action-id"]
    assert refused.json()["errorCode"] == "TooManyRequests"
    assert phrase.jobs(uid) == []
    assert statuses(phrase, "/jobs$") == [429, 200]


def test_the_minutes_quota_is_kept_by_a_proxy(phrase):
    phrase.simulator.reset()
    phrase.simulator.settings(quota_per_minute=2)
    uid = phrase.project()["uid"]
    refused = phrase.upload(uid)
    assert refused.status_code == 429
    assert set(refused.json()) == {"errorCode", "errorDescription"}
    for header in (LIMIT, REMAINING, "memsource-action-id", "Retry-After"):
        assert header not in refused.headers
    assert phrase.exchange().status_code == 200
    phrase.simulator.settings(quota_per_minute=None)
    assert phrase.jobs(uid) == []
    assert statuses(phrase, "/jobs$") == [429, 200]


def test_the_quota_is_renewed_in_real_time_or_by_a_reset(phrase):
    phrase.simulator.settings(quota_per_minute=0)
    phrase.simulator.advance(3600)
    assert phrase.get(WHO).status_code == 429
    phrase.simulator.reset()
    assert phrase.get(WHO).status_code == 200


@pytest.mark.parametrize("setting", [{"quota_per_minute": 0}, {"parallel_requests": 1}])
def test_both_may_say_when_to_come_back(phrase, setting):
    phrase.simulator.settings(retry_after=7, **setting)
    phrase.simulator.fault(hang=True)
    phrase.timeout = 0.3
    with ThreadPoolExecutor() as pool:
        hanging = pool.submit(phrase.get, WHO)
        while not phrase.simulator.requests(path="whoAmI"):
            pass
        assert phrase.get(WHO).headers["Retry-After"] == "7"
    assert hanging.exception()


def test_the_proxy_may_answer_with_a_page(connect, tmp_path):
    # With a log of its own: the specification knows no pages.
    with SimulatorProcess(access_log=tmp_path / "access.jsonl") as simulator:
        phrase = connect(simulator)
        simulator.settings(quota_per_minute=0, quota_html=True)
        answer = phrase.get(WHO)
    assert (answer.status_code, answer.headers["Content-Type"]) == (429, "text/html")
    assert "<title>" in answer.text
