"""The test of a connection, as the form's button runs it: exchange the token, ask who it belongs to."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from phrase_provider.api.auth.exchange import exchange
from phrase_provider.api.auth.token_source import TokenSource
from phrase_provider.api.call_log import CallLog
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.tms.users import Users
from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from phrase_provider.api.settings import ClientSettings

#: Below the 10 s that the form of Airflow may be kept waiting.
DEADLINE, PATIENCE = 9.5, 4.0


class _Check(threading.Thread):
    """Runs the steps beside the caller, who can leave when a host never answers."""

    def __init__(self, settings: ClientSettings, patience: float) -> None:
        super().__init__(name="phrase-connection-test", daemon=True)
        self.settings = settings.with_timeout(patience)
        self.step = "Token exchange"
        self.result: tuple[bool, str] | None = None

    def run(self) -> None:
        try:
            self.result = True, self._steps()
        except (PhraseError, OSError, ValueError) as error:
            self.result = False, f"{self.step} failed: {error}"

    def _steps(self) -> str:
        call_log = CallLog()
        platform = PhraseSession(self.settings, self.settings.platform_url, call_log=call_log)
        token = exchange(platform, self.settings.api_token)
        self.step = "Who am I (TMS)"
        tms = PhraseSession(
            self.settings, self.settings.tms_url, token=TokenSource(lambda: token), call_log=call_log
        )
        return _describe(Users(tms).who_am_i())


def check(
    settings: ClientSettings, *, deadline: float = DEADLINE, patience: float = PATIENCE
) -> tuple[bool, str]:
    """
    Return whether the token can be exchanged, and who it belongs to.

    :param settings: of the connection under test.
    :param deadline: seconds for all steps together.
    :param patience: seconds for each silence of Phrase.
    :return: whether both steps worked, and who answered, or which step failed and why.
    """
    running, started = _Check(settings, patience), time.monotonic()
    running.start()
    running.join(deadline)
    if running.result is None:
        seconds = time.monotonic() - started
        return False, f"{running.step} got no answer within {seconds:.0f} s: check the URLs and the network."
    return running.result


def _describe(me: object) -> str:
    user, organization = _part(me, "user"), _part(me, "organization")
    return (
        f"Connected to Phrase TMS as {_part(user, 'userName')} ({_part(user, 'role')}) "
        f"of {_part(organization, 'name')}."
    )


def _part(answer: object, name: str) -> object:
    return answer.get(name) if isinstance(answer, dict) else None
