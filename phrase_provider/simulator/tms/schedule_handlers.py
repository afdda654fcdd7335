"""The handlers of scheduled events: async requests that end, and actions of linguists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.entities import AsyncAction

if TYPE_CHECKING:
    from phrase_provider.simulator.core.schedule import ScheduledEvent
    from phrase_provider.simulator.tms.state import State


def register(state: State) -> None:
    """Register the handlers of scheduled events."""

    def finish(event: ScheduledEvent) -> None:
        """Finish an async request, unless it was already finished by a command."""
        if event.subject in state.pending:
            lifecycle.finish(state, state.pending[event.subject], event.due)

    def act(event: ScheduledEvent) -> None:
        """Carry out an action of a linguist, unless the job was deleted or has changed since."""
        part = state.parts.get(event.subject)
        if part is not None and part.plan == event.plan and state.settings.work_moves:
            linguists.act(state, event.kind, part, event.due)

    for action in AsyncAction:
        state.on_due(action, finish)
    for kind in linguists.ACTS:
        state.on_due(kind, act)
