"""Base classes of the operators of Phrase TMS: connection, links, and creating once."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.failure_log import FailureLogMixin
from phrase_provider.hooks.phrase import DEFAULT_CONNECTION
from phrase_provider.links import PhraseTmsLinksMixin
from phrase_provider.retry_policy import DEFAULT_RETRY_POLICY, retry_arguments

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from phrase_provider._compat import RetryPolicy
    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.hooks.tms import PhraseTmsHook
    from phrase_provider.idempotency.ledger import Ledger

#: Values of ``on_clear``.
REPLAY, NEW = "replay", "new"


def seconds_of(duration: timedelta | float) -> float:
    """Return a duration in seconds, as operators take it in either form."""
    return duration if isinstance(duration, (int, float)) else duration.total_seconds()


class PhraseTmsOperator(FailureLogMixin, PhraseTmsLinksMixin, BaseOperator):
    """
    Works on Phrase TMS over one connection.

    :param phrase_conn_id: Airflow connection of type ``phrase`` (templated).
    :param retry_policy: which failures are tried again (Airflow 3.3 and newer); default:
        :class:`~phrase_provider.retry_policy.PhraseRetryPolicy`.
    """

    template_fields: Sequence[str] = ("phrase_conn_id",)
    ui_color = "#d5f0ec"

    def __init__(
        self,
        *,
        phrase_conn_id: str = DEFAULT_CONNECTION,
        retry_policy: RetryPolicy | None = DEFAULT_RETRY_POLICY,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs, **retry_arguments(retry_policy))
        self.phrase_conn_id = phrase_conn_id

    @cached_property
    def hook(self) -> PhraseTmsHook:  # type: ignore[override]
        """Hook of the connection."""
        from phrase_provider.hooks.tms import PhraseTmsHook

        return PhraseTmsHook(self.phrase_conn_id)

    @property
    def client(self) -> TmsClient:
        """Client of the connection."""
        return self.hook.client


class PhraseTmsCreateOperator(PhraseTmsOperator):
    """
    Creates something in Phrase TMS, once.

    What a try did is noted in the task's state (Airflow 3.3 and newer) before and after it is done, and
    looked up in Phrase: a retry, also after the worker was killed, gives the same result.

    :param on_clear: what a cleared task does: ``replay`` gives the same result again, ``new`` creates
        again, once for each time it was cleared.
    """

    def __init__(self, *, on_clear: str = REPLAY, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if on_clear not in (REPLAY, NEW):
            raise PhraseInputError(f"on_clear is {on_clear!r}", hint=f"Use {REPLAY!r} or {NEW!r}.")
        self.on_clear = on_clear

    def recreate_key(self, ledger: Ledger) -> str:
        """
        Return the name of the creation that a person asked for by clearing the task.

        It is empty for the first one, and for all with ``on_clear="replay"``.

        :param ledger: of the task.
        """
        # Also where the task replays: the number of its first tries is noted, should ``new`` be set later.
        cleared = ledger.cleared()
        return str(cleared or "") if self.on_clear == NEW else ""
