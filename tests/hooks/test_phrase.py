from __future__ import annotations

import pytest
from airflow import __version__ as airflow_version
from airflow.sdk import Connection

from phrase_provider import __version__
from phrase_provider.exceptions import PhraseConnectionError
from phrase_provider.hooks.phrase import PhraseHook, settings_of, user_agent


def test_connection_becomes_settings(connection, tmp_path):
    pem = tmp_path / "own.pem"
    pem.touch()
    fields = {
        "region": "us",
        "tms_url": "http://127.0.0.1:8900/web/",
        "contact": "l10n@example.test",
        "timeout": 7,
        "retries": 0,
        "max_download_size": 3,
        "ca_bundle": str(pem),
        "client_certificate": str(pem),
        "share_login": False,
        "client_type": "EXAMPLE",
    }
    settings = PhraseHook(connection(fields)).settings
    assert settings.api_token == "api-token-not-to-be-seen"
    assert settings.platform_url == "https://us.phrase.com"
    assert settings.tms_url == "http://127.0.0.1:8900/web"
    assert settings.strings_url == "https://api.us.app.phrase.com/v2"
    assert (settings.timeout, settings.retries, settings.token_cache) == (7, 0, False)
    assert settings.max_download == 3 << 20
    assert settings.verify == settings.client_certificate == str(pem)
    assert settings.source_data == {
        "clientType": "EXAMPLE",
        "clientVersion": __version__,
        "hostVersion": airflow_version,
    }
    assert settings.user_agent.startswith(
        f"airflow-provider-phrase/{__version__} (l10n@example.test) apache-airflow/"
    )


def test_empty_connection_takes_the_defaults(connection):
    settings = PhraseHook(connection()).settings
    assert settings.platform_url == "https://eu.phrase.com"
    assert settings.tms_url == "https://cloud.memsource.com/web"
    assert settings.verify is True
    assert settings.token_cache is True
    assert settings.source_data is None


def test_connection_may_be_a_uri(monkeypatch):
    uri = "phrase://:the%2Ftoken@/?region=us&timeout=5&share_login=false"
    monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", uri)
    settings = PhraseHook().settings
    assert (settings.api_token, settings.timeout, settings.token_cache) == ("the/token", 5, False)
    assert settings.tms_url == "https://us.cloud.memsource.com/web"


def test_missing_connection_says_how_to_make_it():
    with pytest.raises(PhraseConnectionError, match=r"no Airflow connection 'nowhere'.*type Phrase"):
        PhraseHook("nowhere").settings  # noqa: B018


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"conn_type": "http"}, "is of type 'http'. Use a connection of type 'phrase'"),
        ({"password": None}, "has no API token. Put a Phrase Platform API token"),
        ({"password": ""}, "has no API token"),
    ],
)
def test_connection_of_another_kind_is_refused(connection, fields, told):
    with pytest.raises(PhraseConnectionError, match=told):
        PhraseHook(connection(**fields)).settings  # noqa: B018


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"region": "mars"}, "'Region'.*'mars'.*one of eu, us"),
        ({"timeout": 0}, "whole number of at least 1"),
        ({"tms_url": "tms.test"}, "not a valid URL"),
        ({"contact": "Łukasz"}, "ASCII"),
        ({"contact": "a\r\nX-Evil: 1"}, "ASCII"),
        ({"ca_bundle": "/no/such/file.pem"}, "ca_bundle.*/no/such/file.pem.*does not exist"),
        ({"ca_bundle": f"/{'long' * 2000}.pem"}, "ca_bundle.*does not exist"),
        ({"client_certificate": "/no/such/file.pem"}, "client_certificate.*does not exist"),
    ],
)
def test_badly_filled_in_connection_is_refused(connection, extra, told):
    with pytest.raises(PhraseConnectionError, match=told):
        PhraseHook(connection(extra)).settings  # noqa: B018


@pytest.mark.parametrize("around", ["{}\n", " {}", "\t{} \r\n"])
def test_blanks_and_line_ends_around_the_token_do_not_count(connection, around):
    settings = PhraseHook(connection(password=around.format("the-token"))).settings
    assert settings.api_token == "the-token"


@pytest.mark.parametrize("blank", [" ", "\n", "\r\n\t"])
def test_blank_token_is_none(connection, blank):
    with pytest.raises(PhraseConnectionError, match="has no API token"):
        PhraseHook(connection(password=blank)).settings  # noqa: B018


@pytest.mark.parametrize(
    "token", ["not-to\nbe-seen", "Bearer not-to-be-seen", "not-to\0be-seen", "not-to\x7fbe-seen"]
)
def test_token_with_something_else_in_it_is_refused_and_not_told(connection, token):
    with pytest.raises(
        PhraseConnectionError, match=r"blanks, line breaks or control.*Copy the token again"
    ) as caught:
        PhraseHook(connection(password=token)).settings  # noqa: B018
    assert not any(part in f"{caught.value} {caught.value!r}" for part in ("not-to", "be-seen"))


def test_unknown_keys_are_warned_of_once_in_a_process(connection, caplog):
    conn_id = connection({"regoin": "us", "timeout": 9, "tmsurl": "hidden"})
    for _ in range(3):
        assert PhraseHook(conn_id).settings.tms_url == "https://cloud.memsource.com/web"
    (record,) = [record for record in caplog.records if record.name == "phrase_provider.hooks.phrase"]
    assert record.levelname == "WARNING"
    assert record.getMessage() == (
        "Connection 'phrase_test': Not known in Extra, and ignored: regoin (did you mean region?), "
        "tmsurl (did you mean tms_url?)."
    )


def test_known_keys_are_not_warned_of(connection, caplog):
    PhraseHook(connection({"region": "us", "timeout": 9})).settings  # noqa: B018
    assert not [record for record in caplog.records if record.name == "phrase_provider.hooks.phrase"]


@pytest.mark.parametrize(
    ("extra", "told"), [("{region: us", "is not JSON"), ('["us"]', "is not a JSON object")]
)
def test_extra_that_is_no_object_is_not_taken_for_empty(extra, told):
    # The defaults in its place would send the token to another region.
    with pytest.raises(PhraseConnectionError, match=told):
        settings_of(Connection(conn_id="c", conn_type="phrase", password="api-token", extra=extra))


def test_no_message_tells_the_token(connection):
    hook = PhraseHook(connection({"region": "mars"}))
    with pytest.raises(PhraseConnectionError) as caught:
        hook.settings  # noqa: B018
    assert "not-to-be-seen" not in f"{caught.value!r} {caught.value} {PhraseHook(connection()).settings!r}"


def test_user_agent_names_package_host_and_contact():
    assert user_agent(None).split(" ")[0] == f"airflow-provider-phrase/{__version__}"
    assert user_agent("https://example.test").split(" ")[1] == "(https://example.test)"
    assert f"apache-airflow/{airflow_version} python/3." in user_agent(None)
