"""The client of commands: from the environment, or from an Airflow connection."""

from __future__ import annotations

import pytest

from phrase_provider.commands.connection import connect
from phrase_provider.exceptions import PhraseConnectionError


@pytest.fixture(autouse=True)
def no_environment(monkeypatch):
    for name in ("PHRASE_API_TOKEN", "PHRASE_REGION", "PHRASE_PLATFORM_URL", "PHRASE_TMS_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("region", "url"),
    [(None, "https://cloud.memsource.com/web"), ("us", "https://us.cloud.memsource.com/web")],
)
def test_token_from_the_environment_is_enough(monkeypatch, region, url):
    monkeypatch.setenv("PHRASE_API_TOKEN", "a-token")
    if region:
        monkeypatch.setenv("PHRASE_REGION", region)
    assert connect("not-read").session.settings.tms_url == url


def test_unknown_region_is_refused(monkeypatch):
    monkeypatch.setenv("PHRASE_API_TOKEN", "a-token")
    monkeypatch.setenv("PHRASE_REGION", "moon")
    with pytest.raises(PhraseConnectionError, match="moon"):
        connect("not-read")


def test_connection_that_does_not_exist_is_named(monkeypatch):
    with pytest.raises(PhraseConnectionError, match="nowhere"):
        connect("nowhere")
