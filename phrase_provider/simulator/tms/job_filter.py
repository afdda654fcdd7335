"""Choosing jobs by a filter in a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator import providers
from phrase_provider.simulator.errors import Refusal
from phrase_provider.simulator.tms.filters import due_within

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from phrase_provider.simulator.bodies.analyses import JobFilter
    from phrase_provider.simulator.entities import JobPart
    from phrase_provider.simulator.world import World

_DUE_IN = {"IN_4_HOURS": 4, "IN_8_HOURS": 8, "IN_24_HOURS": 24, "IN_3_DAYS": 72, "OVERDUE": -1}


def choose(world: World, wanted: JobFilter) -> list[JobPart]:
    """
    Return the parts of the filter's project that pass it.

    :raises Refusal: 404 for the project, 501 for filters that the simulator does not know.
    """
    preceding = any(status.startswith("PRECEDING") for status in wanted.statuses)
    if wanted.date_due or wanted.job_owner or preceding:
        text = "jobFilter: dateDue, jobOwner and PRECEDING statuses are not simulated."
        raise Refusal(501, "NOT_IMPLEMENTED", text)
    parts = world.project(wanted.project.uid).parts.values()
    conditions = list(_conditions(world, wanted))
    return [part for part in parts if all(condition(part) for condition in conditions)]


def _conditions(world: World, wanted: JobFilter) -> Iterator[Callable[[JobPart], bool]]:
    if wanted.filename is not None:
        yield lambda part: part.file.name == wanted.filename
    if wanted.source_path is not None:
        yield lambda part: part.file.directory == wanted.source_path
    if wanted.target_langs:
        yield lambda part: part.target_lang in wanted.target_langs
    if wanted.statuses:
        yield lambda part: part.status in wanted.statuses
    if step := wanted.workflow_step:
        yield lambda part: step.id in (str(part.step.id), part.step.step.id)
    if wanted.provider:
        [provider] = providers.known(world, [wanted.provider])
        yield lambda part: provider in part.providers
    if wanted.due_in:
        hours, now = _DUE_IN[wanted.due_in], world.clock.now()
        yield lambda part: due_within(part.due, hours, now)
