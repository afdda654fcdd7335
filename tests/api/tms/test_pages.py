from __future__ import annotations

from itertools import islice

import pytest

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.tms.pages import MOST_PAGES, iterate
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
        '{"content": [], "totalPages": true}',
        '{"content": [], "totalPages": -1}',
        '{"content": [], "totalPages": 1.0}',
        '{"content": [], "totalPages": "1"}',
        '{"content": [], "totalPages": 1e9}',
        '{"content": [], "totalPages": 1000000000}',
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


def test_a_page_that_comes_again_is_no_progress(requests_mock, session, page):
    answers = [page({"uid": str(number % 2)}, number=number, total=MOST_PAGES) for number in range(3)]
    requests_mock.get(URL, [{"json": answer} for answer in answers])
    items = iterate(session(), LIST)
    assert list(islice(items, 2)) == [{"uid": "0"}, {"uid": "1"}]
    with pytest.raises(PhraseServerError, match="GET /things gave the same page twice") as caught:
        next(items)
    assert caught.value.can_pass
    assert requests_mock.call_count == 3


def test_answer_that_is_kept_for_every_page_is_no_list(requests_mock, session, page):
    requests_mock.get(URL, json=page({"uid": "1"}, total=3))
    items = iterate(session(), LIST)
    assert next(items) == {"uid": "1"}
    with pytest.raises(PhraseServerError, match="another page than number 1"):
        next(items)
    assert requests_mock.call_count == 2


def test_empty_pages_without_end_are_no_list(requests_mock, session, page):
    requests_mock.get(URL, [{"json": page(number=number, total=MOST_PAGES)} for number in range(9)])
    with pytest.raises(PhraseServerError, match="the same page twice"):
        list(iterate(session(), LIST))
    assert requests_mock.call_count == 2


@pytest.mark.parametrize("item", [None, "a", [], 7])
def test_item_that_is_no_object_is_not_passed_over(requests_mock, session, page, item):
    requests_mock.get(URL, json=page({"uid": "1"}, item))
    with pytest.raises(PhraseServerError, match="not an object"):
        list(iterate(session(), LIST))
