"""Jobs that people opened again and completed after their translation was delivered."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import is_split, target_lang_of
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.job_search import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.waiting.conditions import Logger

#: Projects that each run looks into: those that were delivered from last, and one of the others.
MOST_RECENT = 3

_AWAITED = frozenset({JobStatus.DELIVERED, JobStatus.CANCELLED})


class ReopenedJobs:
    """
    Finds what is ``COMPLETED`` in Phrase though the manifest has it as delivered, or as cancelled.

    Source: for each project that is looked into, ``GET /api2/v1/projects/{projectUid}`` and ``GET
    /api2/v2/projects/{projectUid}/jobs``, filtered by status.

    :param client: of the connection.
    :param lines: of the manifest.
    :param log: gets a line for a project that is gone.
    """

    def __init__(self, client: TmsClient, lines: Mapping[ManifestKey, ManifestLine], log: Logger) -> None:
        self._client = client
        self._log = log
        self._by_project: dict[str, dict[ManifestKey, ManifestLine]] = {}
        for key, line in lines.items():
            if line.get("status") in _AWAITED and line.get("job_uid") and not line.get("deleted_at"):
                self._by_project.setdefault(line["project_uid"], {})[key] = line

    def find(self, run: str) -> set[ManifestKey]:
        """
        Return the keys of what was completed again.

        :param run: name of the run, which decides whose turn it is among the older projects.
        """
        return {key for project_uid in self._chosen(run) for key in self._in(project_uid)}

    def _chosen(self, run: str) -> list[str]:
        def latest(project_uid: str) -> str:
            return max(line["at"] for line in self._by_project[project_uid].values())

        newest_first = sorted(self._by_project, key=latest, reverse=True)
        older = newest_first[MOST_RECENT:]
        chosen = [older[zlib.crc32(run.encode()) % len(older)]] if older else []
        return newest_first[:MOST_RECENT] + chosen

    def _in(self, project_uid: str) -> Iterator[ManifestKey]:
        lines = self._by_project[project_uid]
        try:
            level = workflow_levels(self._client.projects.get(project_uid))[-1]
            completed = self._client.jobs.list(project_uid, levels=[level], statuses=[JobStatus.COMPLETED])
            for part in completed:
                key = ManifestKey(path_of(part), target_lang_of(part))
                line = lines.get(key)
                # A split job is known by one of its parts.
                if line and (line["job_uid"] == part["uid"] or is_split(part)):
                    yield key
        except PhraseNotFoundError:
            self._log.warning(
                "Project %s is gone from Phrase; the manifest has %s translations from it.",
                project_uid,
                len(lines),
            )
