from __future__ import annotations

import pytest

from phrase_provider.api.tms.async_requests import is_finished, require_success
from phrase_provider.exceptions import PhraseAsyncRequestError, PhraseNotFoundError

URL = "https://tms.test/web/api2/v1/async"
WELL = {"dateCreated": "2026-01-01T00:00:00+0000", "errorCode": None, "errorDesc": None, "errorDetails": None}


def test_get(client, requests_mock):
    requests_mock.get(f"{URL}/77", json={"id": "77", "asyncResponse": None})
    assert client.async_requests.get("77")["id"] == "77"


def test_unknown_request(client, requests_mock):
    requests_mock.get(f"{URL}/77", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseNotFoundError):
        client.async_requests.get("77")


@pytest.mark.parametrize(
    ("request_", "finished"),
    [
        ({"asyncResponse": None}, False),
        ({}, False),
        ({"asyncResponse": WELL}, True),
        ({"asyncResponse": {}}, True),
    ],
)
def test_response_is_what_tells_the_end(request_, finished):
    assert is_finished(request_) is finished


def test_keys_that_are_null_are_no_failure():
    require_success({"asyncResponse": WELL})


@pytest.mark.parametrize(
    "response", [{"errorCode": "E1"}, {"errorDesc": "tags"}, {"errorCode": "E1", "errorDesc": "tags"}]
)
def test_failure_tells_code_and_text(response):
    with pytest.raises(
        PhraseAsyncRequestError, match=r"Async request 77 .EXPORT_COMPLETE_FILE. failed"
    ) as caught:
        require_success({"id": "77", "action": "EXPORT_COMPLETE_FILE", "asyncResponse": WELL | response})
    assert (caught.value.error_code, caught.value.description) == (
        response.get("errorCode"),
        response.get("errorDesc"),
    )
    assert "run QA" in caught.value.hint


def test_page_of_the_callers_own_pending_ones(client, requests_mock, page):
    requests_mock.get(URL, json=page({"id": "77"}, number=1, total=2))
    assert client.async_requests.get_pending_page(1) == ([{"id": "77"}], 2)
    assert requests_mock.last_request.qs == {"pagenumber": ["1"], "pagesize": ["50"]}


@pytest.mark.parametrize("limit", [200, None])
def test_limit(client, requests_mock, limit):
    requests_mock.get(f"{URL}/status", json={"concurrentRequests": {"count": 3, "limit": limit}})
    assert client.async_requests.get_pending_count() == {"count": 3, "limit": limit}
