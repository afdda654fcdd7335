"""
Clients of Phrase TMS that nobody here wrote, on a running simulator; `make test-clients` runs these tests.

The environment has the clients alone, so the simulator is reached as Phrase is: by its address, over HTTP.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest

Answer = TypeVar("Answer")


@pytest.fixture(scope="session")
def simulator_url() -> str:
    return os.environ["PHRASE_SIMULATOR_URL"]


@pytest.fixture(scope="session")
def access_token(simulator_url: str) -> str:
    form = urlencode(
        {
            "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
            "subject_token": os.environ["PHRASE_API_TOKEN"],
        }
    )
    with urlopen(f"{simulator_url}/idm/oauth/token", form.encode(), timeout=10) as answer:
        token: str = json.load(answer)["access_token"]
    return token


@pytest.fixture(scope="session")
def until() -> Callable[[Callable[[], Answer], Callable[[Answer], Any]], Answer]:
    def wait(look: Callable[[], Answer], good: Callable[[Answer], Any]) -> Answer:
        """Look until the answer is good, for 20 seconds at most."""
        deadline = time.monotonic() + 20
        while not good(answer := look()):
            assert time.monotonic() < deadline, answer
            time.sleep(0.05)
        return answer

    return wait
