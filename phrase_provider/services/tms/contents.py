"""Comparing source files with what was uploaded before: the same name does not mean the same file."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import source_file_of
from phrase_provider.files.sources import checksum, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.job_search import Part


class Contents:
    """
    Compares files with the sources of jobs, downloading each at most once.

    Source: ``GET …/jobs/{jobUid}/original``.

    :param client: of the connection.
    :param project_uid: uid of the jobs' project.
    """

    def __init__(self, client: TmsClient, project_uid: str) -> None:
        self._client = client
        self._project_uid = project_uid
        #: SHA-256 of a local path or URL, in hex.
        self.checksum = cache(checksum)
        self._originals: dict[str, str] = {}
        #: A job for each uploaded file.
        self._jobs: dict[str, str] = {}

    def of_job(self, job_uid: str) -> str:
        """
        Return the SHA-256 of the content that a job was made from, in hex.

        :param job_uid: uid of any part of the job.
        """
        if job_uid not in self._originals:
            self._originals[job_uid] = original_checksum(self._client, self._project_uid, job_uid)
        return self._originals[job_uid]

    def of_upload(self, part: Part) -> str:
        """
        Return the SHA-256 of the file that a job part was made from, in hex: one for all its languages.

        :param part: as the list of a project shows it.
        """
        return self.of_job(self._jobs.setdefault(source_file_of(part), part["uid"]))

    def is_same(self, source: SourceFile, job_uid: str) -> bool:
        """
        Return whether a job was made from the content that a file has now.

        :param source: the file.
        :param job_uid: uid of any part of the job.
        """
        return self.of_job(job_uid) == self.checksum(source.path)

    def forget(self, job_uids: Iterable[str]) -> None:
        """Compare jobs anew from now on, since they may have got another source."""
        for job_uid in job_uids:
            self._originals.pop(job_uid, None)

    def same_jobs(self, source: SourceFile, jobs: Iterable[Part]) -> set[str]:
        """
        Return the uids of the jobs that were made from the content that a file has now.

        :param source: the file.
        :param jobs: of one file or of several.
        """
        return {job["uid"] for job in jobs if self.of_upload(job) == self.checksum(source.path)}

    def differing(self, source: SourceFile, jobs: Iterable[Part]) -> str | None:
        """
        Return the uid of a job that was made from other content; None when all are the same.

        :param source: the file.
        :param jobs: of one file or of several.
        """
        return next((uid for uid in _one_per_upload(jobs) if not self.is_same(source, uid)), None)

    def same(self, source: SourceFile, jobs: Iterable[Part], max_uploads: int) -> str | None:
        """
        Return the uid of a job that was made from the same content; None when there is none.

        :param source: the file.
        :param jobs: of one file or of several.
        :param max_uploads: uploads that are compared, the latest ones.
        """
        latest = list(_one_per_upload(jobs))[-max_uploads:]
        return next((uid for uid in reversed(latest) if self.is_same(source, uid)), None)


def original_checksum(client: TmsClient, project_uid: str, job_uid: str) -> str:
    """
    Return the SHA-256 of the source that a job has, in hex.

    Source: ``GET …/jobs/{jobUid}/original``.

    :param client: of the connection.
    :param project_uid: uid.
    :param job_uid: uid of any part of the job.
    """
    with client.jobs.open_original(project_uid, job_uid) as pieces:
        return fingerprint(pieces)


def _one_per_upload(jobs: Iterable[Part]) -> Iterator[str]:
    """Yield the uid of one job for each uploaded file, the earliest first: its languages have one content."""
    uploads: dict[str, str] = {}
    for job in jobs:
        uploads.setdefault(source_file_of(job), job["uid"])
    yield from uploads.values()
