"""Failures in a task that works on many files: when to try no more of them, and what it fails with."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseRateLimitError,
    PhraseTimeoutError,
    PhraseTlsError,
    PhraseUploadsFailedError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.exceptions import PhraseError

#: Errors that the next file would meet as well.
_OF_ALL_FILES = (PhraseAuthenticationError, PhraseTlsError, PhraseRateLimitError, PhraseTimeoutError)
#: Faults of the network or of Phrase in a row after which no more files are tried.
_MAX_FAULTS = 5
#: Files that an error names.
_MAX_NAMED = 20

_HINT = (
    "The others are in Phrase, and are not uploaded again. What can pass is tried again while there are "
    "retries; mend the rest and clear this task."
)


class CircuitBreaker:
    """Tells when what failed concerns all files, so that no more of them are tried; several threads may."""

    def __init__(self) -> None:
        #: Whether nothing new is to be sent.
        self.is_open = False
        self._faults = 0
        self._counting = threading.Lock()

    def succeeded(self) -> None:
        """Count a file that went well."""
        self._faults = 0

    def failed(self, error: PhraseError) -> None:
        """Count a file that failed."""
        with self._counting:
            self._faults = self._faults + 1 if error.is_fault else 0
            if isinstance(error, _OF_ALL_FILES) or self._faults >= _MAX_FAULTS:
                self.is_open = True

    def open(self) -> None:
        """Have no more files tried."""
        self.is_open = True


def combined_error(
    failed: Mapping[str, PhraseError], total: int, left: Sequence[str] = ()
) -> PhraseError | None:
    """
    Return the error of a task of which files failed; None when none did.

    :param failed: the errors by file, as it is named to people.
    :param total: number of the task's files.
    :param left: files that were not tried because of these errors.
    """
    rest = _rest(len(failed), left)
    if len(failed) < 2:
        return next((_only(name, error, total, rest) for name, error in failed.items()), None)
    errors = list(failed.values())
    if all(error is errors[0] for error in errors):
        errors[0].message = f"{len(failed)} of {total} files failed. {errors[0].message.rstrip('.')}{rest}"
        return errors[0]
    kinds, hints = {type(error) for error in errors}, {error.hint for error in errors}
    messages = "; ".join(_describe(*one) for one in list(failed.items())[:_MAX_NAMED])
    error = (kinds.pop() if len(kinds) == 1 else PhraseUploadsFailedError)(
        f"{len(failed)} of {total} files failed. {messages}{rest}",
        hint=hints.pop() if len(hints) == 1 else _HINT,
        retry_after=max(error.retry_after or 0 for error in errors) or None,
    )
    error.can_pass = any(error.can_pass for error in errors)
    return error


def _only(name: str, error: PhraseError, total: int, rest: str) -> PhraseError:
    if total > 1:
        error.message = _describe(name, error) + rest
    return error


def _rest(failed: int, left: Sequence[str]) -> str:
    more = failed - _MAX_NAMED
    rest = f"; and {more} more" if more > 0 else ""
    if left:
        rest += f". Not uploaded: {len(left)} more ({', '.join(left[:_MAX_NAMED])})"
    return rest


def _describe(name: str, error: PhraseError) -> str:
    message = error.message.rstrip(".")
    return message if name in message else f"{name}: {message}"
