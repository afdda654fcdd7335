"""Whether a file is the one that a project has: by its path below the batch's base, and by its content."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseDuplicateSourceError, PhraseSourceChangedError
from phrase_provider.services.tms.bases import base_of, keep_base, known_base, require_base
from phrase_provider.services.tms.job_search import failed, path_of
from phrase_provider.text import composed, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.contents import Contents
    from phrase_provider.services.tms.job_search import JobSearch, Part
    from phrase_provider.waiting.conditions import Logger

#: Sources that are downloaded at most to find out whether a file is there under another folder.
_MAX_COMPARED = 20


class Identities:
    """
    Keeps one file from becoming two in Phrase, and two from becoming one.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    :param search: of its jobs.
    :param contents: of its jobs.
    :param log: gets a warning for what is charged once more.
    :param base_is_given: whether somebody chose the base of the files, rather than their paths alone.
    """

    def __init__(
        self,
        client: TmsClient,
        project: ProjectDtoV1,
        search: JobSearch,
        contents: Contents,
        log: Logger,
        *,
        base_is_given: bool,
    ) -> None:
        self._client = client
        self._project = project
        self._search = search
        self._contents = contents
        self._log = log
        self._base_is_given = base_is_given
        self._base_is_known = known_base(project) is not None
        #: Folders and names of the files of the task.
        self._paths: frozenset[str] = frozenset()

    def begin(self, sources: Sequence[SourceFile], known_paths: Iterable[str] = ()) -> None:
        """
        Keep the paths of all files of the task, and check their base.

        :param sources: the files.
        :param known_paths: paths below the base of other files, known to be files of their own.
        :raises PhraseInputError: their base is not that of the project's batch.
        """
        require_base(self._project, base_of(sources))
        paths = chain((source.relative_path for source in sources), known_paths)
        self._paths = frozenset(map(composed, paths))

    def keep_base(self, sources: Sequence[SourceFile]) -> None:
        """Note the base in a project that was made before there were bases, once all files are checked."""
        if self._base_is_given:
            keep_base(self._client, self._project, base_of(sources), self._log)

    def require_same(self, source: SourceFile, jobs: Sequence[Part]) -> None:
        """
        Check that jobs were made from the content that a file has now.

        :param source: the file.
        :param jobs: with its name and folder.
        :raises PhraseSourceChangedError: one was not.
        """
        if (job_uid := self._contents.differing(source, jobs)) is None:
            return
        if self._base_is_given or self._base_is_known or source.folder:
            raise _changed(source, job_uid)
        raise _other_content(source, job_uid)

    def require_new(self, source: SourceFile, target_langs: Sequence[str]) -> None:
        """
        Check that a file that is to be uploaded is not in the project under another folder.

        Content is compared only where the name is the same. What another folder has by its own right is
        logged; what may be this very file, counted from another base, is refused.

        :param source: the file.
        :param target_langs: Phrase codes.
        :raises PhraseDuplicateSourceError: it is there.
        """
        named = self._search.elsewhere(source, target_langs)
        jobs = [job for job in named if not failed(job) and path_of(job) not in self._paths]
        jobs.sort(key=lambda job: _may_be(job, source))
        job_uid = self._contents.same(source, jobs, max_uploads=_MAX_COMPARED)
        if job_uid is None:
            return
        job = next(job for job in jobs if job["uid"] == job_uid)
        if _may_be(job, source) and not self._base_is_known:
            raise _duplicate(source, job)
        self._log.warning("%s; its words are charged once more.", _describe(source, job))


def _may_be(job: Part, source: SourceFile) -> bool:
    """Return whether a job may be of this very file, counted from another base."""
    return f"/{composed(source.path)}".endswith(f"/{path_of(job)}")


def _changed(source: SourceFile, job_uid: str) -> PhraseSourceChangedError:
    return PhraseSourceChangedError(
        f"{printable(source.relative_path)} has changed since it was uploaded (job {job_uid})",
        hint="Nothing was sent. Use another batch id for the new content, or update the source of the job in "
        "Phrase and clear this task.",
    ).mark_sent(False)


def _other_content(source: SourceFile, job_uid: str) -> PhraseSourceChangedError:
    return PhraseSourceChangedError(
        f"{printable(source.path)} would be {printable(source.relative_path)} in Phrase, without a folder, "
        f"and a file with that name and other content is there (job {job_uid})",
        hint="Nothing was sent. If these are two files, set base to a folder above both, which tells them "
        "apart. If it is one file with new content, use another batch id, or update the source of the job in "
        "Phrase and clear this task.",
    ).mark_sent(False)


def _duplicate(source: SourceFile, job: Part) -> PhraseDuplicateSourceError:
    return PhraseDuplicateSourceError(
        _describe(source, job),
        hint="Nothing was sent. Folders were counted from another base then: set base so that the file is "
        f"{printable(path_of(job))} again, also for the task that creates the project.",
    )


def _describe(source: SourceFile, job: Part) -> str:
    return (
        f"{printable(source.relative_path)} is in the project already as {printable(path_of(job))}, with the "
        f"same content (job {job['uid']})"
    )
