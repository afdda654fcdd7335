"""What a call costs this provider's session, beside the same request with bare `requests`."""

from __future__ import annotations

import time
from contextlib import contextmanager
from statistics import median
from typing import TYPE_CHECKING

import requests

from phrase_provider.api.call_log import CallLog, LogLine
from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.api.settings import ClientSettings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

#: One of the stub's paths.
READ = Endpoint("GET", "/floor")
TIMEOUT = 60.0
#: Calls of each kind in a round; the kinds take turns, so that what else the machine does meets all alike.
CALLS, ROUNDS = 20, 9


class _NoLog(CallLog):
    """Leaves out what the log of the process costs: Airflow's on a console is the dearest there is."""

    @contextmanager
    def call(self, endpoint: Endpoint, ids: Mapping[str, str]) -> Iterator[LogLine]:
        yield LogLine()


async def calls(url: str) -> dict[str, float]:
    """
    Measure the CPU of a call of each kind, in seconds: the median of the rounds.

    :param url: of the stub.
    """
    # Repeats nothing, as in the triggerer.
    settings = ClientSettings("", url, url, url, timeout=TIMEOUT, retries=0)
    ours, logged = PhraseSession(settings, url, call_log=_NoLog()), PhraseSession(settings, url)
    bare, usual = requests.Session(), requests.Session()
    bare.trust_env = False
    kinds: dict[str, Callable[[], object]] = {
        "ours": lambda: ours.json(Call(READ, expect=("data",))),
        "logged": lambda: logged.json(Call(READ, expect=("data",))),
        "bare": lambda: bare.get(f"{url}/floor", timeout=TIMEOUT).json(),
        "usual": lambda: usual.get(f"{url}/floor", timeout=TIMEOUT).json(),
    }
    rounds = [{name: _cpu(call) for name, call in kinds.items()} for _ in range(ROUNDS + 1)]
    # The first one connects, and loads what is loaded at first use.
    return {name: median(each[name] for each in rounds[1:]) for name in kinds}


def _cpu(call: Callable[[], object]) -> float:
    began = time.process_time()
    for _ in range(CALLS):
        call()
    return (time.process_time() - began) / CALLS
