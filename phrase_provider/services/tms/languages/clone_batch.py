"""The clones of some files as an operation: find them, create them, resolve conflicts."""

from __future__ import annotations

import math
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from phrase_provider.api.tms.job_clones import MAX_JOBS
from phrase_provider.api.tms.job_parts import created_at, job_of
from phrase_provider.exceptions import PhraseNotFoundError, PhraseServerError
from phrase_provider.idempotency.operation import Operation
from phrase_provider.services.tms.job_search import Part, failed, one_per_job
from phrase_provider.services.tms.job_upload import first_per_language
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.idempotency.entry import RecordedResult
    from phrase_provider.services.tms.file_jobs import FileJobs
    from phrase_provider.services.tms.languages.clone_sources import CloneSource, FileLanguages
    from phrase_provider.waiting.conditions import Logger

#: Seconds for which a look counts as one made now.
_FRESH = 5.0

#: The part of the highest workflow level for each path and language.
Clones: TypeAlias = "dict[tuple[str, str], Part]"


class CloneContext(NamedTuple):
    """
    What the clones of a task share.

    :param client: of the connection.
    :param project_uid: uid.
    :param jobs: of the project.
    :param sources: jobs to clone, by path.
    :param log: gets lines on what is created and what was there.
    """

    client: TmsClient
    project_uid: str
    jobs: FileJobs
    sources: Mapping[str, CloneSource]
    log: Logger


class CloneBatch:
    """
    Finds, creates and reconciles the clones of some files.

    :param context: of the task.
    :param files: at most :data:`~phrase_provider.api.tms.job_clones.MAX_JOBS`; each has a job to clone.
    """

    def __init__(self, context: CloneContext, files: Sequence[FileLanguages]) -> None:
        self._context = context
        self.files = files
        #: The jobs that count as those of a file in a language, as last listed, the earliest first.
        self._listed: dict[tuple[str, str], list[Part]] = {}
        self._looked_at = -math.inf

    @property
    def paths(self) -> list[str]:
        """Paths of the files."""
        return [file.relative_path for file in self.files]

    def operation(self, key: str) -> Operation[Clones]:
        """
        Return the clones as an operation, whose result is a job part for each file and language.

        :param key: of its ledger entry.
        """
        return Operation(
            description=f"cloning {len(self.files)} jobs, {printable(self.paths[0])} first",
            key=key,
            find=lambda _: self._find(),
            execute=lambda _: self._execute(),
            record=lambda clones: {"job_uids": " ".join(part["uid"] for part in clones.values())},
            max_duration=self._context.client.session.settings.timeout,
            resolve_conflicts=self._resolve_conflicts,
        )

    def look(self) -> Clones:
        """
        Return the jobs that are there, by a look now.

        Source: ``GET /api2/v2/projects/{projectUid}/jobs``, of the highest workflow level, for each language.
        """
        jobs, level = self._context.jobs, self._context.jobs.levels[-1]
        self._listed = {}
        self._looked_at = time.monotonic()
        for lang in dict.fromkeys(lang for file in self.files for lang in file.target_langs):
            files = [file for file in self.files if lang in file.target_langs]
            listed = jobs.in_language(lang, level, {file.name for file in files})
            for file in files:
                path = file.relative_path
                self._listed[path, lang] = self._counting(path, listed.get(path, []))
        return self.present()

    def present(self) -> Clones:
        """Return the jobs that are there, as last listed."""
        first = {pair: first_per_language(jobs) for pair, jobs in self._listed.items() if jobs}
        return {pair: first[pair][pair[1]] for pair in self._pairs() if pair in first}

    def is_complete(self) -> bool:
        """Return whether nothing has to be cloned, as last listed."""
        return len(self.present()) == len(self._pairs())

    def _pairs(self) -> list[tuple[str, str]]:
        return [(file.relative_path, lang) for file in self.files for lang in file.target_langs]

    def _counting(self, path: str, listed: Iterable[Part]) -> list[Part]:
        """Leave out what was uploaded with another content: a clone has a time of its own."""
        others = self._context.sources[path].other_uploads
        return [job for job in one_per_job(listed) if created_at(job) not in others]

    def _find(self) -> Clones | None:
        if time.monotonic() - self._looked_at > _FRESH:
            self.look()
        # Only once: what is looked for may appear at any time.
        self._looked_at = -math.inf
        return self.present() if self.is_complete() else None

    def _execute(self) -> Clones:
        context, present = self._context, self.present()
        wanted: dict[str, list[str]] = {}
        for path, lang in self._pairs():
            if (path, lang) not in present:
                wanted.setdefault(context.sources[path].part["uid"], []).append(lang)
        created = context.client.job_clones.create(context.project_uid, wanted)
        context.log.info("Cloned %d jobs into %d more.", len(wanted), sum(map(len, wanted.values())))
        # The answer shows no folders; the list does.
        self.look()
        clones = present | self._own({part.get("uid") for part in created})
        if lost := [
            f"{printable(path)} ({lang})" for path, lang in self._pairs() if (path, lang) not in clones
        ]:
            raise PhraseServerError(
                f"Phrase took the clones but shows no job for {', '.join(lost[:20])}",
                hint="Look into the project in Phrase; this task looks again when it is retried.",
            )
        return clones

    def _own(self, created: Container[str | None]) -> Clones:
        """Return the jobs that this task has made, though others may have made earlier ones."""
        return {
            pair: job
            for pair, jobs in self._listed.items()
            for job in reversed(jobs)
            if job["uid"] in created
        }

    def _resolve_conflicts(self, found: Clones, recorded: RecordedResult | None) -> None:
        """Have all runs keep the earliest clones: each removes its own later ones, and names the others."""
        own, removed = set((recorded or {}).get("job_uids", "").split()), []
        for pair, first in found.items():
            for later in self._listed[pair]:
                if later["uid"] == first["uid"] or failed(later):
                    continue
                message = f"Job {later['uid']} has the file and language of {first['uid']}, and is later"
                if later["uid"] in own and later.get("status") == "NEW":
                    self._context.log.warning("%s. This task made it, and removes it.", message)
                    removed.append(later)
                else:
                    self._context.log.warning("%s. Delete it in Phrase if nobody needs it.", message)
        self._delete(removed)

    def _delete(self, jobs: Sequence[Part]) -> None:
        """Delete jobs in all their workflow steps."""
        context, gone = self._context, {job_of(job) for job in jobs}
        parts = [part["uid"] for part in self._all_parts(jobs) if job_of(part) in gone]
        for start in range(0, len(parts), MAX_JOBS):
            with suppress(PhraseNotFoundError):
                context.client.jobs.delete(context.project_uid, parts[start : start + MAX_JOBS])

    def _all_parts(self, jobs: Sequence[Part]) -> Iterable[Part]:
        names = {job["filename"] for job in jobs}
        for lang in dict.fromkeys(job["targetLang"] for job in jobs):
            for level in self._context.jobs.levels:
                listed = self._context.jobs.in_language(lang, level, names)
                yield from (part for parts in listed.values() for part in parts)
