"""Who has a translation now: the first workflow step that is not done, and its providers."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_facts import facts_of
from phrase_provider.api.tms.job_status import DONE, ENDED, JobStatus
from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.manifest.states import State, state_of
from phrase_provider.services.tms.job_search import path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.job_facts import JobFacts
    from phrase_provider.manifest.lines import ManifestLine

#: Open job parts of a workflow step that are read of a project; of those beyond, the queue stays unknown.
MOST_PARTS = 1000

_OPEN = [status for status in JobStatus if status not in DONE | ENDED]


def find_queues(client: TmsClient, lines: Mapping[ManifestKey, ManifestLine]) -> dict[ManifestKey, str]:
    """
    Return who has what is not delivered, such as ``step 2 Revision, Anna Muster (ACCEPTED)``.

    Source: for each project that has any of it, ``GET /api2/v1/projects/{projectUid}``, and for each of its
    workflow steps ``GET /api2/v2/projects/{projectUid}/jobs``, filtered by status, at most
    :data:`MOST_PARTS` parts.

    :param client: of the connection.
    :param lines: of the manifest.
    """
    open_keys: dict[str, set[ManifestKey]] = {}
    for key, line in lines.items():
        if line.get("job_uid") and state_of(line) in (State.OUTDATED, State.MISSING):
            open_keys.setdefault(line["project_uid"], set()).add(key)
    return {
        key: queue
        for project_uid, keys in open_keys.items()
        for key, queue in _of_project(client, project_uid)
        if key in keys
    }


def _of_project(client: TmsClient, project_uid: str) -> Iterator[tuple[ManifestKey, str]]:
    try:
        levels = workflow_levels(client.projects.get(project_uid))
        # The last one given counts: that of the first step.
        for level in reversed(levels):
            yield from _of_step(client, project_uid, level)
    except PhraseNotFoundError:
        return


def _of_step(client: TmsClient, project_uid: str, level: int) -> Iterable[tuple[ManifestKey, str]]:
    for part in islice(client.jobs.list(project_uid, levels=[level], statuses=_OPEN), MOST_PARTS):
        facts = facts_of(part, with_status=True)
        yield ManifestKey(path_of(part), facts["target_lang"] or ""), _told(facts)


def _told(facts: JobFacts) -> str:
    known = ", ".join(filter(None, (facts["step"], facts["providers"] or "nobody shown")))
    return f"{known} ({facts['status']})"
