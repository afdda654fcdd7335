"""The lane itself: looks, takes home what is ready, and says what is left."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.dates import for_people
from phrase_provider.services.tms.lane.deliveries import Deliveries
from phrase_provider.services.tms.lane.exports import TargetExports
from phrase_provider.services.tms.lane.statuses import ProjectStatuses
from phrase_provider.services.tms.lane.targets import SETTLED, State

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.services.tms.lane.deliveries import StatusSetter
    from phrase_provider.services.tms.lane.records import LaneRecords
    from phrase_provider.services.tms.lane.targets import Target
    from phrase_provider.waiting.conditions import Logger
    from phrase_provider.waiting.tms.ready_jobs import WatchedProject

#: Seconds between reports on the progress while files move.
_REPORT_EVERY = 60.0
#: Part of a batch that has to be ready for a leg to go on: else it holds a worker for a few files at a time.
_WORTHWHILE = 0.25


class LaneOptions(NamedTuple):
    """
    How a lane works.

    :param batch_size: targets that are delivered and recorded together.
    :param attempts: exports of one target at most, in one try of the task.
    :param max_interval: longest time between looks at exports, in seconds; None: as for other machine work.
    """

    batch_size: int
    attempts: int
    max_interval: float | None


class TargetLane:
    """
    Takes targets home: each is exported as soon as its job is completed, written, delivered and recorded.

    Whatever is ready goes together, so that a late language holds no other back; a failure is that of its
    own target alone. A lane that was killed is made anew, and goes on by what Phrase and the manifest say.

    :param client: of the connection.
    :param targets: in whatever projects.
    :param records: of these targets.
    :param setter: sets statuses.
    :param log: of the task.
    :param options: how it works.
    :param report: called now and then while files move.
    """

    def __init__(
        self,
        client: TmsClient,
        targets: Sequence[Target],
        records: LaneRecords,
        setter: StatusSetter,
        log: Logger,
        options: LaneOptions,
        report: Callable[[TargetLane], object],
    ) -> None:
        self.targets = targets
        self._records = records
        self._options = options
        self._report = report
        self._reported_at = time.monotonic()
        self._projects = _projects(client, targets, records)
        self._exports = TargetExports(
            client, log, attempts=options.attempts, max_interval=options.max_interval
        )
        self._deliveries = Deliveries(setter, self._projects, records)

    @property
    def is_settled(self) -> bool:
        """Whether this try has nothing more to do."""
        return all(target.state in SETTLED for target in self.targets)

    @property
    def must_look_again(self) -> bool:
        """Whether something will be ready without a change of its job's status: an import is running."""
        on_hold = any(target.state is State.ON_HOLD for target in self.targets)
        return on_hold or any(project.is_importing for project in self._projects.values())

    @property
    def due_dates(self) -> list[str | None]:
        """Due dates of what is open, as Phrase writes them, after a look at everything."""
        return [target.due_date for target in self.targets if target.state not in SETTLED]

    @property
    def overdue(self) -> int:
        """Number of open jobs past their due date, as far as the last look shows."""
        return sum(project.overdue for project in self._projects.values() if not project.is_settled)

    def work(self, before: Sequence[WatchedProject] | None = None) -> None:
        """
        Take home what is ready, as long as there is enough of it.

        :param before: what :meth:`watched` returned before a wait; None: look at everything.
        :raises PhraseError: a failure that all targets would meet; what was delivered is recorded.
        """
        self._look(before)
        while ready := self._ready():
            self._take(ready)
            if self.is_settled or not any(target.state in SETTLED for target in ready):
                break
            self._records.refresh()
            self._look_at_moved()
            if not self._is_worthwhile():
                break
        self._record_failures()

    def watched(self) -> list[WatchedProject]:
        """Return what a wait has to know: the projects in which something is open."""
        return [project.watched() for project in self._projects.values() if not project.is_settled]

    def give_up(self, deadline: float) -> None:
        """
        Note that what is open is not waited for any more.

        :param deadline: at which the wait ended, in epoch seconds.
        """
        reason = f"the wait for it ended on {for_people(datetime.fromtimestamp(deadline, UTC))}"
        for target in self.targets:
            if target.state not in SETTLED:
                status = target.status or "not completed"
                target.state, target.can_pass = State.FAILED, False
                target.error = f"{reason}; the job is {status} in Phrase"
        self._record_failures()

    def _look(self, before: Sequence[WatchedProject] | None) -> None:
        self._records.refresh()
        known = {watched["project_uid"]: watched for watched in before or ()}
        for uid, project in self._projects.items():
            if uid in known:
                project.resume(known[uid])
                project.look_at_moved()
                if not project.has_lost_any(known[uid]):
                    continue
            elif before is not None and project.recall():
                continue
            project.look_at_all()

    def _look_at_moved(self) -> None:
        for project in self._projects.values():
            if not project.is_settled:
                project.look_at_moved()

    def _ready(self) -> list[Target]:
        return [target for target in self.targets if target.state is State.READY]

    def _is_worthwhile(self) -> bool:
        if not any(target.state is State.OPEN for target in self.targets):
            return True
        return len(self._ready()) >= self._options.batch_size * _WORTHWHILE

    def _take(self, ready: Sequence[Target]) -> None:
        written: list[Target] = []
        for some in self._exports.write_each(ready):
            written += some
            if len(written) >= self._options.batch_size:
                self._deliver(written)
                written = []
        if written:
            self._deliver(written)

    def _deliver(self, written: Sequence[Target]) -> None:
        self._deliveries.deliver(written)
        if time.monotonic() - self._reported_at >= _REPORT_EVERY:
            self._reported_at = time.monotonic()
            self._report(self)

    def _record_failures(self) -> None:
        lost = (State.FAILED, State.ENDED)
        self._records.add_failed(target for target in self.targets if target.state in lost)


def _projects(
    client: TmsClient, targets: Sequence[Target], records: LaneRecords
) -> dict[str, ProjectStatuses]:
    own: defaultdict[str, list[Target]] = defaultdict(list)
    for target in targets:
        own[target.project_uid].append(target)
    return {uid: ProjectStatuses(client, uid, some, records) for uid, some in own.items()}
