"""What a lane knows of its targets from the manifest, and what it adds there."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.manifest.lines import key_of
from phrase_provider.manifest.manifest import merge
from phrase_provider.services.tms.lane.targets import NO_MORE, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.manifest.lines import ManifestFacts, ManifestKey, ManifestLine
    from phrase_provider.manifest.manifest import Manifest
    from phrase_provider.services.tms.lane.targets import Target

#: Seconds after which a target that failed may be tried again in the same try of the task, if it is woken.
RETRY_AFTER = 3600.0
#: Characters of a reason that a line keeps.
_MAX_ERROR = 1000


class LaneRecords:
    """
    The lines of a lane's targets.

    Several runs may write lines of the same target; the newest run has it. So that a line of an older run
    never hides one of a newer run, a line is dated to the moment at which nobody else had written one.

    :param manifest: read as a whole once, then only what was added.
    :param run: name of this run, as :func:`~phrase_provider.manifest.runs.run_name` gives it.
    :param begun: when the run began; lines of other runs that are later belong to newer ones.
    :param tried: when this try of the task began: a failure noted since is not tried again in it.
    :param targets: of the lane.
    """

    def __init__(
        self, manifest: Manifest, run: str, targets: Sequence[Target], *, begun: datetime, tried: datetime
    ) -> None:
        self._manifest = manifest
        self._run = run
        self._begun = _stamp(begun)
        self._tried = _stamp(tried)
        self._targets = targets
        self._keys = {target.key for target in targets}
        self._lines: dict[ManifestKey, ManifestLine] = {}
        self._read: set[str] = set()
        self._as_of = ""

    def refresh(self) -> None:
        """
        Read what was added to the manifest since the last time, and note which targets a newer run has.

        :raises PhraseInputError: a file of the manifest is damaged.
        """
        as_of = _stamp(datetime.now(UTC))
        parts = self._manifest.parts()
        if not self._as_of:
            self._keep(self._manifest.read(self._keys))
        else:
            newest: dict[ManifestKey, ManifestLine] = {}
            for part in parts:
                if part not in self._read:
                    # The compaction removes a part only when it has long been read here.
                    with suppress(FileNotFoundError):
                        merge(newest, part, only=self._keys)
            self._keep(newest)
        self._read.update(parts)
        self._as_of = as_of
        for target in self._targets:
            self._note(target)

    def is_written(self, target: Target) -> bool:
        """Return whether a target file was recorded as made from the source content that the job has."""
        line = self._lines.get(target.key)
        if line is None or not line.get("target_sha256"):
            return False
        same = target.sha256 is None or line.get("target_source_sha256") == target.sha256
        return same and line.get("job_uid") == target.job_uid and bool(line.get("delivered_at"))

    def is_taken_over(self, target: Target) -> bool:
        """Return whether a newer run has written the newest line of a target."""
        line = self._lines.get(target.key)
        if line is None or line["run"] == self._run:
            return False
        # A run that a person clears begins anew, but its list is that of then: other content came after it.
        content = line.get("sha256")
        is_other = content is not None and target.sha256 is not None and content != target.sha256
        return is_other or line["at"] > self._begun

    def recall(self, target: Target) -> None:
        """
        Set the state of a target by what is recorded of it: delivered, or not to be tried again for now.

        :param target: open unless a line says otherwise; one that a newer run has stays so.
        """
        if target.state is State.TAKEN_OVER:
            return
        line = self._lines.get(target.key)
        target.state, target.error = State.OPEN, None
        if self.is_written(target):
            target.state = State.DELIVERED
        elif line is not None and self._failed_in_this_try(line):
            target.state = State.ENDED if line.get("status") in NO_MORE else State.FAILED
            target.error = line.get("error")
            if target.state is State.FAILED and self._age(line) >= RETRY_AFTER:
                # Others may take weeks: a fault of an hour shall not.
                target.state, target.error = State.OPEN, None

    def add_delivered(self, targets: Iterable[Target]) -> None:
        """Record targets that are written and delivered."""
        self._add((target, self._delivered(target)) for target in targets)

    def add_failed(self, targets: Iterable[Target]) -> None:
        """Record why targets are not delivered, unless that is recorded already."""
        new = [target for target in targets if self._is_news(target)]
        self._add((target, _failed(target)) for target in new)

    def _keep(self, newest: dict[ManifestKey, ManifestLine]) -> None:
        for key, line in newest.items():
            if key not in self._lines or self._lines[key]["at"] <= line["at"]:
                self._lines[key] = line

    def _note(self, target: Target) -> None:
        # What the other run has delivered is as good as delivered by this one.
        if self.is_taken_over(target) and not self.is_written(target):
            target.state = State.TAKEN_OVER
            target.error = f"taken over by run {self._lines[target.key]['run']}"

    def _is_news(self, target: Target) -> bool:
        line = self._lines.get(target.key)
        facts = _failed(target)
        same = line is not None and all(line.get(name) == value for name, value in facts.items())
        # What was tried again and failed again is dated anew: else it would be tried in each leg from now on.
        if line is None or not same or not self._failed_in_this_try(line):
            return True
        return target.state is State.FAILED and self._age(line) >= RETRY_AFTER

    def _age(self, line: ManifestLine) -> float:
        written = datetime.fromisoformat(line["at"])
        return (datetime.fromisoformat(self._as_of) - written).total_seconds()

    def _failed_in_this_try(self, line: ManifestLine) -> bool:
        return line["run"] == self._run and line["at"] >= self._tried and bool(line.get("error"))

    def _add(self, changes: Iterable[tuple[Target, ManifestFacts]]) -> None:
        lines = [self._line(target, facts) for target, facts in changes]
        if not lines:
            return
        part = self._manifest.add(self._run, lines)
        if part:
            self._read.add(part)
        self._lines.update({key_of(line): line for line in lines})

    def _line(self, target: Target, facts: ManifestFacts) -> ManifestLine:
        source, target_lang = target.key
        known = self._lines.get(target.key)
        line: ManifestLine = {"source": source, "target_lang": target_lang, "at": "", "run": ""}
        line |= {**(known or line), **facts, "at": self._at(known), "run": self._run}
        if target.sha256 is not None:
            line["sha256"] = target.sha256
        return line

    def _at(self, known: ManifestLine | None) -> str:
        if known is None or known["at"] < self._as_of:
            return self._as_of
        return _stamp(datetime.fromisoformat(known["at"]) + timedelta(microseconds=1))

    def _delivered(self, target: Target) -> ManifestFacts:
        return {
            "project_uid": target.project_uid,
            "job_uid": target.job_uid,
            "status": JobStatus.DELIVERED.value,
            "target_path": target.target_path,
            "target_sha256": target.written_sha256,
            "target_source_sha256": target.sha256,
            "delivered_at": _stamp(datetime.now(UTC)),
            "error": None,
        }


def _failed(target: Target) -> ManifestFacts:
    return {
        "project_uid": target.project_uid,
        "job_uid": target.job_uid,
        "status": target.status,
        "error": (target.error or "")[:_MAX_ERROR] or None,
    }


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
