from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta

import pytest

from phrase_provider.simulator.process import SimulatorProcess

WHO = "v1/auth/whoAmI"


def log_in(phrase, **body):
    phrase.http.headers.pop("Authorization", None)
    body = {"userName": "simulator", "password": "simulator-password", **body}
    return phrase.call("POST", "v3/auth/login", json=body)


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
    answer = phrase.http.post(f"{phrase.simulator.url}/idm/oauth/token", json={"grant_type": "x"}, timeout=60)
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


@pytest.mark.parametrize("status", [400, 401])
def test_a_revoked_api_token_is_exchanged_no_more(phrase, status):
    phrase.simulator.settings(api_token_revoked=True, invalid_grant_status=status)
    answer = phrase.exchange()
    assert (answer.status_code, answer.json()["error"]) == (status, "invalid_grant")
    assert phrase.get(WHO).status_code == 200
    phrase.simulator.reset()
    assert phrase.exchange().status_code == 200


def test_all_tokens_can_be_ended(phrase):
    phrase.simulator.expire_tokens()
    assert phrase.get(WHO).status_code == 401
    phrase.http.headers["Authorization"] = f"Bearer {phrase.exchange().json()['access_token']}"
    assert phrase.get(WHO).status_code == 200


def test_login_gives_a_token_for_a_day(phrase):
    answer = log_in(phrase)
    body = answer.json()
    assert answer.status_code == 200
    assert body["user"]["userName"] == "simulator"
    lifetime = datetime.strptime(body["expires"], "%Y-%m-%dT%H:%M:%S%z") - datetime.now(UTC)
    assert abs(lifetime - timedelta(days=1)) < timedelta(minutes=1)
    for authorization, status in ((f"ApiToken {body['token']}", 200), (f"Bearer {body['token']}", 401)):
        phrase.http.headers["Authorization"] = authorization
        assert phrase.get(WHO).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"password": "wrong"}, 401),
        ({"userName": "nobody"}, 401),
        ({"userUid": "nobody"}, 401),
        ({"code": "123456"}, 200),
        ({"userName": None}, 400),
        ({"rememberMe": True}, 400),
        ({"password": "x" * 256}, 400),
    ],
)
def test_login_refuses(phrase, body, status):
    assert log_in(phrase, **body).status_code == status


@pytest.mark.parametrize("in_query", [True, False])
def test_logout_ends_the_token(phrase, in_query):
    token = log_in(phrase).json()["token"]
    phrase.http.headers["Authorization"] = f"ApiToken {token}"
    assert phrase.call("POST", "v1/auth/logout", params={"token": token}).status_code == 400
    if in_query:
        del phrase.http.headers["Authorization"]
    query = {"token": token} if in_query else {}
    assert phrase.call("POST", "v1/auth/logout", params=query).status_code == 204
    phrase.http.headers["Authorization"] = f"ApiToken {token}"
    assert phrase.get(WHO).status_code == 401
    del phrase.http.headers["Authorization"]
    assert phrase.call("POST", "v1/auth/logout", params=query).status_code == 401


def test_requests_do_not_show_passwords_and_logins(phrase):
    token = log_in(phrase).json()["token"]
    phrase.call("POST", "v1/auth/logout", params={"token": token})
    told = json.dumps(phrase.simulator.requests())
    assert "***" in told
    assert token not in told
    assert "simulator-password" not in told


def test_the_user_can_be_chosen(connect):
    with SimulatorProcess(user_name="ada", password="lovelace") as simulator:
        phrase = connect(simulator)
        assert phrase.get(WHO).json()["user"]["userName"] == "ada"
        assert log_in(phrase).status_code == 401
        assert log_in(phrase, userName="ada", password="lovelace").status_code == 200


def test_code_of_an_unknown_token_can_be_set(phrase):
    phrase.simulator.settings(unauthorized_code="NotLoggedIn")
    phrase.http.headers["Authorization"] = "Bearer unknown"
    answer = phrase.get(WHO)
    assert (answer.status_code, answer.json()["errorCode"]) == (401, "NotLoggedIn")


def test_lifetime_of_logins_can_be_set(phrase):
    phrase.simulator.settings(login_seconds=60)
    expires = datetime.strptime(log_in(phrase).json()["expires"], "%Y-%m-%dT%H:%M:%S%z")
    assert expires - datetime.now(UTC) <= timedelta(seconds=60)
