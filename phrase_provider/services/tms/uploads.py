"""All files of a task, one after the other: one that fails does not lose the others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseError,
    PhraseRateLimitError,
    PhraseTimeoutError,
    PhraseTlsError,
    PhraseUploadsFailedError,
)
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.jobs import JobCreator, JobRow
    from phrase_provider.waiting.conditions import Logger

T = TypeVar("T")

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


class Uploads:
    """
    Creates the jobs of several files, and keeps what failed until all were tried.

    :param creator: of their project.
    :param sources: the files.
    :param target_langs: Phrase codes.
    :param log: gets a warning for each file that failed.
    """

    def __init__(
        self, creator: JobCreator, sources: Sequence[SourceFile], target_langs: Sequence[str], log: Logger
    ) -> None:
        self._creator = creator
        self._sources = sources
        self._target_langs = target_langs
        self._log = log
        self._ignored: dict[SourceFile, frozenset[str]] = {}
        self._failed: dict[SourceFile, PhraseError] = {}
        self._left: list[SourceFile] = []
        self._faults = 0
        self._stopped = False

    def check(self) -> None:
        """
        Check all files before the first upload.

        :raises PhraseError: the jobs of the project could not be listed.
        """
        self._creator.begin(self._sources)
        for source in self._sources:
            if self._stopped:
                break
            checked = self._try(source, partial(self._creator.check, source, self._target_langs))
            if checked is not None:
                self._ignored[source] = checked
        # What is refused may mean that the whole run is not what was meant: nothing new is sent then.
        self._stopped = bool(self._failed)
        if not self._stopped:
            self._creator.keep_base(self._sources)

    def create(self, source: SourceFile) -> list[JobRow]:
        """
        Return the jobs of a file, creating those that are missing.

        :param source: one of the files, after :meth:`check`.
        :return: nothing where it failed, or where a failure before has stopped what is not there yet.
        """
        if source in self._failed:
            return []
        if self._stopped and not self._is_complete(source):
            self._left.append(source)
            return []
        create = partial(self._creator.create, source, self._target_langs, self._ignored[source])
        return self._try(source, create) or []

    def error(self) -> PhraseError | None:
        """Return what the task fails with; None when all went well."""
        failed = list(self._failed.values())
        if len(failed) < 2:
            return self._only_error() if failed else None
        kinds, hints = {type(error) for error in failed}, {error.hint for error in failed}
        messages = "; ".join(_describe(*one) for one in list(self._failed.items())[:_MAX_NAMED])
        error = (kinds.pop() if len(kinds) == 1 else PhraseUploadsFailedError)(
            f"{len(failed)} of {len(self._sources)} files failed. {messages}{self._rest()}",
            hint=hints.pop() if len(hints) == 1 else _HINT,
            retry_after=max(error.retry_after or 0 for error in failed) or None,
        )
        error.can_pass = any(error.can_pass for error in failed)
        return error

    def _try(self, source: SourceFile, do: Callable[[], T]) -> T | None:
        try:
            done = do()
        except PhraseError as error:
            self._failed[source] = error
            self._faults = self._faults + 1 if error.is_fault else 0
            if isinstance(error, _OF_ALL_FILES) or self._faults >= _MAX_FAULTS:
                self._stopped = True
            if len(self._sources) > 1:
                self._log.warning("%s failed. %s", _name(source), error.brief())
            return None
        self._faults = 0
        return done

    def _is_complete(self, source: SourceFile) -> bool:
        checked = self._ignored.get(source)
        return checked is not None and self._creator.is_complete(source, self._target_langs, checked)

    def _only_error(self) -> PhraseError:
        ((source, error),) = self._failed.items()
        if len(self._sources) > 1:
            error.message = _describe(source, error) + self._rest()
        return error

    def _rest(self) -> str:
        more = len(self._failed) - _MAX_NAMED
        rest = f"; and {more} more" if more > 0 else ""
        if self._left:
            names = ", ".join(_name(source) for source in self._left[:_MAX_NAMED])
            rest += f". Not uploaded: {len(self._left)} more ({names})"
        return rest


def _describe(source: SourceFile, error: PhraseError) -> str:
    name, message = _name(source), error.message.rstrip(".")
    return message if name in message else f"{name}: {message}"


def _name(source: SourceFile) -> str:
    return printable(source.relative_path)
