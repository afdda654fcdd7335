"""The ledger of a task: executes operations once, over its tries and over clearing it."""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from phrase_provider._compat import never_expire
from phrase_provider.config import RECONCILIATION_TIMEOUT, number
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseError,
    PhraseInputError,
    PhraseLedgerError,
    PhraseOutcomeUnknownError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseUnsupportedFileError,
)
from phrase_provider.idempotency.entry import Entry, RecordedResult, State
from phrase_provider.idempotency.reconciliation import poll_until_found, try_to_find
from phrase_provider.idempotency.resending import find_before_resending, may_resend, refusal_behind

if TYPE_CHECKING:
    from datetime import timedelta

    from airflow.sdk import Context

    from phrase_provider.idempotency.operation import Operation

T = TypeVar("T")

log = logging.getLogger(__name__)

_FIRST_MAX_TRIES = "phrase.first_max_tries"


class StateStore(Protocol):
    """The part of Airflow's ``task_state_store`` (3.3 and newer) that is used; a trigger must not use it."""

    def get(self, key: str) -> object: ...

    def set(self, key: str, value: object, *, retention: timedelta | None = None) -> None: ...


class Ledger:
    """
    Keeps for a task what it does in Phrase, over its tries and over clearing it.

    An entry says *pending* before the request is sent and *done* with the result after it. A later try
    returns the result of a *done* entry, once Phrase has confirmed it, and looks for that of a *pending*
    one until nothing can appear any more; only then it sends the request again.

    Several threads of the task may use it, each for operations of its own: Airflow is asked by one at a time.

    :param task_run: names the task and its run.
    :param store: the task's state; None below Airflow 3.3, where looking in Phrase has to do.
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
        self._asking = threading.Lock()

    @classmethod
    def of(cls, context: Context) -> Ledger:
        """Return the ledger of the task that runs, from its Airflow context."""
        ti = context["ti"]
        return cls(
            f"{ti.dag_id}/{ti.run_id}/{ti.task_id}/{ti.map_index}",
            cast("StateStore | None", context.get("task_state_store")),
            max_tries=ti.max_tries,
            retries=ti.task.retries or 0,
        )

    def run_once(self, operation: Operation[T], *, agree: bool = True) -> T:
        """
        Return the result of an operation, executing it if it was not done.

        :param operation: what to do.
        :param agree: whether to look at once for what another run has done at the same moment; otherwise
            the caller does by :meth:`agree`, for many operations after one look at Phrase.
        :raises PhraseOutcomeUnknownError: the answer got lost, and nothing appeared within ``[phrase]
            reconciliation_timeout``; it is not executed again here, the next try looks first.
        :raises PhraseLedgerError: its entry cannot be read, or names what Phrase no longer knows.
        """
        entry = self._read(operation.key)
        recorded = entry.result if entry else None
        is_pending = entry is not None and entry.state is State.PENDING
        found = _reconcile(operation, entry) if entry and is_pending else operation.find(recorded)
        if found is None:
            if entry and entry.state is State.DONE and not operation.repeatable:
                raise _gone(operation, entry)
            return self._execute(operation, recorded, agree=agree)
        log.info("Not %s: that is done already.", operation.description)
        self._keep_found(operation, found, entry)
        return found

    def agree(self, operation: Operation[T], result: T) -> T:
        """
        Return the result on which this run and others that did the same at the same moment agree.

        :param operation: that was executed.
        :param result: what :meth:`run_once` returned.
        """
        if operation.resolve_conflicts is None:
            return result
        own = operation.record(result)
        found = operation.find(own)
        agreed = result if found is None else found
        operation.resolve_conflicts(agreed, own)
        if operation.record(agreed) == own:
            return result
        self._record(operation, agreed, None)
        return agreed

    def result(self, key: str) -> RecordedResult:
        """
        Return what was recorded of an operation that is done; empty where it is not, or not for certain.

        :param key: of its entry.
        :raises PhraseLedgerError: its entry cannot be read.
        """
        entry = self._read(key)
        return (entry.result or {}) if entry and entry.state is State.DONE else {}

    @property
    def has_store(self) -> bool:
        """Whether what is recorded is there for later tries: since Airflow 3.3."""
        return self._store is not None

    def cleared(self) -> int:
        """Return 0 until the task was cleared, then a number that is another one after each clearing."""
        # Retries that a changed DAG takes away would look like a clearing: the ledger knows the first number.
        first = self._retries
        if self._store is not None:
            kept = self.remember(_FIRST_MAX_TRIES, {"max_tries": str(self._max_tries)})
            first = int(kept["max_tries"])
        return self._max_tries if self._max_tries > first else 0

    def remember(self, key: str, value: RecordedResult) -> RecordedResult:
        """
        Return what was first recorded under a key: the value, if nothing was.

        :param key: of the entry.
        :param value: texts by name.
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

    def keep(self, key: str, value: RecordedResult) -> None:
        """
        Record texts under a key, in place of what was recorded there.

        :param key: of the entry.
        :param value: texts by name.
        :raises PhraseInputError: there is no store.
        """
        if self._store is None:
            raise PhraseInputError(
                "What was done cannot be noted here for a later try",
                hint="That needs the task state of Airflow 3.3 or newer.",
            )
        self._write(key, Entry(State.DONE, "keeping it for later tries", value))

    def _execute(
        self, operation: Operation[T], recorded: RecordedResult | None, attempts: int = 1, *, agree: bool
    ) -> T:
        pending = Entry(State.PENDING, operation.description, recorded)
        self._write(operation.key, pending)
        try:
            result = operation.execute(recorded)
        except PhraseOutcomeUnknownError as error:
            found = _find_effect(error, operation, recorded, attempts)
            if found is None:
                return self._execute(operation, recorded, attempts + 1, agree=agree)
            log.info("It did: %s took effect.", operation.description)
            self._keep_found(operation, found, pending)
            return found
        except PhraseError as error:
            if _did_nothing(error):
                self._write(operation.key, Entry(State.REFUSED, operation.description, recorded))
            raise
        self._record(operation, result, pending)
        return self.agree(operation, result) if agree else result

    def _keep_found(self, operation: Operation[T], found: T, entry: Entry | None) -> None:
        if operation.resolve_conflicts is not None:
            operation.resolve_conflicts(found, entry.result if entry else None)
        self._record(operation, found, entry)

    def _record(self, operation: Operation[T], result: T, entry: Entry | None) -> None:
        recorded = operation.record(result)
        if entry is None or entry.state is not State.DONE or entry.result != recorded:
            self._write(operation.key, Entry(State.DONE, operation.description, recorded))

    def _read(self, key: str) -> Entry | None:
        if self._store is None:
            return None
        with self._asking:
            stored = self._store.get(key)
        return None if stored is None else Entry.load(key, stored)

    def _write(self, key: str, entry: Entry) -> None:
        if self._store is not None:
            with self._asking:
                # The default is 30 days; translations take longer.
                self._store.set(key, entry.dump(), retention=never_expire())


