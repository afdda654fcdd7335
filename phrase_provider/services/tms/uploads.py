"""All files of a task, one after the other or several at a time: one that fails does not lose the others."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.exceptions import PhraseError
from phrase_provider.services.tms.file_failures import CircuitBreaker, combined_error
from phrase_provider.services.tms.jobs import Created
from phrase_provider.services.tms.parallel import batches, each_in_parallel
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.jobs import JobCreator, JobRow
    from phrase_provider.waiting.conditions import Logger

T = TypeVar("T")

#: Files after which it is looked for what others have uploaded meanwhile.
BATCH = 50


class Uploads:
    """
    Creates the jobs of several files, and keeps what failed until all were tried.

    :param creator: of their project.
    :param sources: the files.
    :param target_langs: Phrase codes.
    :param log: gets a warning for each file that failed.
    :param independent: whether a file that is refused by the check holds no other back.
    :param superseded: uids of jobs by relative path: files whose jobs have another content, and get new ones.
    :param breaker: shared with other work of the task; default: one of these files.
    """

    def __init__(
        self,
        creator: JobCreator,
        sources: Sequence[SourceFile],
        target_langs: Sequence[str],
        log: Logger,
        *,
        independent: bool = False,
        superseded: Mapping[str, Collection[str]] | None = None,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._creator = creator
        self._sources = sources
        self._target_langs = target_langs
        self._log = log
        self._independent = independent
        self._superseded = superseded or {}
        self._ignored: dict[SourceFile, frozenset[str]] = {}
        #: What failed, with the reason; kept in the order in which it did.
        self.failed: dict[SourceFile, PhraseError] = {}
        #: What was not tried, because of what failed before.
        self.left: list[SourceFile] = []
        #: The rows so far, also of files that :meth:`create_all` has not given yet.
        self.made: list[JobRow] = []
        self._breaker = breaker or CircuitBreaker()

    def check(self, known_paths: Iterable[str] = ()) -> None:
        """
        Check all files before the first upload.

        :param known_paths: as of :meth:`~phrase_provider.services.tms.jobs.JobCreator.begin`.
        :raises PhraseError: the jobs of the project could not be listed.
        """
        self._creator.begin(self._sources, known_paths)
        for source in self._sources:
            if self._breaker.is_open:
                break
            superseded = self._superseded.get(source.relative_path)
            check = partial(self._creator.check, source, self._target_langs, superseded=superseded)
            checked = self._try(source, check)
            if checked is not None:
                self._ignored[source] = checked
        if self.failed and not self._independent:
            # What is refused may mean that the whole run is not what was meant: nothing new is sent then.
            self._breaker.open()
        if not self._breaker.is_open:
            self._creator.keep_base(self._sources)

    def create(self, source: SourceFile) -> list[JobRow]:
        """
        Return the jobs of a file, creating those that are missing.

        :param source: one of the files, after :meth:`check`.
        :return: nothing where it failed, or where a failure before has stopped what is not there yet.
        """
        if not self._is_to_create(source):
            return []
        create = partial(self._creator.create, source, self._target_langs, self._ignored[source])
        return self._try(source, create) or []

    def create_all(self) -> Iterator[tuple[SourceFile, list[JobRow]]]:
        """
        Create the jobs of all files, several at a time, after :meth:`check`.

        Yields each file with its jobs, none where it failed or a failure before has stopped what is new.
        What others upload meanwhile is looked for before and after each batch of files, not for each file.
        """
        for number, batch in enumerate(batches(self._sources, BATCH)):
            # The first one was listed by the check; after a stop nothing is sent.
            is_listed = not number or self._breaker.is_open or self._refresh(batch)
            made = dict(each_in_parallel(partial(self._make, is_listed=is_listed), batch))
            self._refresh([source for source in batch if made[source].agree])
            for source in batch:
                yield source, self._agreed(source, made[source])

    def error(self) -> PhraseError | None:
        """Return what the task fails with; None when all went well."""
        failed = {_name(source): error for source, error in self.failed.items()}
        return combined_error(failed, len(self._sources), [_name(source) for source in self.left])

    def _refresh(self, sources: Sequence[SourceFile]) -> bool:
        """List files once more, and return whether that worked: otherwise each is looked for by itself."""
        if not sources:
            return False
        try:
            self._creator.refresh(sources)
        except PhraseError as error:
            self._log.warning("Looking for %d files at once failed. %s", len(sources), error.brief())
            return False
        return True

    def _make(self, source: SourceFile, *, is_listed: bool) -> Created:
        if not self._is_to_create(source):
            return Created([])
        create = partial(
            self._creator.create_listed,
            source,
            self._target_langs,
            self._ignored[source],
            is_listed=is_listed,
        )
        created = self._try(source, create) or Created([])
        self.made += created.rows
        return created

    def _agreed(self, source: SourceFile, created: Created) -> list[JobRow]:
        if created.agree is None:
            return created.rows
        return self._try(source, created.agree) or []

    def _is_to_create(self, source: SourceFile) -> bool:
        if source in self.failed:
            return False
        if self._breaker.is_open and not self._is_complete(source):
            self.left.append(source)
            return False
        return True

    def _try(self, source: SourceFile, do: Callable[[], T]) -> T | None:
        try:
            done = do()
        except PhraseError as error:
            self.failed[source] = error
            self._breaker.failed(error)
            if len(self._sources) > 1:
                self._log.warning("%s failed. %s", _name(source), error.brief())
            return None
        self._breaker.succeeded()
        return done

    def _is_complete(self, source: SourceFile) -> bool:
        checked = self._ignored.get(source)
        return checked is not None and self._creator.is_complete(source, self._target_langs, checked)


def _name(source: SourceFile) -> str:
    return printable(source.relative_path)
