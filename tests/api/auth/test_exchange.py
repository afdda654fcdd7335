from __future__ import annotations

import time
from urllib.parse import parse_qs

import pytest

from phrase_provider.api.auth.exchange import FALLBACK_LIFE, exchange
from phrase_provider.exceptions import PhraseAuthenticationError, PhrasePermissionError, PhraseServerError

URL = "https://platform.test/idm/oauth/token"


def test_exchange_sends_the_form_of_the_platform_api(wire, platform, settings):
    server = wire(wire.token())
    exchange(platform(server.url), settings.api_token)
    (request,) = server.received
    assert request.path == "/idm/oauth/token"
    assert request.headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["urn:ietf:params:oauth:grant-type:token-exchange"],
        "subject_token": [settings.api_token],
    }
    assert request.headers["Authorization"] is None


@pytest.mark.parametrize(
    ("expires_in", "used_for"),
    [
        (14399, 14099),
        (600, 540),
        (None, FALLBACK_LIFE * 0.9),
        ("14399", 14099),
        ("soon", FALLBACK_LIFE * 0.9),
        ([], FALLBACK_LIFE * 0.9),
    ],
)
def test_token_is_left_before_it_ends(requests_mock, platform, expires_in, used_for):
    requests_mock.post(URL, json={"access_token": "t", "expires_in": expires_in})
    token = exchange(platform(), "api")
    assert token.use_until - time.time() == pytest.approx(used_for, abs=2)
    assert token.usable


@pytest.mark.parametrize("status", [400, 401])
def test_refused_api_token_says_what_to_do(requests_mock, platform, status):
    requests_mock.post(
        URL, status_code=status, json={"error": "invalid_grant", "error_description": "expired"}
    )
    with pytest.raises(PhraseAuthenticationError, match=r"invalid_grant.*expired.*API token") as caught:
        exchange(platform(), "api-token-not-to-be-seen")
    assert requests_mock.call_count == 1
    assert caught.value.status == status
    assert not caught.value.can_pass
    assert "not-to-be-seen" not in f"{caught.value}{caught.value!r}{caught.value.__cause__}"


def test_missing_right_stays_what_it_is(requests_mock, platform):
    requests_mock.post(URL, status_code=403, json={"error": "access_denied"})
    with pytest.raises(PhrasePermissionError):
        exchange(platform(), "api")


@pytest.mark.parametrize("answer", [{}, [], "text", {"access_token": ""}, {"access_token": None}])
def test_answer_without_a_token_is_an_error(requests_mock, platform, answer):
    requests_mock.post(URL, json=answer)
    with pytest.raises(PhraseServerError, match=r"without an access_token.*platform URL"):
        exchange(platform(), "api")


def test_exchange_is_repeated_although_it_is_a_post(wire, platform, waits):
    server = wire(wire.RESET, wire.answer(503), wire.token("late"))
    assert exchange(platform(server.url), "api").value == "late"
    assert len(server.requests) == 3
    assert len(waits) == 2
