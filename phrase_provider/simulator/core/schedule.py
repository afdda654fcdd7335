"""The schedule: a queue of events in simulated time."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, order=True)
class ScheduledEvent:
    """
    An event at a moment of simulated time; plain data, so that it can be persisted.

    :param due: epoch seconds of simulated time.
    :param number: order among events that are due at the same time.
    :param kind: selects the handler: an async action that ends, ``accept``, ``complete`` or ``deliver``.
    :param subject: uid of the job part or the delivery, or id of the async request.
    :param plan: the plan of the part when this was scheduled; see :class:`.tms.entities.projects.JobPart`.
    """

    due: float
    number: int
    kind: str = field(compare=False)
    subject: str = field(compare=False)
    plan: int = field(compare=False, default=0)


class Schedule:
    """A queue of events, ordered by time."""

    def __init__(self) -> None:
        self._heap: list[ScheduledEvent] = []
        self._number = 0

    def add(self, due: float, kind: str, subject: str, plan: int = 0) -> None:
        self._number += 1
        heapq.heappush(self._heap, ScheduledEvent(due, self._number, kind, subject, plan))

    def next_due(self) -> float | None:
        """Return when the next event is due, if there is one."""
        return self._heap[0].due if self._heap else None

    def due(self, now: float) -> Iterator[ScheduledEvent]:
        """Remove and yield the events that are due by ``now``, including those that are added meanwhile."""
        while self._heap and self._heap[0].due <= now:
            yield heapq.heappop(self._heap)
