"""Selection of jobs by a filter in a body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import epoch
from phrase_provider.simulator.tms.actions import linguists, providers
from phrase_provider.simulator.tms.http.filters import due_within

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.schemas.analyses import JobFilter
    from phrase_provider.simulator.tms.state import State

    Condition = Callable[[JobPart], bool]

_DUE_IN = {"IN_4_HOURS": 4, "IN_8_HOURS": 8, "IN_24_HOURS": 24, "IN_3_DAYS": 72, "OVERDUE": -1}


def choose(state: State, wanted: JobFilter) -> list[JobPart]:
    """
    Return the parts of the filter's project that match it.

    :raises ApiError: 404 for an unknown project, 400 for an unknown provider.
    """
    conditions = _conditions(state, wanted)
    parts = state.project(wanted.project.uid).parts.values()
    return [part for part in parts if all(condition(part) for condition in conditions)]


def _conditions(state: State, wanted: JobFilter) -> list[Condition]:
    """Return a condition for each filter in use."""
    now, hours = state.clock.now(), _DUE_IN.get(wanted.due_in or "")
    step, owner = getattr(wanted.workflow_step, "id", None), getattr(wanted.job_owner, "uid", None)
    languages, statuses = wanted.target_langs or (), wanted.statuses or ()
    until = epoch(wanted.date_due) or 0
    given = providers.known(state, [wanted.provider] if wanted.provider else [])
    conditions: list[tuple[object, Condition]] = [
        (wanted.filename, lambda part: part.file.name == wanted.filename),
        (wanted.source_path, lambda part: part.file.directory == wanted.source_path),
        (languages, lambda part: part.target_lang in languages),
        (statuses, lambda part: not _words(part).isdisjoint(statuses)),
        # The documents do not say which of the two ids is meant.
        (step, lambda part: step in (str(part.step.id), part.step.step.id)),
        (given, lambda part: given[0] in part.providers),
        (owner, lambda part: part.project.owner.uid == owner),
        (until, lambda part: part.due is not None and part.due <= until),
        (hours, lambda part: due_within(part.due, hours, now)),
    ]
    return [condition for value, condition in conditions if value]


def _words(part: JobPart) -> set[str]:
    """Return the statuses of a part for filters: its own, and that of the step before it."""
    before = "PRECEDING_COMPLETED" if linguists.preceding_finished(part) else "PRECEDING_NOT_COMPLETED"
    return {part.status, before}
