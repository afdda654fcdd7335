"""Doing something in Phrase once, whenever the process that does it may die."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from phrase_provider._compat import never_expire
from phrase_provider.config import SETTLING_TIME, number
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseError,
    PhraseInputError,
    PhraseLedgerError,
    PhraseOutcomeUnknownError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseTransportError,
    PhraseUnsupportedFileError,
)
from phrase_provider.idempotency.entry import Entry, Noted, State
from phrase_provider.idempotency.reconciliation import look_for, tolerant
from phrase_provider.idempotency.refusals import look_before_sending, may_send_again, refusal_behind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

T = TypeVar("T")

log = logging.getLogger(__name__)

_FIRST_MAX_TRIES = "phrase.first_max_tries"


class StateStore(Protocol):
    """The part of Airflow's ``task_state_store`` (3.3 and newer) that is used; a trigger must not use it."""

    def get(self, key: str) -> Any: ...

    def set(self, key: str, value: Any, *, retention: timedelta | None = None) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed(Generic[T]):
    """
    Something to do once.

    :param what: for people, such as ``creating project 'Web 42'``.
    :param key: of its entry; see :func:`entry_key`.
    :param look_up: finds the result in Phrase, given what was noted of it, if anything; None when it is
        not there.
    :param do: does it; given what was noted when it was done before and has to be done again.
    :param note: tells what to note of a result.
    :param lasts: seconds that Phrase may work on the request although nobody waits for the answer.
    :param contended: another run may do the same at the same moment: Phrase is looked at again
        after it was done, so that ``look_up`` can choose one of the two.
    :param repeatable: it is done again where Phrase no longer shows what was noted; otherwise that is an
        error, since somebody has undone it.
    """

    what: str
    key: str
    look_up: Callable[[Noted | None], T | None]
    do: Callable[[Noted | None], T]
    note: Callable[[T], Noted]
    lasts: float = 0
    contended: bool = False
    repeatable: bool = False


class Ledger:
    """
    Keeps for a task what it does in Phrase, over its tries and over clearing it.

    An entry says *pending* before the request is sent and *done* with the result after it. A later try
    gives the result of a *done* entry, once Phrase has confirmed it, and looks for that of a *pending*
    one until nothing can appear any more; only then it sends the request again.

    :param task_run: names the task and its run.
    :param store: of the task; None below Airflow 3.3, where looking in Phrase has to do.
    :param max_tries: of the task instance; Airflow raises it each time that the task is cleared.
    :param retries: of the task.
    """

    def __init__(
        self, task_run: str, store: StateStore | None = None, *, max_tries: int = 0, retries: int = 0
    ) -> None:
        self.task_run = task_run
        self._store = store
        self._max_tries = max_tries
        self._retries = retries

    @classmethod
    def of(cls, context: Mapping[str, Any]) -> Ledger:
        """Give the ledger of the task that runs."""
        ti = context["ti"]
        return cls(
            f"{ti.dag_id}/{ti.run_id}/{ti.task_id}/{ti.map_index}",
            context.get("task_state_store"),
            max_tries=ti.max_tries,
            retries=ti.task.retries or 0,
        )

    def once(self, deed: Deed[T]) -> T:
        """
        Give the result of a deed, doing it if it was not done.

        :raises PhraseOutcomeUnknownError: the answer got lost, and nothing appeared within ``[phrase]
            settling_time``; it is not done again here, the next try looks first.
        :raises PhraseLedgerError: its entry cannot be read, or names what Phrase no longer knows.
        """
        entry = self._read(deed.key)
        known = entry.result if entry else None
        found = _settle(deed, entry) if entry and entry.state is State.PENDING else deed.look_up(known)
        if found is None:
            if entry and entry.state is State.DONE and not deed.repeatable:
                raise _gone(deed, entry)
            return self._do(deed, known)
        log.info("Not %s: that is done already.", deed.what)
        self._note(deed, found, entry)
        return found

    def result(self, key: str) -> Noted:
        """
        Return what was noted of a deed that is done; nothing where it is not, or not for certain.

        :param key: of its entry.
        :raises PhraseLedgerError: its entry cannot be read.
        """
        entry = self._read(key)
        return (entry.result or {}) if entry and entry.state is State.DONE else {}

    def cleared(self) -> int:
        """
        Tell apart the times that the task was cleared.

        :return: 0 until the task was cleared, then a number that is another after each clearing.
        """
        # Retries that a changed DAG takes away would look like a clearing: the ledger knows the first number.
        first = self._retries
        if self._store is not None:
            kept = self.remember(_FIRST_MAX_TRIES, {"max_tries": str(self._max_tries)})
            first = int(kept["max_tries"])
        return self._max_tries if self._max_tries > first else 0

    def remember(self, key: str, value: Noted) -> Noted:
        """
        Give what was first noted under a key: the value, if nothing was.

        :raises PhraseInputError: there is no store.
        """
        if self._store is None:
            raise PhraseInputError(
                "on_clear='new' cannot tell new jobs from old ones here",
                hint="For jobs it needs Airflow 3.3 or newer; clear the task that creates the project.",
            )
        if entry := self._read(key):
            return value | (entry.result or {})
        self._write(key, Entry(State.DONE, "keeping it for later tries", value))
        return value

    def _do(self, deed: Deed[T], known: Noted | None, sendings: int = 1) -> T:
        pending = Entry(State.PENDING, deed.what, known)
        self._write(deed.key, pending)
        try:
            made = deed.do(known)
        except PhraseOutcomeUnknownError as error:
            found = _look_after(error, deed, known, sendings)
            if found is None:
                return self._do(deed, known, sendings + 1)
            log.info("It did: %s took effect.", deed.what)
            self._note(deed, found, pending)
            return found
        except PhraseError as error:
            if _did_nothing(error):
                self._write(deed.key, Entry(State.REFUSED, deed.what, known))
            raise
        self._note(deed, made, pending)
        return self._agreed(deed, made) if deed.contended else made

    def _agreed(self, deed: Deed[T], made: T) -> T:
        noted = deed.note(made)
        found = deed.look_up(noted)
        if found is None or deed.note(found) == noted:
            return made
        self._note(deed, found, None)
        return found

    def _note(self, deed: Deed[T], result: T, entry: Entry | None) -> None:
        noted = deed.note(result)
        if entry is None or entry.state is not State.DONE or entry.result != noted:
            self._write(deed.key, Entry(State.DONE, deed.what, noted))

    def _read(self, key: str) -> Entry | None:
        stored = None if self._store is None else self._store.get(key)
        return None if stored is None else Entry.load(key, stored)

    def _write(self, key: str, entry: Entry) -> None:
        if self._store is not None:
            # The default is 30 days; translations take longer.
            self._store.set(key, entry.dump(), retention=never_expire())


