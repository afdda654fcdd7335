"""A client whose requests go to `requests_mock` or a scripted server, and that sleeps for nothing."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from phrase_provider.api.auth.access_token import AccessToken
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient

TMS = "https://tms.test/web"


@pytest.fixture
def settings() -> ClientSettings:
    return ClientSettings(
        "api-token-not-to-be-seen",
        "https://platform.test",
        TMS,
        "https://strings.test/v2",
        timeout=5,
        token_cache=False,
    )


@pytest.fixture
def waits() -> list[float]:
    """Seconds that the client under test would have slept between repeats."""
    return []


@pytest.fixture
def session(settings: ClientSettings, waits: list[float]) -> Callable[..., PhraseSession]:
    def make(
        base_url: str = TMS, sleep: Callable[[float], None] = waits.append, **changes: Any
    ) -> PhraseSession:
        token = TokenSource(lambda: AccessToken("access-token-not-to-be-seen", math.inf))
        return PhraseSession(replace(settings, **changes), base_url, token=token, sleep=sleep)

    return make


@pytest.fixture
def client(session: Callable[..., PhraseSession]) -> TmsClient:
    return TmsClient(session())


@pytest.fixture
def page() -> Callable[..., dict[str, Any]]:
    def make(*items: dict[str, Any], number: int = 0, total: int = 1) -> dict[str, Any]:
        return {
            "content": list(items),
            "pageNumber": number,
            "pageSize": 50,
            "numberOfElements": len(items),
            "totalPages": total,
        }

    return make
