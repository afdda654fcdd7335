"""One poll of async requests, and the calls with which the hub reads many of them."""

from __future__ import annotations

from collections import Counter

import pytest
from hub_runs import at_hub

from phrase_provider.exceptions import PhraseAsyncRequestError, PhraseServerError
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished

ASYNC = "https://tms.test/web/api2/v1/async/77"
PENDING, REQUEST = "/async$", r"/async/\d+$"
LANGS = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")


@pytest.fixture
def exports(phrase):
    project_uid, uids = phrase.jobs(*LANGS)
    requests = [phrase.client.exports.start(project_uid, uid) for uid in uids]
    phrase.forget()
    return [AsyncRequestFinished(request) for request in requests]


def waited(phrase, conditions, seconds=60):
    return at_hub(phrase.simulator, lambda run: run.wait_all(conditions, seconds))


def test_pending_ones_share_a_list_and_each_is_confirmed_once(phrase, exports, once):
    once(lambda: phrase.sent("GET", PENDING), phrase.finish_exports)
    results = waited(phrase, exports)
    assert [result["action"] for result in results] == ["EXPORT_COMPLETE_FILE"] * 10
    confirmed = Counter(request["path"] for request in phrase.sent("GET", REQUEST))
    assert sorted(confirmed.values()) == [1] * 10
    assert 2 <= len(phrase.sent("GET", PENDING)) <= 10


def test_one_that_the_list_does_not_show_is_waited_for(phrase, exports, after_request):
    nothing = {"content": [], "pageNumber": 0, "pageSize": 50, "totalElements": 0, "totalPages": 0}
    phrase.simulator.fault(path=PENDING, status=200, body=nothing | {"numberOfElements": 0}, times=None)
    after_request(REQUEST, phrase.finish_exports)
    assert all(result["action"] for result in waited(phrase, exports))


def test_few_are_read_alone(phrase, exports):
    waited(phrase, exports[:3], seconds=0.3)
    assert phrase.sent("GET", PENDING) == []
    assert len(phrase.sent("GET", REQUEST)) >= 3


def test_the_same_is_read_once_for_all(phrase, exports):
    def read_twice():
        return len(phrase.sent("GET", REQUEST)) >= 2

    assert at_hub(phrase.simulator, lambda run: run.wait_until(read_twice, exports[:1] * 20))
    moments = [request["time"] for request in phrase.sent("GET", REQUEST)]
    assert 2 <= len(moments) <= 10


def _finished(**response):
    keys = {"dateCreated": "2026-01-01T00:00:00+0000", "errorCode": None, "errorDesc": None}
    return {"id": "77", "action": "EXPORT_COMPLETE_FILE", "asyncResponse": keys | response}


def test_running(client, requests_mock):
    requests_mock.get(ASYNC, json=_finished() | {"asyncResponse": None})
    result = AsyncRequestFinished("77").check(client)
    assert (result.done, result.error, result.attention) == (False, None, False)
    assert result.progress == "async request 77 (EXPORT_COMPLETE_FILE) is running"


def test_finished(client, requests_mock):
    requests_mock.get(ASYNC, json=_finished())
    result = AsyncRequestFinished("77").check(client)
    assert result.done
    assert result.result == {"async_request_id": "77", "action": "EXPORT_COMPLETE_FILE"}


def test_failed(client, requests_mock):
    requests_mock.get(ASYNC, json=_finished(errorCode="TAGS", errorDesc="tag missing"))
    result = AsyncRequestFinished("77").check(client)
    assert not result.done
    assert isinstance(result.error, PhraseAsyncRequestError)
    assert "tag missing" in str(result.error)


def test_failed_poll_says_nothing_of_the_work(client, requests_mock):
    requests_mock.get(ASYNC, status_code=500, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseServerError):
        AsyncRequestFinished("77").check(client)
