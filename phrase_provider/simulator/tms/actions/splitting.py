"""Cutting jobs into pieces."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists as people
from phrase_provider.simulator.webhooks import publish as notices
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.simulator.tms.entities.projects import JobPart
    from phrase_provider.simulator.tms.state import World


def split(world: World, part: JobPart, ends: Iterable[int], *, all_steps: bool) -> list[JobPart]:
    """
    Cut a job after the segments ``ends``, which are indexes in the file; the first piece is the job itself.

    :param all_steps: cut the parts of the other workflow steps at the same places.
    :return: all pieces.
    """
    cuts = sorted(set(ends))
    whole = [other for other in part.job.parts if other is part or (all_steps and other.overlaps(part))]
    pieces = [piece for other in whole for piece in _cut(world, other, cuts)]
    new = [piece for piece in pieces if piece not in whole]
    notices.job_event(world, WebhookEvent.JOB_CREATED, new, world.clock.now())
    return pieces


def _cut(world: World, part: JobPart, cuts: list[int]) -> list[JobPart]:
    pieces = [part]
    for cut in cuts:
        last = pieces[-1]
        if last.begin_index <= cut < last.end_index:
            pieces.append(_piece(world, last, cut + 1))
            last.end_index, last.split = cut, True
    return pieces


def _piece(world: World, part: JobPart, begin: int) -> JobPart:
    """Return a new part that takes over the segments from ``begin`` on."""
    piece = replace(
        part,
        uid=world.ids.uid(),
        number=world.ids.number("job"),
        begin_index=begin,
        split=True,
        plan=0,
        providers=list(part.providers),
        fail_next={},
        warnings=[],
        changes=[],
    )
    part.job.parts.append(piece)
    world.parts[piece.uid] = part.project.parts[piece.uid] = piece
    people.plan(world, piece, world.clock.now())
    return piece
