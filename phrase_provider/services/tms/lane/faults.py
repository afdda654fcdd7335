"""Which failures are of one target, and which would meet the next one as well."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseError,
    PhraseRateLimitError,
    PhraseTlsError,
)

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")

#: Errors that the next target would meet as well.
_OF_ALL = (PhraseAuthenticationError, PhraseTlsError, PhraseRateLimitError)
#: Faults of the network or of Phrase in a row after which no more targets are tried.
MAX_FAULTS = 5


class FaultCount:
    """Counts faults in a row, over all steps of a lane."""

    def __init__(self) -> None:
        self._faults = 0

    def record(self, outcome: object) -> None:
        """
        Record what became of a step for one target.

        :param outcome: an error, or anything else for success.
        :raises PhraseError: the same error, if the next target would meet it as well.
        """
        if not isinstance(outcome, PhraseError):
            self._faults = 0
            return
        self._faults = self._faults + 1 if outcome.is_fault else 0
        if isinstance(outcome, _OF_ALL) or self._faults >= MAX_FAULTS:
            raise outcome


def outcome_of(do: Callable[[], T]) -> T | PhraseError:
    """Return what a step gave, or the error with which it failed."""
    try:
        return do()
    except PhraseError as error:
        return error