def entry_key(kind: str, *parts: object) -> str:
    """
    Name an entry by what it is about.

    :param kind: such as ``project``.
    :param parts: what tells it from others of its kind.
    """
    return f"phrase.{kind}.{short_hash(*parts)}"


def short_hash(*parts: object) -> str:
    """Make 24 hex digits of some parts."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]


def _settle(deed: Deed[T], entry: Entry) -> T | None:
    """Look until what was pending can no longer appear: the request may have outlived its process."""
    longest = deed.lasts + number(SETTLING_TIME)
    # Clocks of workers differ; no entry is a reason to wait longer than for a request sent now.
    left = min(longest, longest - (datetime.now(UTC) - entry.written).total_seconds())
    log.info("An earlier try may have been %s; looking for %.0f s.", deed.what, max(left, 0))
    return look_for(partial(deed.look_up, entry.result), left, at_once=True)


def _look_after(
    error: PhraseOutcomeUnknownError, deed: Deed[T], known: Noted | None, sendings: int
) -> T | None:
    """
    Return what a request made whose answer does not tell; None: nothing, and it may be sent again.

    :param sendings: how often it was sent.
    :raises PhraseOutcomeUnknownError: the same error: nothing appeared, and it is not sent again here.
    :raises PhraseApiError: Phrase's refusal for token or rate, which nothing speaks against.
    """
    look_up = partial(deed.look_up, known)
    if may_send_again(error, sendings):
        log.warning("Looking whether %s took effect before it is sent again. %s", deed.what, error.message)
        return look_before_sending(look_up, error, sendings)
    log.warning("The answer to %s got lost; looking whether it took effect. %s", deed.what, error.brief())
    if (found := tolerant(partial(look_for, look_up, number(SETTLING_TIME)))) is None:
        raise refusal_behind(error) or error
    return found


def _did_nothing(error: PhraseError) -> bool:
    """Tell whether an error says that nothing happened in Phrase."""
    if isinstance(error, PhraseTransportError):
        return not error.sent
    refused = (PhraseInputError, PhraseApiError, PhraseUnsupportedFileError)
    # Of a request that was refused in these words before, it is not certain.
    unclear = (PhraseServerError, PhraseAuthenticationError, PhraseRateLimitError)
    return isinstance(error, refused) and not isinstance(error, unclear)


def _gone(deed: Deed[T], entry: Entry) -> PhraseLedgerError:
    return PhraseLedgerError(
        f"{deed.what[0].upper()}{deed.what[1:]} was done at {entry.written:%Y-%m-%d %H:%M} UTC, "
        f"but Phrase no longer knows the result ({entry.result})",
        hint="Somebody deleted it. Nothing was sent: restore it in Phrase, or clear the task with "
        f"on_clear='new', or delete the entry {deed.key!r} in its state store and clear it.",
    )
