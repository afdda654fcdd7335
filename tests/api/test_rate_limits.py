from __future__ import annotations

import time

import pytest
from requests.structures import CaseInsensitiveDict

from phrase_provider.api.rate_limits import CONCURRENCY_WAIT, LONGEST_NAMED_WAIT, Quota, named_wait, quota

BOTH = {"Ratelimit-Limit": "100", "Ratelimit-Remaining": "0"}


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (429, {}, None),
        (429, {"Retry-After": "3"}, 3),
        (429, {"retry-after": " 3 "}, 3),
        (429, {"Retry-After": "0"}, 0),
        (429, {"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        (429, {"Retry-After": "soon"}, None),
        (429, {"Retry-After": "\xb2"}, None),
        (429, {"Retry-After": "1.5"}, None),
        (429, {"Retry-After": ""}, None),
        (429, {"X-Rate-Limit-Reset": "1000"}, 0),
        (429, {"X-Rate-Limit-Reset": "never"}, None),
        (429, BOTH, CONCURRENCY_WAIT),
        (429, {"ratelimit-limit": "100", "ratelimit-remaining": "0"}, CONCURRENCY_WAIT),
        (429, {"Ratelimit-Limit": "100"}, None),
        (429, BOTH | {"Retry-After": "3"}, 3),
        (429, {"Retry-After": "86400"}, LONGEST_NAMED_WAIT),
        (429, {"Retry-After": "9" * 5000}, LONGEST_NAMED_WAIT),
        (429, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT"}, LONGEST_NAMED_WAIT),
        (429, {"Retry-After": "Fri, 31 Dec 99999 23:59:59 GMT"}, None),
        (429, {"Retry-After": "Mon, 01 Jan 0001 00:00:00 GMT"}, 0),
        (429, {"Retry-After": "Fri, 31 Dec 9999 23:59:59 -9999"}, None),
        (429, {"Retry-After": f"Fri, 31 Dec {'9' * 5000} 23:59:59 GMT"}, None),
        (429, {"X-Rate-Limit-Reset": "1795000000000"}, LONGEST_NAMED_WAIT),
        (429, {"X-Rate-Limit-Reset": "9" * 5000}, LONGEST_NAMED_WAIT),
        (503, {"Retry-After": "86400"}, LONGEST_NAMED_WAIT),
        (503, {"Retry-After": "3"}, 3),
        (503, BOTH, None),
        (500, {"Retry-After": "3"}, None),
        (200, BOTH, None),
    ],
)
def test_wait_is_what_the_answer_names(status, headers, expected):
    assert named_wait(status, CaseInsensitiveDict(headers)) == expected


def test_reset_is_a_moment():
    wait = named_wait(429, {"X-Rate-Limit-Reset": str(int(time.time()) + 100)})
    assert wait == pytest.approx(100, abs=2)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, None),
        (BOTH, Quota(100, 0, None)),
        ({"ratelimit-limit": "100", "ratelimit-remaining": "97"}, Quota(100, 97, None)),
        (
            {"X-Rate-Limit-Limit": "1000", "X-Rate-Limit-Remaining": "5", "X-Rate-Limit-Reset": "1795000000"},
            Quota(1000, 5, 1795000000.0),
        ),
        ({"Ratelimit-Limit": "9" * 5000, "Ratelimit-Remaining": "1"}, None),
        ({"Ratelimit-Limit": "1", "Ratelimit-Remaining": "9" * 5000}, None),
        (
            {"X-Rate-Limit-Limit": "9", "X-Rate-Limit-Remaining": "1", "X-Rate-Limit-Reset": "9" * 5000},
            Quota(9, 1, None),
        ),
        ({"Ratelimit-Limit": "100"}, None),
        ({"Ratelimit-Limit": "many", "Ratelimit-Remaining": "1"}, None),
    ],
)
def test_quota_is_what_the_answer_tells(headers, expected):
    assert quota(CaseInsensitiveDict(headers)) == expected


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (Quota(100, 97, None), 0),
        (Quota(100, 11, None), 0),
        (Quota(100, 10, None), 1),
        (Quota(100, 0, None), 1),
        (Quota(1000, 500, 60), 0),
        (Quota(1000, 6, 60), 10),
        (Quota(1000, 0, 60), 60),
        (Quota(1000, 0, -60), 0),
    ],
)
def test_what_remains_of_a_quota_is_spread_out(told, seconds):
    if told.reset:
        told = told._replace(reset=time.time() + told.reset)
    assert told.spacing() == pytest.approx(seconds, rel=0.2)
