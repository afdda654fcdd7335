"""Which failures of a task are worth another try (Airflow 3.3 and newer; ignored before)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from phrase_provider._compat import HAS_RETRY_POLICY, RetryDecision, RetryPolicy
from phrase_provider.exceptions import PhraseError

if TYPE_CHECKING:
    from airflow.sdk import Context


class PhraseRetryPolicy(RetryPolicy):
    """
    Ends a task at once when trying again cannot help, and tries again when Phrase says so.

    What a person must mend (a wrong token, a missing right, an unknown uid, bad input) fails
    without spending the other tries; a rate limit is tried again at the time that Phrase named;
    everything else is left to the task's own retries and backoff.

    Operators and sensors of this provider have it unless they, or ``default_args``, name another one
    or None; they still need ``retries``. Others can have it too:

    .. code-block:: python

        default_args = {"retries": 4, "retry_policy": PhraseRetryPolicy()}
    """

    def evaluate(
        self,
        exception: BaseException,
        try_number: int,
        max_tries: int,
        context: Context | None = None,
    ) -> RetryDecision:
        """
        Return what to do after a failure.

        :param exception: what ended the try.
        :param try_number: of the try that failed, from 1.
        :param max_tries: as the task is configured.
        :param context: of the task.
        """
        if not isinstance(exception, PhraseError):
            return RetryDecision.default()
        if not exception.can_pass:
            return RetryDecision.fail(reason=str(exception))
        if (exception.retry_after or 0) > 0:
            return RetryDecision.retry(_delay(exception), reason=exception.message)
        return RetryDecision.default()

    def serialize(self) -> dict[str, object]:
        """Return nothing: the policy has no settings."""
        return {}

    @classmethod
    def deserialize(cls, data: dict[str, object]) -> PhraseRetryPolicy:
        """Return the policy; nothing is read."""
        return cls()


def has_tries_left(context: Context) -> bool:
    """
    Return whether Airflow tries a task again if this try fails.

    :param context: of the task.
    """
    ti = context["ti"]
    return getattr(ti, "try_number", 1) <= (ti.max_tries or 0)


def _delay(error: PhraseError) -> timedelta:
    """Return the wait that Phrase named, within its bound, whoever made the error."""
    # Not imported when a DAG is parsed.
    from phrase_provider.api.rate_limits import LONGEST_NAMED_WAIT

    return timedelta(seconds=min(error.retry_after or 0, LONGEST_NAMED_WAIT))


#: Policy of every operator and sensor that is given no other.
DEFAULT_RETRY_POLICY = PhraseRetryPolicy()


def retry_arguments(retry_policy: RetryPolicy | None) -> dict[str, Any]:
    """
    Return what Airflow's operator classes take of a retry policy: nothing before Airflow 3.3.

    :param retry_policy: of the task.
    """
    return {"retry_policy": retry_policy} if HAS_RETRY_POLICY else {}
