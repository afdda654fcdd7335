"""What can be waited for: one read of Phrase, and the verdict on what it shows."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from phrase_provider.api.fields import text
from phrase_provider.api.tms import async_requests
from phrase_provider.api.tms.job_status import ENDED, REWORK, JobStatus, meets
from phrase_provider.exceptions import (
    PhraseAsyncRequestError,
    PhraseImportError,
    PhraseJobStatusError,
    PhraseWorkError,
)
from phrase_provider.text import printable
from phrase_provider.waiting.tms.job_facts import all_facts, import_status
from phrase_provider.waiting.tms.job_texts import listing, named_uid, next_steps, place_of, state_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.tms.job_facts import JobFacts


class Pace(NamedTuple):
    """
    How often it is worth looking.

    :param first: seconds before the second look.
    :param longest: seconds between looks after a long time without change.
    """

    first: float
    longest: float


#: Imports and exports.
MACHINE_WORK = Pace(2, 30)
#: Translation and revision.
HUMAN_WORK = Pace(60, 900)


class Logger(Protocol):
    """What a logger of the standard library and one of Airflow have in common."""

    def info(self, msg: str, /, *args: object) -> object: ...

    def warning(self, msg: str, /, *args: object) -> object: ...


@dataclass(frozen=True, slots=True)
class Verdict:
    """
    What one look showed.

    :param met: whether the wait is over, well.
    :param progress: one line for the log, the same as long as nothing changes.
    :param result: small and plain JSON, when met.
    :param error: why it can no longer be met.
    :param attention: whether a person should see the progress: work was sent back.
    :param next_step: what a person can do, or what Phrase does next, where that is not plain.
    :param due_dates: of what is open, as Phrase writes them; None for what has none.
    """

    met: bool
    progress: str
    result: dict[str, Any] = field(default_factory=dict)
    error: PhraseWorkError | None = None
    attention: bool = False
    due_dates: tuple[str | None, ...] = ()
    next_step: str = ""

    def log(self, logger: Logger, then: str = "") -> None:
        """
        Write the progress, as a warning when work was sent back.

        :param logger: of the task.
        :param then: how the wait goes on.
        """
        told = " ".join(filter(None, (sentence(self.progress), self.next_step, then)))
        (logger.warning if self.attention else logger.info)("%s", told)


class Condition(ABC):
    """Something in Phrase that a task waits for: how to read it, and what to think of what was read."""

    pace: ClassVar[Pace]

    @property
    @abstractmethod
    def title(self) -> str:
        """What is waited for, for the log."""

    @abstractmethod
    def read(self, client: TmsClient) -> Any:
        """
        Read what :meth:`judge` wants, for this wait alone.

        :param client: asked with the cheapest documented calls.
        :raises PhraseError: it says nothing of the work.
        """

    @abstractmethod
    def judge(self, found: Any) -> Verdict:
        """
        Decide; sends nothing.

        :param found: as :meth:`read` gives it, or the poll hub, which reads for many waits at once.
        """

    def check(self, client: TmsClient) -> Verdict:
        """
        Look once.

        :param client: asked with the cheapest documented calls.
        :raises PhraseError: the look failed; it says nothing of the work.
        """
        return self.judge(self.read(client))


@dataclass(frozen=True, slots=True)
class AsyncRequestFinished(Condition):
    """
    An async request has ended well.

    :param async_request_id: digits.
    """

    pace: ClassVar[Pace] = MACHINE_WORK
    async_request_id: str

    @property
    def title(self) -> str:
        return f"the end of async request {self.async_request_id}"

    def read(self, client: TmsClient) -> dict[str, Any]:
        return async_requests.facts_of(client.async_requests.get(self.async_request_id))

    def judge(self, found: dict[str, Any]) -> Verdict:
        name = f"async request {self.async_request_id} ({found.get('action')})"
        if not async_requests.is_finished(found):
            return Verdict(False, f"{name} is running")
        try:
            async_requests.require_success(found)
        except PhraseWorkError as error:
            return Verdict(False, f"{name} failed", error=error)
        result = {"async_request_id": self.async_request_id, "action": found.get("action")}
        return Verdict(True, f"{name} has finished", result)


@dataclass(frozen=True, slots=True)
class AnalysisFinished(Condition):
    """
    An analysis has ended well.

    :param analysis_uid: uid, or the id that its creation tells.
    """

    pace: ClassVar[Pace] = MACHINE_WORK
    analysis_uid: str

    @property
    def title(self) -> str:
        return f"the end of analysis {self.analysis_uid}"

    def read(self, client: TmsClient) -> dict[str, Any]:
        found, owner = client.analyses.get(self.analysis_uid), f"analysis {self.analysis_uid}"
        return {"uid": text(found, "uid", owner), "importStatus": import_status(found, owner)}

    def judge(self, found: dict[str, Any]) -> Verdict:
        state, name = import_state(found), f"analysis {self.analysis_uid}"
        if state == "ERROR":
            error = PhraseAsyncRequestError(
                f"{name.capitalize()} failed: {_reason(found)}",
                hint="Look at the analysis in Phrase, correct its cause, and make it again.",
            )
            return Verdict(False, f"{name} failed", error=error)
        if state != "OK":
            return Verdict(False, f"{name} is running")
        return Verdict(True, f"{name} has finished", {"analysis_uid": found["uid"]})


@dataclass(frozen=True, slots=True)
class AsyncSlotFree(Condition):
    """One more async request may be started; who sees that does so."""

    pace: ClassVar[Pace] = MACHINE_WORK

    @property
    def title(self) -> str:
        return "room for one more async request"

    def read(self, client: TmsClient) -> bool:
        room = client.slots.room()
        # Where Phrase does not tell, trying does.
        return room is None or room > 0

    def judge(self, found: bool) -> Verdict:
        if found:
            return Verdict(True, "an async request may be started")
        return Verdict(False, "waiting for others to end: Phrase limits pending async requests")


@dataclass(frozen=True, slots=True)
class JobsImported(Condition):
    """
    The files of jobs have been imported.

    :param project_uid: uid.
    :param job_uids: uids of job parts.
    """

    pace: ClassVar[Pace] = MACHINE_WORK
    project_uid: str
    job_uids: Sequence[str]

    @property
    def title(self) -> str:
        return f"the import of {_jobs(self.job_uids)} of project {self.project_uid}"

    def read(self, client: TmsClient) -> Sequence[JobFacts]:
        return all_facts(client.jobs.get_many(self.project_uid, self.job_uids), with_status=False)

    def judge(self, found: Sequence[JobFacts]) -> Verdict:
        states = Counter(import_state(part) for part in found)
        progress = f"imports: {_counts(states)}"
        if failed := [part for part in found if import_state(part) == "ERROR"]:
            return Verdict(False, progress, error=_import_error(failed))
        if running := [part for part in found if import_state(part) != "OK"]:
            told = [f"{place_of(part)}, {named_uid(part)}" for part in running]
            return Verdict(False, f"{progress}. Open: {listing(told)}.")
        return Verdict(True, progress, {"project_uid": self.project_uid, "job_uids": list(self.job_uids)})


@dataclass(frozen=True, slots=True)
class JobsReachedStatus(Condition):
    """
    Jobs have reached a status.

    Work that is sent back goes on; a cancelled job ends the wait, once the others have arrived.

    :param project_uid: uid.
    :param job_uids: uids of job parts, a split one standing for all its parts; None: all jobs of the
        project's highest workflow level, those there at each look, at least one.
    :param status: what is waited for.
    :param fail_on_rework: whether ``REJECTED`` and ``DECLINED`` end the wait as a failure.
    :param ignore_cancelled: whether cancelled jobs are left out, unless all of them are cancelled.
    """

    pace: ClassVar[Pace] = HUMAN_WORK
    project_uid: str
    job_uids: Sequence[str] | None
    status: JobStatus
    fail_on_rework: bool = False
    ignore_cancelled: bool = False

    @property
    def title(self) -> str:
        return f"{_jobs(self.job_uids)} of project {self.project_uid} to reach {self.status}"

    def read(self, client: TmsClient) -> Sequence[JobFacts]:
        if self.job_uids is None:
            return all_facts(client.jobs.list_highest(self.project_uid), with_status=True)
        parts = client.jobs.get_many(self.project_uid, self.job_uids, with_split_parts=True)
        return all_facts(parts, with_status=True)

    def judge(self, found: Sequence[JobFacts]) -> Verdict:
        # A part that moved between pages is on both.
        found = list({part["uid"]: part for part in found}.values())
        counts = Counter(str(part["status"]) for part in found)
        progress = f"{len(found)} job parts, waiting for {self.status}: {_counts(counts)}"
        counting = self._counting(found)
        final = (REWORK | ENDED if self.fail_on_rework else ENDED) - {self.status}
        lost = [part for part in counting if str(part["status"]) in final]
        still_open = [part for part in counting if part not in lost and not self._is_met(part)]
        if still_open or not found:
            return self._wait(progress, still_open, counts)
        if lost:
            return Verdict(False, progress, error=self._error(lost, len(found)))
        return Verdict(True, progress, self._result(counts))

    def _counting(self, found: Sequence[JobFacts]) -> Sequence[JobFacts]:
        """Leave out what is cancelled, if that was asked for and anything else is there."""
        if not self.ignore_cancelled:
            return found
        return [part for part in found if str(part["status"]) not in ENDED] or found

    def _is_met(self, part: JobFacts) -> bool:
        return meets(str(part["status"]), self.status)

    def _wait(self, progress: str, still_open: list[JobFacts], counts: Counter[str]) -> Verdict:
        # First what somebody has to see to.
        ordered = sorted(still_open, key=lambda part: str(part["status"]) not in REWORK)
        told = f". Open: {listing([state_of(part) for part in ordered])}." if ordered else ""
        return Verdict(
            False,
            progress + told,
            attention=not REWORK.isdisjoint(counts),
            due_dates=tuple({part.get("dateDue") for part in still_open}),
            next_step=next_steps(counts),
        )

    def _error(self, lost: list[JobFacts], total: int) -> PhraseJobStatusError:
        told = [f"{part['uid']} is {part['status']} ({place_of(part)})" for part in lost]
        return PhraseJobStatusError(
            f"{len(lost)} of {total} job parts cannot reach {self.status}: {listing(told, 20)}",
            hint="Reopen the job in Phrase and clear this task, or leave it out of the run.",
        )

    def _result(self, counts: Counter[str]) -> dict[str, Any]:
        return {
            "project_uid": self.project_uid,
            "status": self.status.value,
            "counts": dict(sorted(counts.items())),
        }


def import_state(part: Mapping[str, Any]) -> str:
    """Read a job part's import: ``RUNNING``, ``OK`` or ``ERROR``, as any read of Phrase shows it."""
    told = (part.get("importStatus") or {}).get("status")
    return str(told or ("OK" if part.get("imported") else "RUNNING"))


def _import_error(failed: Sequence[JobFacts]) -> PhraseImportError:
    told = [f"{place_of(part)} ({part['uid']}): {_reason(part)}" for part in failed]
    return PhraseImportError(
        f"Phrase could not import {listing(told)}",
        hint="Correct the file and run again: another content is uploaded anew, and the failed job may stay. "
        "If the import settings of the template were at fault, correct them and delete the failed job before "
        "you run again.",
    )


def _reason(part: Mapping[str, Any]) -> str:
    reason = (part.get("importStatus") or {}).get("errorMessage")
    return printable(str(reason)) if reason else "no reason given"


def _jobs(job_uids: Sequence[str] | None) -> str:
    if job_uids is None:
        return "all jobs"
    return f"job {job_uids[0]}" if len(job_uids) == 1 else f"{len(job_uids)} jobs"


def _counts(counts: Counter[Any]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counts.items())) or "none yet"


def sentence(text: str) -> str:
    """End a text with a full stop, unless it has one."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
