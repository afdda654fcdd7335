"""What the test button of the connection form does."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from phrase_provider.api.call_log import CallLog
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.tms.users import Users
from phrase_provider.api.token import TokenSource, exchange
from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from phrase_provider.api.settings import ClientSettings

#: Seconds for all steps together, and for each silence of Phrase.
DEADLINE, PATIENCE = 9.5, 4.0


class _Check(threading.Thread):
    """Runs the steps beside the caller, who can leave when a host never answers."""

    def __init__(self, settings: ClientSettings) -> None:
        super().__init__(name="phrase-connection-test", daemon=True)
        self.settings = settings.impatient(PATIENCE)
        self.step = "Token exchange"
        self.result: tuple[bool, str] | None = None

    def run(self) -> None:
        try:
            self.result = True, self._steps()
        except PhraseError as error:
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


def check(settings: ClientSettings) -> tuple[bool, str]:
    """
    Exchange the token and ask who it belongs to.

    :param settings: of the connection under test.
    :return: whether both steps worked, and who answered, or which step failed and why.
    """
    running, started = _Check(settings), time.monotonic()
    running.start()
    running.join(DEADLINE)
    if running.result is None:
        seconds = time.monotonic() - started
        return False, f"{running.step} got no answer within {seconds:.0f} s: check the URLs and the network."
    return running.result


def _describe(me: dict[str, object]) -> str:
    user, organization = me.get("user"), me.get("organization")
    name = user.get("userName") if isinstance(user, dict) else None
    role = user.get("role") if isinstance(user, dict) else None
    where = organization.get("name") if isinstance(organization, dict) else None
    return f"Connected to Phrase TMS as {name} ({role}) of {where}."
