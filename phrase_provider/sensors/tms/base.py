"""What the sensors of Phrase TMS share: one condition, the same end in every mode."""

from __future__ import annotations

import time
from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from airflow.providers.common.compat.sdk import conf
from airflow.sdk import BaseSensorOperator, PokeReturnValue

from phrase_provider.config import MACHINE_POKE_INTERVAL, number
from phrase_provider.hooks.phrase import DEFAULT_CONNECTION
from phrase_provider.retry_policy import DEFAULT_RETRY_POLICY, retry_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import NoReturn

    from airflow.sdk import Context

    from phrase_provider._compat import RetryPolicy
    from phrase_provider.api.tms.conditions import Condition, Verdict
    from phrase_provider.config import Option
    from phrase_provider.exceptions import PhraseError
    from phrase_provider.hooks.tms import PhraseTmsHook
    from phrase_provider.triggers.wait import PhraseWaitTrigger
    from phrase_provider.triggers.watch import Patience


class PhraseTmsSensor(BaseSensorOperator):
    """
    Waits for a condition: deferred in the triggerer, or in poke or reschedule mode on a worker.

    Deferred, it looks soon after a change and less often later, at the latest every
    ``poke_interval``. ``soft_fail`` skips the task when the wait is lost or late; a broken
    connection or a wrong uid still fails it. Faults of Phrase that pass are waited out for ten minutes;
    in reschedule mode, where every look is a process of its own, until the ``timeout``.

    :param phrase_conn_id: Airflow connection of type ``phrase``.
    :param retry_policy: which failures are tried again (Airflow 3.3 and newer); default:
        :class:`~phrase_provider.retry_policy.PhraseRetryPolicy`.
    :param deferrable: wait in the triggerer; default: ``[operators] default_deferrable``.
    :param poke_interval: longest time between looks, in seconds; default: ``[phrase]
        machine_poke_interval`` or ``human_poke_interval``.
    :param timeout: longest wait, in seconds.
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
        self._last_progress = "nothing yet"

    @cached_property
    def hook(self) -> PhraseTmsHook:
        """Client of the connection."""
        from phrase_provider.hooks.tms import PhraseTmsHook

        return PhraseTmsHook(self.phrase_conn_id)

    @abstractmethod
    def condition(self) -> Condition:
        """Give what is waited for."""

    @abstractmethod
    def trigger(self, **wait: Any) -> PhraseWaitTrigger:
        """
        Make the trigger that waits for the same condition.

        :param wait: connection, interval and deadline.
        """

    def prepare(self, context: Context) -> None:
        """Do what belongs before the wait, such as setting links."""

    def execute(self, context: Context) -> Any:
        """
        Wait.

        :return: the condition's result, the same in every mode.
        :raises PhraseWorkError: the wait is lost.
        :raises AirflowSensorTimeout: the wait took longer than ``timeout``.
        """
        from airflow.providers.common.compat.sdk import AirflowSensorTimeout

        self.prepare(context)
        if self.deferrable:
            return self._execute_deferred()
        try:
            return super().execute(context)
        except AirflowSensorTimeout as error:
            raise AirflowSensorTimeout(f"{error} Last seen: {self._last_progress}") from error

    def poke(self, context: Context) -> PokeReturnValue:
        """Look once."""
        verdict = self._look()
        return PokeReturnValue(verdict.met, verdict.result or None)

    def execute_complete(self, context: Context, event: Any = None) -> Any:
        """
        End the wait as the trigger's event says, after one more look at Phrase.

        :param event: see :mod:`phrase_provider.triggers.events`.
        """
        from phrase_provider.exceptions import PhraseTimeoutError, PhraseWorkError
        from phrase_provider.triggers.events import result_of

        self.prepare(context)
        try:
            result_of(event)
        except (PhraseWorkError, PhraseTimeoutError) as error:
            self._lost(error)
        verdict = self._look()
        if not verdict.met:
            # Moved on between the event and this look: a job was sent back, say.
            self._defer(event.get("deadline") or time.time() + self.timeout)
        return verdict.result

    def _execute_deferred(self) -> Any:
        verdict = self._look()
        if not verdict.met:
            self._defer(time.time() + self.timeout)
        return verdict.result

    def _look(self) -> Verdict:
        verdict = self._check()
        if verdict.progress != self._last_progress:
            self._last_progress = verdict.progress
            verdict.log(self.log)
        if verdict.error:
            self._lost(verdict.error)
        return verdict

    def _check(self) -> Verdict:
        """Look; a fault that passes says nothing of the work, so the wait goes on, as in the triggerer."""
        from phrase_provider.api.tms.conditions import Verdict
        from phrase_provider.exceptions import PhraseError

        try:
            verdict = self.condition().check(self.hook.client)
        except PhraseError as error:
            self._patience.bear(error, self.log)
            return Verdict(False, self._last_progress)
        self._patience.renew()
        return verdict

    @cached_property
    def _patience(self) -> Patience:
        from phrase_provider.triggers.watch import Patience

        return Patience()

    def _defer(self, deadline: float) -> NoReturn:
        self.defer(
            trigger=self.trigger(
                phrase_conn_id=self.phrase_conn_id,
                poke_interval=self.poke_interval,
                deadline=deadline,
            ),
            method_name="execute_complete",
        )

    def _lost(self, error: PhraseError) -> NoReturn:
        from airflow.providers.common.compat.sdk import AirflowSensorTimeout, AirflowSkipException

        from phrase_provider.exceptions import PhraseTimeoutError

        if self.soft_fail or self.never_fail:
            raise AirflowSkipException(f"Skipped: {error}") from error
        if isinstance(error, PhraseTimeoutError):
            raise AirflowSensorTimeout(str(error)) from error
        raise error
