"""What the schedule has in store for Phrase TMS: async requests that end, and linguists who work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.entities import AsyncAction

if TYPE_CHECKING:
    from phrase_provider.simulator.core.schedule import ScheduledEvent
    from phrase_provider.simulator.tms.state import State


def register(state: State) -> None:
    """Have the state hand its scheduled events to the functions that carry them out."""

    def finish(event: ScheduledEvent) -> None:
        """Finish an async request, unless it was finished by hand since."""
        if event.subject in state.pending:
            lifecycle.finish(state, state.pending[event.subject], event.due)

    def act(event: ScheduledEvent) -> None:
        """Let a linguist act, unless the job is gone or was moved by hand since."""
        part = state.parts.get(event.subject)
        if part is not None and part.plan == event.plan and state.settings.work_moves:
            linguists.act(state, event.kind, part, event.due)

    for action in AsyncAction:
        state.on_due(action, finish)
    for kind in linguists.ACTS:
        state.on_due(kind, act)
