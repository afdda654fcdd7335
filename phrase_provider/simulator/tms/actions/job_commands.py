"""What people do to a job at a command instead of by themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import invalid
from phrase_provider.simulator.tms.actions import linguists as people
from phrase_provider.simulator.tms.actions import splitting
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.async_actions import lifecycle as async_work
from phrase_provider.simulator.tms.entities import AsyncAction, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.state import State

    Command = Callable[[State, JobPart], None]


def _ready(state: State, part: JobPart) -> None:
    """Have the part imported, at once if its import still runs."""
    async_work.finish_import(state, part)
    require_imported(part)


def _becomes(status: JobStatus) -> Command:
    def command(state: State, part: JobPart) -> None:
        _ready(state, part)
        people.set_status(state, part, status, state.clock.now())

    return command


def _fail_import(state: State, part: JobPart) -> None:
    async_work.fail_import(state, part, "The file could not be imported.")


def _fails(action: AsyncAction, text: str) -> Command:
    def command(_: State, part: JobPart) -> None:
        part.fail_next[action] = text

    return command


def _split(state: State, part: JobPart) -> None:
    """Cut a job in two, in all workflow steps: a new part takes over the second half of the segments."""
    _ready(state, part)
    splitting.split(state, part, [(part.begin_index + part.end_index) // 2], all_steps=True)


STATUSES = {
    "accept": JobStatus.ACCEPTED,
    "decline": JobStatus.DECLINED,
    "reject": JobStatus.REJECTED,
    "cancel": JobStatus.CANCELLED,
    "complete": JobStatus.COMPLETED,
    "deliver": JobStatus.DELIVERED,
}
"""The commands that give a status, and which."""

_DAMAGED = "The file cannot be read."

COMMANDS: dict[str, Command] = {
    **{name: _becomes(status) for name, status in STATUSES.items()},
    "fail-import": _fail_import,
    "fail-export": _fails(
        AsyncAction.EXPORT_COMPLETE_FILE, "The target file cannot be generated: tags are missing."
    ),
    "fail-update-source": _fails(AsyncAction.UPDATE_SOURCE, _DAMAGED),
    "fail-update-target": _fails(AsyncAction.UPDATE_TARGET, _DAMAGED),
    "fail-pre-translate": _fails(AsyncAction.PRE_TRANSLATE, "The machine translation engine is not there."),
    "fail-analysis": _fails(AsyncAction.PRE_ANALYSE, "The segments cannot be counted."),
    "split": _split,
}
"""Commands by name; those that need an imported job first finish a pending import."""


def run(state: State, name: str, part: JobPart) -> None:
    """
    Do one of :data:`COMMANDS`.

    :raises Refusal: 400 for a name that is none of them, and for a job that cannot be imported any more.
    """
    command = COMMANDS.get(name)
    if command is None:
        raise invalid(f"The commands are {', '.join(COMMANDS)}.")
    command(state, part)
