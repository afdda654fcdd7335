"""Waiting for the import of jobs' files."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from phrase_provider.api.tms.job_facts import all_facts
from phrase_provider.exceptions import PhraseImportError
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import PollKey
from phrase_provider.waiting.tms.job_texts import (
    counts_of,
    failure_reason,
    listing,
    named_uid,
    number_of_jobs,
    place_of,
)
from phrase_provider.waiting.tms.project_jobs import ProjectJobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.job_facts import JobFacts

#: Uids that the result has at most; of more jobs it has their number.
MOST_TOLD = 30


@dataclass(frozen=True, slots=True)
class JobsImported(Condition):
    """
    The files of jobs have been imported.

    Source: ``importStatus`` of ``GET /api2/v1/projects/{projectUid}/jobs/{jobUid}``.

    :param project_uid: uid.
    :param job_uids: uids of job parts.
    """

    poll_interval: ClassVar[PollInterval] = MACHINE_WORK
    project_uid: str
    job_uids: Sequence[str]

    @property
    def title(self) -> str:
        return f"the import of {number_of_jobs(self.job_uids)} of project {self.project_uid}"

    def poll_key(self) -> PollKey:
        return PollKey(f"imports of project {self.project_uid}", partial(ProjectJobs, self.project_uid))

    def read(self, client: TmsClient) -> Sequence[JobFacts]:
        return all_facts(client.jobs.get_many(self.project_uid, self.job_uids), with_status=False)

    def evaluate(self, found: Sequence[JobFacts]) -> PollResult:
        states = Counter(part["import_state"] for part in found)
        progress = f"imports: {counts_of(states)}"
        if failed := [part for part in found if part["import_state"] == "ERROR"]:
            return PollResult(False, progress, error=_import_error(failed))
        if running := [part for part in found if part["import_state"] != "OK"]:
            texts = [f"{place_of(part)}, {named_uid(part)}" for part in running]
            return PollResult(False, f"{progress}. Open: {listing(texts)}.")
        return PollResult(True, progress, {"project_uid": self.project_uid, **self._jobs()})

    def _jobs(self) -> dict[str, object]:
        """Return the jobs as the result tells them: it becomes an XCom, which carries little."""
        if len(self.job_uids) > MOST_TOLD:
            return {"jobs": len(self.job_uids)}
        return {"job_uids": list(self.job_uids)}


def _import_error(failed: Sequence[JobFacts]) -> PhraseImportError:
    texts = [f"{place_of(part)} ({part['uid']}): {failure_reason(part)}" for part in failed]
    return PhraseImportError(
        f"Phrase could not import {listing(texts)}",
        hint="Correct the file and run again: another content is uploaded anew, and the failed job may stay. "
        "If the import settings of the template were at fault, correct them and delete the failed job before "
        "you run again.",
    )
