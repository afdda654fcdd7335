from __future__ import annotations

import time

import pytest
from requests.structures import CaseInsensitiveDict

from phrase_provider.api.rate_limits import CONCURRENCY_WAIT, named_wait

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
