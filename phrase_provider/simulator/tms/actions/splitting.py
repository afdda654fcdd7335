"""Splitting of jobs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists
from phrase_provider.simulator.tms.events import JobEvent, JobEventType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.state import State


def split(state: State, part: JobPart, ends: Iterable[int], *, all_steps: bool) -> list[JobPart]:
    """
    Split a job after the segments ``ends``, which are indexes in the file; the first piece is the job itself.

    :param all_steps: split the parts of the other workflow steps at the same segments.
    :return: all pieces.
    """
    cuts = sorted(set(ends))
    whole = [other for other in part.job.parts if other is part or (all_steps and other.overlaps(part))]
    pieces = [piece for other in whole for piece in _cut(state, other, cuts)]
    new = [piece for piece in pieces if piece not in whole]
    state.events.publish(JobEvent(JobEventType.JOB_CREATED, new, state.clock.now()))
    return pieces


def _cut(state: State, part: JobPart, cuts: list[int]) -> list[JobPart]:
    pieces = [part]
    for cut in cuts:
        last = pieces[-1]
        if last.begin_index <= cut < last.end_index:
            pieces.append(_piece(state, last, cut + 1))
            last.end_index, last.split = cut, True
    return pieces


def _piece(state: State, part: JobPart, begin: int) -> JobPart:
    """Return a new part that takes over the segments from ``begin`` on."""
    piece = replace(
        part,
        uid=state.ids.uid(),
        number=state.ids.number("job"),
        begin_index=begin,
        split=True,
        plan=0,
        providers=list(part.providers),
        fail_next={},
        warnings=[],
        changes=[],
    )
    part.job.parts.append(piece)
    state.parts[piece.uid] = part.project.parts[piece.uid] = piece
    linguists.plan(state, piece, state.clock.now())
    return piece
