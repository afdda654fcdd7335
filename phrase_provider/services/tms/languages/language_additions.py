"""Further languages for files that a project has: cloned from their jobs, without a new upload."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_clones import MAX_JOBS
from phrase_provider.exceptions import PhraseError, PhraseNotFoundError, PhraseValidationError
from phrase_provider.idempotency.keys import entry_key
from phrase_provider.services.tms.async_starts import start_in_turn
from phrase_provider.services.tms.file_failures import CircuitBreaker, combined_error
from phrase_provider.services.tms.file_jobs import FileJobs
from phrase_provider.services.tms.languages.clone_batch import CloneBatch, CloneContext, Clones
from phrase_provider.services.tms.languages.clone_sources import CloneSources
from phrase_provider.services.tms.languages.target_languages import add_target_langs
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.services.tms.languages.clone_sources import FileLanguages
    from phrase_provider.waiting.conditions import Logger

#: Clones in one call, so that Phrase need not work on it for long.
MAX_CLONES = 500
#: Files that Phrase may refuse in a row until no more are tried.
_MAX_REFUSED = 10
#: What Phrase calls a refusal that no file is to blame for.
_FULL = "JobCountLimit"
_NOT_TRIED = "Not tried, because others failed"

_NOT_CLONABLE = (
    "Phrase clones no jobs of multilingual files: add the language in the file itself and upload that. "
    "Other refusals say what Phrase wants."
)


@dataclass(slots=True)
class AddedLanguages:
    """
    What became of a request for languages.

    :param jobs: the part of the highest workflow level for each path and language: cloned, or there before.
    :param cloned: the keys of those that were not there before.
    :param failed: why a file did not get its languages, by path.
    """

    jobs: Clones = field(default_factory=dict)
    cloned: set[tuple[str, str]] = field(default_factory=set)
    failed: dict[str, PhraseError] = field(default_factory=dict)

    def error(self) -> PhraseError | None:
        """Return the error that names the files that failed; None where none did."""
        named = {printable(path): error for path, error in self.failed.items()}
        return combined_error(named, len({path for path, _ in self.jobs} | self.failed.keys()))


class LanguageAdditions:
    """
    Adds languages to files of one project, as few requests as there can be, and never a language twice.

    A file that Phrase refuses holds no other back: the calls are made again in halves until it is found.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    :param ledger: of the task.
    :param log: gets lines on what is created and what was there.
    """

    def __init__(self, client: TmsClient, project: ProjectDtoV1, ledger: Ledger, log: Logger) -> None:
        self._client = client
        self._project = project
        self._ledger = ledger
        self._log = log
        self._breaker = CircuitBreaker()
        #: Files that Phrase refused in a row.
        self._refused = 0

    def add(self, files: Sequence[FileLanguages]) -> AddedLanguages:
        """
        Clone jobs of files into the languages that they lack; the project gets those that it lacks.

        Source: ``POST /api2/v1/projects/{projectUid}/targetLangs`` and ``POST …/jobs/clone``, with at most
        100 files a call; the clones are imported after this returns.

        :param files: with different paths, and languages to have.
        :raises PhraseError: the languages could not be added to the project, or its jobs not be listed; what
            concerns single files is returned.
        """
        langs = dict.fromkeys(lang for file in files for lang in file.target_langs)
        jobs = FileJobs(self._client, self._project)
        sources = CloneSources(jobs, self._project)
        sources.find(files)
        context = CloneContext(self._client, self._project["uid"], jobs, sources.found, self._log)
        done = AddedLanguages(failed=dict(sources.failed))
        if sources.found:
            add_target_langs(self._client, self._project, list(langs), self._ledger, self._log)
        for batch in _batches(sorted(files, key=lambda file: file.relative_path)):
            self._add_batch(context, batch, done)
        return done

    def _add_batch(self, context: CloneContext, files: Sequence[FileLanguages], done: AddedLanguages) -> None:
        left = [files]
        while left:
            chosen = left.pop()
            batch = CloneBatch(context, [file for file in chosen if file.relative_path in context.sources])
            if not batch.files:
                continue
            if self._breaker.is_open:
                done.failed |= dict.fromkeys(batch.paths, _not_tried(done))
                continue
            try:
                self._clone(batch, self._key(chosen), done)
                self._refused = 0
                self._breaker.succeeded()
            except PhraseError as error:
                if _is_refusal(error) and len(batch.files) > 1:
                    half = len(chosen) // 2
                    left += [chosen[half:], chosen[:half]]
                else:
                    self._note(batch, error, done)

    def _key(self, files: Iterable[FileLanguages]) -> str:
        """Return the key of a call; files that cannot be cloned yet count, as the next try may clone them."""
        wanted = (f"{file.relative_path}\t{' '.join(sorted(file.target_langs))}" for file in files)
        return entry_key("clones", self._project["uid"], *wanted)

    def _clone(self, batch: CloneBatch, key: str, done: AddedLanguages) -> None:
        before = batch.look()
        run = partial(self._ledger.run_once, batch.operation(key))
        # A call that is refused for want of room made nothing: the ledger may start again.
        jobs = run() if batch.is_complete() else start_in_turn(self._client, run, self._log)
        done.jobs |= jobs
        done.cloned |= jobs.keys() - before.keys()

    def _note(self, batch: CloneBatch, error: PhraseError, done: AddedLanguages) -> None:
        """Note why files failed; no more are tried where they would fail alike."""
        self._breaker.failed(error)
        if _is_refusal(error):
            error.hint = _NOT_CLONABLE
            self._refused += 1
        if self._refused >= _MAX_REFUSED or _is_full(error):
            self._breaker.open()
        present = batch.present()
        done.jobs |= present
        for file in batch.files:
            if any((file.relative_path, lang) not in present for lang in file.target_langs):
                done.failed[file.relative_path] = error
                self._log.warning("%s got no language. %s", printable(file.relative_path), error.brief())


def _batches(files: Sequence[FileLanguages]) -> Iterator[list[FileLanguages]]:
    """Cut a list into calls, in the same way for each try of a task."""
    batch: list[FileLanguages] = []
    for file in files:
        clones = sum(len(each.target_langs) for each in batch)
        if batch and (len(batch) == MAX_JOBS or clones + len(file.target_langs) > MAX_CLONES):
            yield batch
            batch = []
        batch.append(file)
    if batch:
        yield batch


def _is_refusal(error: PhraseError) -> bool:
    """Return whether Phrase refuses a call for what one of its files is."""
    return isinstance(error, (PhraseValidationError, PhraseNotFoundError)) and not _is_full(error)


def _is_full(error: PhraseError) -> bool:
    return _FULL in f"{error.error_code} {error.description}"


def _not_tried(done: AddedLanguages) -> PhraseError:
    error = list(done.failed.values())[-1]
    if error.message.startswith(_NOT_TRIED):
        return error
    return type(error)(f"{_NOT_TRIED}: {error.message}", hint=error.hint, **error.facts())
