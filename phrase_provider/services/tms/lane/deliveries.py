"""Delivering written targets: statuses are read once more, set, and recorded."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseError
from phrase_provider.services.tms.job_statuses import JobReference, set_statuses
from phrase_provider.services.tms.lane.faults import FaultCount, outcome_of
from phrase_provider.services.tms.lane.targets import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.services.tms.lane.records import LaneRecords
    from phrase_provider.services.tms.lane.statuses import ProjectStatuses
    from phrase_provider.services.tms.lane.targets import Target
    from phrase_provider.services.tms.status_moves import StatusMover


class StatusSetter(Protocol):
    """Sets the jobs of targets to ``DELIVERED``."""

    def set(self, targets: Sequence[Target]) -> Mapping[str, str]:
        """
        Set the jobs of targets.

        :param targets: completed ones.
        :return: for the job uids of those that did not take the status, why.
        :raises PhraseError: a failure that the other targets would meet as well.
        """


class BatchStatusSetter:
    """
    Sets statuses 100 at a time; nobody is mailed, and no other workflow step moves.

    :param client: of the connection.
    """

    def __init__(self, client: TmsClient) -> None:
        self._client = client

    def set(self, targets: Sequence[Target]) -> Mapping[str, str]:
        """Set the jobs of targets, see :class:`StatusSetter`; source: ``PATCH /api2/v3/jobs``."""
        jobs = {JobReference(target.project_uid, uid): target for target in targets for uid in target.uids}
        return {
            jobs[each.job].job_uid: f"the job is {each.status or 'gone'}, and could not be set to DELIVERED. "
            f"{each.reason}"
            for each in set_statuses(self._client, jobs, JobStatus.DELIVERED)
        }


class SingleStatusSetter:
    """
    Sets statuses one by one, with the mails that Phrase sends then, each once.

    :param mover: of the task.
    """

    def __init__(self, mover: StatusMover) -> None:
        self._mover = mover
        self._faults = FaultCount()

    def set(self, targets: Sequence[Target]) -> Mapping[str, str]:
        """Set the jobs of targets, see :class:`StatusSetter`; source: ``POST …/setStatus``."""
        failed = {}
        for target in targets:
            moved = outcome_of(partial(self._move, target))
            self._faults.record(moved)
            if isinstance(moved, PhraseError):
                failed[target.job_uid] = moved.brief()
        return failed

    def _move(self, target: Target) -> None:
        for uid in target.uids:
            self._mover.move(target.project_uid, uid, target.status, target.sha256 or "")


class Deliveries:
    """
    Delivers written targets of a lane.

    A job that was sent back, cancelled or taken over by a newer run since its export is not delivered: what
    was written of it is not recorded, and it is exported again once it is completed again.

    :param setter: of statuses.
    :param projects: of the lane, by uid.
    :param records: get a line for each delivered target.
    """

    def __init__(
        self, setter: StatusSetter, projects: Mapping[str, ProjectStatuses], records: LaneRecords
    ) -> None:
        self._setter = setter
        self._projects = projects
        self._records = records

    def deliver(self, written: Sequence[Target]) -> None:
        """
        Deliver targets, those of one call together, and record them.

        :param written: whose files are in their places.
        """
        self._records.refresh()
        completed = list(chain.from_iterable(self._still_completed(written)))
        to_set = [target for target in completed if target.needs_status]
        failed = self._setter.set(to_set) if to_set else {}
        for target in completed:
            if target.job_uid in failed:
                target.state, target.error = State.FAILED, failed[target.job_uid]
            else:
                target.state = State.DELIVERED
                target.status = target.listed_status = JobStatus.DELIVERED.value
        self._records.add_delivered(target for target in completed if target.state is State.DELIVERED)

    def _still_completed(self, written: Sequence[Target]) -> list[list[Target]]:
        by_project: defaultdict[str, list[Target]] = defaultdict(list)
        for target in written:
            if target.state is not State.TAKEN_OVER:
                by_project[target.project_uid].append(target)
        return [self._projects[uid].find_completed(own) for uid, own in by_project.items()]
