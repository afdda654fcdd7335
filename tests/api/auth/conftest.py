from __future__ import annotations

import pytest

from phrase_provider.api.session import PhraseSession


@pytest.fixture
def platform(settings, waits):
    def make(url=settings.platform_url):
        return PhraseSession(settings, url, sleep=waits.append)

    return make
