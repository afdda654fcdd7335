"""Waiting for jobs to reach a status."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from phrase_provider.api.tms.job_facts import all_facts
from phrase_provider.api.tms.job_status import ENDED, REWORK, JobStatus, meets
from phrase_provider.exceptions import PhraseJobStatusError
from phrase_provider.waiting.conditions import HUMAN_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import PollKey
from phrase_provider.waiting.tms.job_texts import (
    counts_of,
    listing,
    next_steps,
    number_of_jobs,
    place_of,
    state_of,
    unassigned,
)
from phrase_provider.waiting.tms.project_jobs import ProjectJobs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.job_facts import JobFacts


@dataclass(frozen=True, slots=True)
class JobsReachedStatus(Condition):
    """
    Jobs have reached a status.

    Work that is sent back goes on; a cancelled job ends the wait, once the others have arrived.

    Source: ``GET /api2/v2/projects/{projectUid}/jobs``, and its v1 with ``/{jobUid}`` for a single part.

    :param project_uid: uid.
    :param job_uids: uids of job parts, a split one standing for all its parts; None: all jobs of the
        project's highest workflow level, those there at each poll, at least one.
    :param status: what is waited for.
    :param fail_on_rework: whether ``REJECTED`` and ``DECLINED`` end the wait as a failure.
    :param ignore_cancelled: whether cancelled jobs are left out, unless all of them are cancelled.
    """

    poll_interval: ClassVar[PollInterval] = HUMAN_WORK
    project_uid: str
    job_uids: Sequence[str] | None
    status: JobStatus
    fail_on_rework: bool = False
    ignore_cancelled: bool = False

    @property
    def title(self) -> str:
        return f"{number_of_jobs(self.job_uids)} of project {self.project_uid} to reach {self.status}"

    def poll_key(self) -> PollKey:
        reader = partial(ProjectJobs, self.project_uid, for_status=True)
        return PollKey(f"job statuses of project {self.project_uid}", reader)

    def read(self, client: TmsClient) -> Sequence[JobFacts]:
        if self.job_uids is None:
            return all_facts(client.jobs.list_highest(self.project_uid), with_status=True)
        parts = client.jobs.get_many(self.project_uid, self.job_uids, with_split_parts=True)
        return all_facts(parts, with_status=True)

    def evaluate(self, found: Sequence[JobFacts]) -> PollResult:
        # A part that moved between pages is on both.
        found = list({part["uid"]: part for part in found}.values())
        counts = Counter(str(part["status"]) for part in found)
        progress = f"{len(found)} job parts, waiting for {self.status}: {counts_of(counts)}"
        counting = self._counting(found)
        final = (REWORK | ENDED if self.fail_on_rework else ENDED) - {self.status}
        lost = [part for part in counting if str(part["status"]) in final]
        still_open = [part for part in counting if part not in lost and not self._is_met(part)]
        if still_open or not found:
            return self._wait(progress, still_open, counts)
        if lost:
            return PollResult(False, progress, error=self._error(lost, len(found)))
        return PollResult(True, progress, self._result(counts))

    def _counting(self, found: Sequence[JobFacts]) -> Sequence[JobFacts]:
        """Leave out what is cancelled, if that was asked for and anything else is there."""
        if not self.ignore_cancelled:
            return found
        return [part for part in found if str(part["status"]) not in ENDED] or found

    def _is_met(self, part: JobFacts) -> bool:
        return meets(str(part["status"]), self.status)

    def _wait(self, progress: str, still_open: list[JobFacts], counts: Counter[str]) -> PollResult:
        # First what somebody has to see to.
        ordered = sorted(still_open, key=lambda part: str(part["status"]) not in REWORK)
        open_jobs = f". Open: {listing([state_of(part) for part in ordered])}." if ordered else ""
        return PollResult(
            False,
            progress + open_jobs,
            attention=not REWORK.isdisjoint(counts),
            due_dates=tuple({part["due_date"] for part in still_open}),
            next_step=" ".join(filter(None, (next_steps(counts), unassigned(still_open)))),
        )

    def _error(self, lost: list[JobFacts], total: int) -> PhraseJobStatusError:
        texts = [f"{part['uid']} is {part['status']} ({place_of(part)})" for part in lost]
        return PhraseJobStatusError(
            f"{len(lost)} of {total} job parts cannot reach {self.status}: {listing(texts, 20)}",
            hint="Reopen the job in Phrase and clear this task, or leave it out of the run.",
        )

    def _result(self, counts: Counter[str]) -> dict[str, object]:
        return {
            "project_uid": self.project_uid,
            "status": self.status.value,
            "counts": dict(sorted(counts.items())),
        }
