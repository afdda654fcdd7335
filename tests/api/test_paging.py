from __future__ import annotations

from itertools import islice

import pytest

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.paging import iterate
from phrase_provider.exceptions import PhraseServerError

LIST = Endpoint("GET", "/things")
URL = "https://tms.test/web/things"


def test_pages_are_asked_for_when_they_are_needed(requests_mock, session, page):
    first = [{"uid": str(number)} for number in range(50)]
    requests_mock.get(
        URL, [{"json": page(*first, total=2)}, {"json": page({"uid": "50"}, number=1, total=2)}]
    )
    items = iterate(session(), LIST, query={"name": "a"})
    assert requests_mock.call_count == 0
    assert list(islice(items, 50)) == first
    assert requests_mock.call_count == 1
    assert list(items) == [{"uid": "50"}]
    assert [request.qs for request in requests_mock.request_history] == [
        {"name": ["a"], "pagenumber": [str(number)], "pagesize": ["50"]} for number in (0, 1)
    ]


def test_filters_do_not_replace_the_paging(requests_mock, session, page):
    requests_mock.get(URL, json=page())
    list(iterate(session(), LIST, query={"pageSize": 500}))
    assert requests_mock.last_request.qs["pagesize"] == ["50"]


@pytest.mark.parametrize("total", [0, 1])
def test_empty_list_takes_one_request(requests_mock, session, page, total):
    requests_mock.get(URL, json=page(total=total))
    assert list(iterate(session(), LIST)) == []
    assert requests_mock.call_count == 1


@pytest.mark.parametrize(
    "answer",
    [
        "null",
        "[]",
        "7",
        "{}",
        '{"content": null, "totalPages": 1}',
        '{"content": {}, "totalPages": 1}',
        '{"content": []}',
    ],
)
def test_answer_that_is_no_page_is_an_error_not_an_empty_list(requests_mock, session, answer):
    requests_mock.get(URL, text=answer)
    with pytest.raises(PhraseServerError, match="GET /things answered without a page"):
        list(iterate(session(), LIST))


def test_failing_page_ends_the_list_with_its_error(requests_mock, session, page):
    refusal = {"status_code": 500, "json": {"errorCode": "Code"}}
    requests_mock.get(URL, [{"json": page({"uid": "1"}, total=2)}, refusal])
    items = iterate(session(retries=0), LIST)
    assert next(items) == {"uid": "1"}
    with pytest.raises(PhraseServerError):
        next(items)
