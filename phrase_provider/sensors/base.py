"""The base of all sensors of this provider: one condition, the same end in every mode."""

from __future__ import annotations

import time
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.providers.common.compat.sdk import conf
from airflow.sdk import BaseSensorOperator, PokeReturnValue

from phrase_provider.config import MACHINE_POKE_INTERVAL, number
from phrase_provider.failure_log import FailureLogMixin
from phrase_provider.hooks.phrase import DEFAULT_CONNECTION
from phrase_provider.retry_policy import DEFAULT_RETRY_POLICY, retry_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import NoReturn, Unpack

    from airflow.sdk import Context

    from phrase_provider._compat import RetryPolicy
    from phrase_provider.config import Option
    from phrase_provider.exceptions import PhraseError, PhraseTimeoutError
    from phrase_provider.sensors.failure_tolerance import StoredFailureTolerance
    from phrase_provider.triggers.wait import PhraseWaitTrigger, WaitOptions
    from phrase_provider.waiting.conditions import Condition, PollResult
    from phrase_provider.waiting.failure_tolerance import FailureTolerance
    from phrase_provider.waiting.wait_log import WaitLog


class PhraseSensor(FailureLogMixin, BaseSensorOperator):
    """
    Waits for a condition: deferred in the triggerer, or in poke or reschedule mode on a worker.

    Deferred, it polls soon after a change and less often later, at the latest every
    ``poke_interval``. ``soft_fail`` skips the task when the wait is lost or late; a broken
    connection or a wrong uid still fails it. Faults of Phrase that pass are waited out as long as
    ``[phrase] max_failure_duration`` says; in reschedule mode below Airflow 3.3, where nothing can be
    kept between polls, until the ``timeout``.

    :param phrase_conn_id: Airflow connection of type ``phrase``.
    :param retry_policy: which failures are tried again (Airflow 3.3 and newer); default:
        :class:`~phrase_provider.retry_policy.PhraseRetryPolicy`.
    :param deferrable: wait in the triggerer; default: ``[operators] default_deferrable``.
    :param poke_interval: longest time between polls, in seconds; default: ``[phrase]
        machine_poke_interval`` or ``human_poke_interval``.
    :param timeout: longest wait from the first poll on, in seconds; the same in every mode. Deferred,
        ``execution_timeout`` ends the wait too, since Airflow does not enforce it there.
    """

    template_fields: Sequence[str] = ("phrase_conn_id",)
    ui_color = "#e5f5f3"
    default_interval: ClassVar[Option] = MACHINE_POKE_INTERVAL

    def __init__(
        self,
        *,
        phrase_conn_id: str = DEFAULT_CONNECTION,
        deferrable: bool = conf.getboolean("operators", "default_deferrable", fallback=False),
        poke_interval: timedelta | float | None = None,
        timeout: timedelta | float,
        retry_policy: RetryPolicy | None = DEFAULT_RETRY_POLICY,
        **kwargs: Any,
    ) -> None:
        interval = number(self.default_interval) if poke_interval is None else poke_interval
        super().__init__(poke_interval=interval, timeout=timeout, **retry_arguments(retry_policy), **kwargs)
        self.phrase_conn_id = phrase_conn_id
        self.deferrable = deferrable
        self._started = self._deadline = 0.0
        # As the author says; Airflow goes by the public ones, which change while it waits.
        self._max_interval, self._max_wait = self.poke_interval, self.timeout
        #: Until then Phrase asked for no request, on this process's clock.
        self._held_off = 0.0

    @property
    @abstractmethod
    def client(self) -> object:
        """Client of the product, asked at each poll."""

    @abstractmethod
    def condition(self) -> Condition:
        """Return what is waited for."""

    @abstractmethod
    def trigger(self, **wait: Unpack[WaitOptions]) -> PhraseWaitTrigger:
        """
        Return the trigger that waits for the same condition.

        :param wait: connection, interval and deadline.
        """

    def prepare(self, context: Context) -> None:
        """Do what belongs before the wait, such as setting links."""

    def execute(self, context: Context) -> object:
        """
        Wait until the condition is met.

        :return: the condition's result, the same in every mode.
        :raises PhraseWorkError: the wait is lost.
        :raises AirflowSensorTimeout: the wait took longer than ``timeout``; says what was open.
        """
        self._forget()
        self.prepare(context)
        self._begin(time.time())
        if self.deferrable:
            return self._poll_or_defer()
        if self.reschedule:
            self._continue(context)
        self._wait_log.begin()
        return super().execute(context)

    def poke(self, context: Context) -> PokeReturnValue:
        """Poll once; called by itself, it begins the wait."""
        if not self._started:
            self._begin(time.time())
        result = self._poll()
        if result and result.done:
            return PokeReturnValue(True, result.result)
        self._check_time(result)
        self._wait_log.report_if_due(self._tolerance.failure, self.deadline(result))
        return PokeReturnValue(False)

    def execute_complete(self, context: Context, event: object = None) -> object:
        """
        End the wait as the trigger's event says, after one more poll of Phrase.

        :param event: see :mod:`phrase_provider.triggers.events`.
        """
        from phrase_provider.exceptions import PhraseTimeoutError, PhraseWorkError
        from phrase_provider.triggers.events import deadline_of, noted_number, result_of

        self.prepare(context)
        self._begin(noted_number(event, "started") or time.time())
        late = None
        try:
            result_of(event)
        except PhraseWorkError as error:
            self._lost(error)
        except PhraseTimeoutError as error:
            late = error
        self._deadline = deadline_of(event) or self._deadline
        # It may have moved on between the event and this poll: a job was sent back, or its due date moved.
        return self._poll_or_defer(late)

    def deadline(self, result: PollResult | None) -> float:
        """
        Return the deadline of the wait.

        :param result: of the last poll; None when it failed.
        :return: epoch seconds.
        """
        return self._deadline

    def _begin(self, started: float) -> None:
        self._started, self._deadline = started, started + self._max_wait

    def _forget(self) -> None:
        """Begin as new: ``dag.test()`` runs one task object again and again."""
        self._held_off = 0.0
        for name in ("_wait_log", "_tolerance"):
            self.__dict__.pop(name, None)

    def _poll_or_defer(self, late: PhraseTimeoutError | None = None) -> object:
        result = self._poll()
        if not (result and result.done):
            self._defer(result, late)
        return result.result

    def _check_time(self, result: PollResult | None) -> None:
        from phrase_provider.waiting.wait_state import too_late

        deadline = self.deadline(result)
        # What Airflow goes by, which must not come first: a due date may lie later.
        self.timeout = deadline - self._started + 1
        left = deadline - time.time()
        if left <= 0:
            self._lost(too_late(self._wait_log.last_seen, self._tolerance.failure))
        # The last poll is at the deadline, not up to an interval later.
        self.poke_interval = min(self._max_interval, left)

    def _continue(self, context: Context) -> None:
        """Take up a wait of which every poll is a process of its own."""
        from phrase_provider.sensors.failure_tolerance import StoredFailureTolerance

        if first := context["ti"].get_first_reschedule_date(context):
            self._begin(first.timestamp())
        self._tolerance = StoredFailureTolerance(context)

    def _poll(self) -> PollResult | None:
        """Poll; a fault that passes says nothing of the work, so the wait goes on, as in the triggerer."""
        from phrase_provider.exceptions import PhraseError
        from phrase_provider.waiting.intervals import LONGEST_HOLD

        if time.monotonic() < self._held_off:
            self._tolerance.check()
            return None
        self._wait_log.polled()
        try:
            result = self.condition().check(self.client)
        except PhraseError as error:
            self._tolerance.record_failure(error, self.log)
            self._held_off = time.monotonic() + min(error.retry_after or 0.0, LONGEST_HOLD)
            return None
        self._tolerance.record_success()
        self._wait_log.saw(result, self.deadline(result))
        if result.error:
            self._lost(result.error)
        return result

    @cached_property
    def _tolerance(self) -> FailureTolerance | StoredFailureTolerance:
        from phrase_provider.waiting.failure_tolerance import FailureTolerance

        return FailureTolerance()

    @cached_property
    def _wait_log(self) -> WaitLog:
        from phrase_provider.waiting.wait_log import WaitLog

        return WaitLog(self.condition(), self.log, self._max_interval)

    def _defer(self, result: PollResult | None, late: PhraseTimeoutError | None) -> NoReturn:
        from phrase_provider.waiting.wait_state import still_too_late

        deadline = self.deadline(result)
        if self.execution_timeout:
            deadline = min(deadline, self._started + self.execution_timeout.total_seconds())
        if late and deadline <= time.time():
            failure = self._tolerance.failure
            self._lost(still_too_late(late, failure) if failure else late)
        self.defer(
            trigger=self.trigger(
                phrase_conn_id=self.phrase_conn_id,
                poke_interval=self.poke_interval,
                deadline=deadline,
                note={"started": self._started},
                not_before=self._not_before(),
            ),
            method_name="execute_complete",
        )

    def _not_before(self) -> float | None:
        """Return the moment until which Phrase asked for a pause, in epoch seconds; None: it did not."""
        left = self._held_off - time.monotonic()
        return time.time() + left if left > 0 else None

    def _lost(self, error: PhraseError) -> NoReturn:
        from airflow.providers.common.compat.sdk import AirflowSensorTimeout, AirflowSkipException

        from phrase_provider.exceptions import PhraseTimeoutError

        if self.soft_fail or self.never_fail:
            raise AirflowSkipException(f"Skipped: {error}") from error
        if isinstance(error, PhraseTimeoutError):
            self.log_failure(error)
            raise AirflowSensorTimeout(str(error)) from error
        raise error
