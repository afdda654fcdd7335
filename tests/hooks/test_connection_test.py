from __future__ import annotations

import re
import time

import pytest

from phrase_provider.hooks.connection_test import DEADLINE, PATIENCE
from phrase_provider.hooks.connection_test import check as check_settings
from phrase_provider.hooks.phrase import PhraseHook

ME = {"user": {"userName": "anna", "role": "PROJECT_MANAGER"}, "organization": {"name": "Example"}}


@pytest.fixture
def check(connection):
    """Presses the test button of a connection with both base URLs on one server."""

    def press(server=None, **extra):
        urls = {"platform_url": server.url, "tms_url": f"{server.url}/web"} if server else {}
        return PhraseHook(connection(urls | extra)).test_connection()

    return press


def test_both_steps_work(wire, check):
    server = wire(wire.token(), wire.answer(200, ME))
    assert check(server) == (True, "Connected to Phrase TMS as anna (PROJECT_MANAGER) of Example.")
    assert server.requests == ["POST /idm/oauth/token", "GET /web/api2/v1/auth/whoAmI"]


@pytest.mark.parametrize("answer", [{"user": {}}, {"user": {}, "organization": None}])
def test_sparse_answer_is_still_a_connection(wire, check, answer):
    server = wire(wire.token(), wire.answer(200, answer))
    assert check(server) == (True, "Connected to Phrase TMS as None (None) of None.")


def test_unknown_keys_are_named_whether_it_works_or_not(wire, check):
    ignored = "Not known in Extra, and ignored: regoin (did you mean region?)."
    works = wire(wire.token(), wire.answer(200, ME))
    assert check(works, regoin="us") == (
        True,
        f"Connected to Phrase TMS as anna (PROJECT_MANAGER) of Example. {ignored}",
    )
    works, message = check(wire(listen=False), regoin="us")
    assert not works
    assert message.endswith(ignored)
    works, message = check(region="mars", regoin="us")
    assert not works
    assert "one of eu, us" in message
    assert message.endswith(ignored)


@pytest.mark.parametrize(
    "answer", [{}, {"user": None, "organization": None}, {"user": "anna"}, {"user": []}, [], "text", 7]
)
def test_answer_without_a_user_is_no_connection(wire, check, answer):
    works, message = check(wire(wire.token(), wire.answer(200, answer)))
    assert not works
    assert re.match(r"Who am I \(TMS\) failed: .*without (a )?user", message)


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (400, "refused the Platform API token"),
        (401, "refused|Check the API token"),
        (503, "503"),
        (302, "Redirects"),
    ],
)
def test_failing_exchange_is_named(wire, check, status, told):
    server = wire(wire.answer(status, {"error": "invalid_grant"}))
    works, message = check(server)
    assert not works
    assert message.startswith("Token exchange failed: ")
    assert re.search(told, message)
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_failing_second_step_is_named(wire, check, status):
    server = wire(wire.token(), *[wire.answer(status)] * 3)
    works, message = check(server)
    assert not works
    assert message.startswith("Who am I (TMS) failed: ")
    assert str(status) in message


@pytest.mark.parametrize("answer", [b"<html><title>Login</title>", b""])
def test_page_in_place_of_phrase_is_named(wire, check, answer):
    works, message = check(wire(wire.answer(200, answer)))
    assert not works
    assert "instead of JSON" in message


def test_refused_connection_is_named(wire, check):
    works, message = check(wire(listen=False))
    assert not works
    assert message.startswith("Token exchange failed: The connection failed")
    assert "ConnectionRefusedError" in message


def test_tls_error_is_named(wire, check):
    server = wire(wire.answer(400))
    works, message = check(server, platform_url=server.url.replace("http:", "https:"))
    assert not works
    assert "Token exchange failed: TLS failed" in message


def test_url_that_cannot_be_one_is_named(wire, check):
    works, message = check(wire(), platform_url="https://a..b")
    assert not works
    assert message.startswith("Token exchange failed: A URL of the connection cannot be used")


def test_ca_bundle_that_is_missing_is_named(wire, check):
    works, message = check(wire(), ca_bundle="/no/such/bundle.pem")
    assert not works
    assert "/no/such/bundle.pem" in message


def test_host_that_never_answers_is_left(wire, check):
    started = time.monotonic()
    works, message = check(wire(wire.HANG))
    assert time.monotonic() - started < 60
    assert not works
    assert message.startswith("Token exchange failed: No answer in time")


def test_host_that_answers_drop_by_drop_is_left_at_the_deadline(wire, connection):
    server = wire(wire.DRIP)
    settings = PhraseHook(connection({"platform_url": server.url})).settings
    started = time.monotonic()
    works, message = check_settings(settings, deadline=1)
    assert time.monotonic() - started < 30
    assert not works
    assert message.startswith("Token exchange got no answer within 1 s")


def test_both_deadlines_fit_into_ten_seconds():
    assert 2 * PATIENCE < DEADLINE < 10


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"conn_type": "http"}, "is of type 'http'"),
        ({"password": ""}, "has no API token"),
        ({"extra": {"region": "mars"}}, "'mars'"),
    ],
)
def test_incomplete_connection_is_named(connection, fields, told):
    works, message = PhraseHook(connection(**fields)).test_connection()
    assert not works
    assert message.startswith("The connection is not complete: ")
    assert told in message


def test_missing_connection_is_named():
    works, message = PhraseHook("nowhere").test_connection()
    assert not works
    assert "no Airflow connection 'nowhere'" in message


@pytest.mark.parametrize("status", [400, 401, 500])
def test_no_message_tells_a_secret(wire, check, status):
    for script in ([wire.answer(status)], [wire.token("access-not-to-be-seen"), *[wire.answer(status)] * 3]):
        assert "not-to-be-seen" not in check(wire(*script))[1]


def test_token_of_the_test_is_not_shared(wire, check, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    check(wire(wire.token(), wire.answer(200, ME)), share_login=True)
    assert list(tmp_path.iterdir()) == []


def test_token_is_sent_without_what_was_copied_along(wire, connection):
    server = wire(wire.token(), wire.answer(200, ME))
    urls = {"platform_url": f" {server.url}\n", "tms_url": f"{server.url}/web"}
    works, message = PhraseHook(connection(urls, password=" the-token\r\n")).test_connection()
    assert works, message
    assert b"the-token" in server.received[0].body
    assert b"%0D" not in server.received[0].body
    assert b"+the-token" not in server.received[0].body


def test_nothing_is_sent_with_a_token_or_url_that_cannot_be_one(wire, connection):
    server = wire(wire.token(), wire.answer(200, ME))
    urls = {"platform_url": server.url, "tms_url": f"{server.url}/web"}
    for extra, password in (
        (urls, "two\nlines"),
        (urls | {"tms_url": f"{server.url}/web?key=1"}, "token"),
        (urls | {"platform_url": f"{server.url}#x"}, "token"),
    ):
        works, message = PhraseHook(connection(extra, password=password)).test_connection()
        assert not works
        assert message.startswith("The connection is not complete")
    assert server.requests == []