def _reconcile(operation: Operation[T], entry: Entry) -> T | None:
    """Look until what was pending can no longer appear: the request may have outlived its process."""
    timeout = operation.max_duration + number(RECONCILIATION_TIMEOUT)
    # Clocks of workers differ; no entry is a reason to wait longer than for a request sent now.
    left = min(timeout, timeout - (datetime.now(UTC) - entry.written).total_seconds())
    log.info("An earlier try may have been %s; looking for %.0f s.", operation.description, max(left, 0))
    return poll_until_found(partial(operation.find, entry.result), left, at_once=True)


def _find_effect(
    error: PhraseOutcomeUnknownError, operation: Operation[T], recorded: RecordedResult | None, attempts: int
) -> T | None:
    """
    Return what a request made whose answer does not tell; None: nothing, and it may be sent again.

    :param attempts: how often it was sent.
    :raises PhraseOutcomeUnknownError: the same error: nothing appeared, and it is not sent again here.
    :raises PhraseApiError: Phrase's refusal for token or rate, which nothing speaks against.
    """
    find, description = partial(operation.find, recorded), operation.description
    if may_resend(error, attempts):
        log.warning("Looking whether %s took effect before it is sent again. %s", description, error.message)
        return find_before_resending(find, error, attempts)
    log.warning("The answer to %s got lost; looking whether it took effect. %s", description, error.brief())
    if (found := try_to_find(partial(poll_until_found, find, number(RECONCILIATION_TIMEOUT)))) is None:
        raise refusal_behind(error) or error
    return found


def _did_nothing(error: PhraseError) -> bool:
    """Return whether an error says that nothing happened in Phrase."""
    if not error.sent:
        return True
    refused = (PhraseInputError, PhraseApiError, PhraseUnsupportedFileError)
    # Of a request that was refused in these words before, it is not certain.
    unclear = (PhraseServerError, PhraseAuthenticationError, PhraseRateLimitError)
    return isinstance(error, refused) and not isinstance(error, unclear)


def _gone(operation: Operation[T], entry: Entry) -> PhraseLedgerError:
    description = operation.description
    return PhraseLedgerError(
        f"{description[0].upper()}{description[1:]} was done at {entry.written:%Y-%m-%d %H:%M} UTC, "
        f"but Phrase no longer knows the result ({entry.result})",
        hint="Somebody deleted it. Nothing was sent: restore it in Phrase, or clear the task with "
        f"on_clear='new', or delete the entry {operation.key!r} in its state store and clear it.",
    )
