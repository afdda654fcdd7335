from __future__ import annotations

import time

import pytest


def test_exchange_gives_a_jwt_that_opens_the_tms(phrase):
    answer = phrase.exchange()
    body = answer.json()
    assert answer.status_code == 200
    assert body["access_token"].count(".") == 2
    assert (body["token_type"], body["expires_in"]) == ("Bearer", 14399)
    assert body["issued_token_type"] == "urn:ietf:params:oauth:token-type:access_token"
    assert phrase.get("v1/auth/whoAmI").json()["user"]["role"] == "ADMIN"


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"subject_token": "wrong"}, "invalid_grant"),
        ({"grant_type": "client_credentials"}, "unsupported_grant_type"),
        ({"requested_token_type": "urn:x"}, "invalid_request"),
        ({"subject_token": ""}, "invalid_request"),
    ],
)
def test_exchange_refuses(phrase, form, error):
    answer = phrase.exchange(**form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_exchange_wants_a_form(phrase):
    answer = phrase.http.post(f"{phrase.simulator.url}/idm/oauth/token", json={"grant_type": "x"}, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("authorization", [None, "Bearer a.b.c", "Basic eDp5", "Bearer"])
def test_tms_refuses_unknown_tokens_everywhere(phrase, authorization):
    phrase.http.headers["Authorization"] = authorization
    for path in ("v1/projectTemplates", "v1/projects/none", "v1/async"):
        answer = phrase.get(path)
        assert answer.status_code == 401
        assert set(answer.json()) == {"errorCode", "errorDescription"}


def test_tokens_expire_in_real_time(phrase):
    phrase.simulator.settings(token_seconds=1)
    phrase.http.headers["Authorization"] = f"Bearer {phrase.exchange().json()['access_token']}"
    phrase.simulator.advance(100_000)
    assert phrase.get("v1/auth/whoAmI").status_code == 200
    time.sleep(1.05)
    assert phrase.get("v1/auth/whoAmI").status_code == 401


def test_every_answer_names_its_action_and_the_concurrency_limit(phrase):
    seen = set()
    for path in ("v1/auth/whoAmI", "v1/projects/none", "nowhere"):
        headers = phrase.get(path).headers
        assert int(headers["memsource-action-id"], 16) > 0
        assert (headers["Ratelimit-Limit"], headers["Ratelimit-Remaining"]) == ("100", "99")
        seen.add(headers["memsource-action-id"])
    assert len(seen) == 3
