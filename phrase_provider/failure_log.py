"""The cause of a failure and its remedy as a log line of their own, before Airflow's traceback."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from phrase_provider.exceptions import PhraseError, PhraseTransportError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

#: Methods with which Airflow starts a task, or resumes one that was deferred.
ENTRIES = ("execute", "execute_complete", "execute_in_turn")


class FailureLogMixin:
    """Lets a task tell why it failed and what to do, in each method with which Airflow runs it."""

    log: Any

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)
        for name in ENTRIES:
            if name in vars(cls):
                setattr(cls, name, _logging_failures(vars(cls)[name]))

    def log_failure(self, error: PhraseError) -> None:
        """
        Write cause and remedy to the task's log, once for each error.

        :param error: with which the task ends.
        """
        if self.__dict__.get("_failure") is not error:
            self._failure = error
            self.log.error("%s", describe(error))


def describe(error: PhraseError) -> str:
    """Return cause and remedy in one line, without the facts that Phrase's support asks for."""
    parts = [error.message]
    if error.description and error.description not in error.message:
        # What a proxy says is not Phrase's word.
        who = "The answer" if isinstance(error, PhraseTransportError) else "Phrase says"
        parts.append(f"{who}: {error.description}")
    if error.hint:
        parts.append(f"What to do: {error.hint}")
    return " ".join(part if part.endswith((".", "!", "?")) else f"{part}." for part in parts)


def _logging_failures(entry: Callable[..., T]) -> Callable[..., T]:
    @wraps(entry)
    def run(self: FailureLogMixin, *args: object, **kwargs: object) -> T:
        try:
            return entry(self, *args, **kwargs)
        except PhraseError as error:
            self.log_failure(error)
            raise

    return run
