"""Commands: what linguists would do to a job, done at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms.actions import linguists, splitting
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.entities import AsyncAction, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.state import State

    Command = Callable[[State, JobPart], None]


def _ready(state: State, part: JobPart) -> None:
    """Finish the import of the part if it is still running."""
    lifecycle.finish_import(state, part)
    require_imported(part)


def _set_status(status: JobStatus) -> Command:
    def command(state: State, part: JobPart) -> None:
        _ready(state, part)
        linguists.set_status(state, part, status, state.clock.now())

    return command


def _fail_import(state: State, part: JobPart) -> None:
    lifecycle.fail_import(state, part, "The file could not be imported.")


def _fail_next(action: AsyncAction, text: str) -> Command:
    def command(_: State, part: JobPart) -> None:
        part.fail_next[action] = text

    return command


def _split(state: State, part: JobPart) -> None:
    """Split a job in two, in all workflow steps: a new part takes over the second half of the segments."""
    _ready(state, part)
    splitting.split(state, part, [(part.begin_index + part.end_index) // 2], all_steps=True)


def _make_continuous(_: State, part: JobPart) -> None:
    part.job.continuous = True


def _from_connector(_: State, part: JobPart) -> None:
    part.job.remote_folder = "/remote"


STATUSES = {
    "accept": JobStatus.ACCEPTED,
    "decline": JobStatus.DECLINED,
    "reject": JobStatus.REJECTED,
    "cancel": JobStatus.CANCELLED,
    "complete": JobStatus.COMPLETED,
    "deliver": JobStatus.DELIVERED,
}
"""The commands that set a status, and the status."""

_DAMAGED = "The file cannot be read."

COMMANDS: dict[str, Command] = {
    **{name: _set_status(status) for name, status in STATUSES.items()},
    "fail-import": _fail_import,
    "fail-export": _fail_next(
        AsyncAction.EXPORT_COMPLETE_FILE, "The target file cannot be generated: tags are missing."
    ),
    "fail-update-source": _fail_next(AsyncAction.UPDATE_SOURCE, _DAMAGED),
    "fail-update-target": _fail_next(AsyncAction.UPDATE_TARGET, _DAMAGED),
    "fail-pre-translate": _fail_next(
        AsyncAction.PRE_TRANSLATE, "The machine translation engine is not there."
    ),
    "fail-analysis": _fail_next(AsyncAction.PRE_ANALYSE, "The segments cannot be counted."),
    "split": _split,
    "make-continuous": _make_continuous,
    "from-connector": _from_connector,
}
"""The commands by name; those that need an imported job first finish a pending import."""


def run(state: State, name: str, part: JobPart) -> None:
    """
    Run one of :data:`COMMANDS`.

    :raises ApiError: 400 for an unknown name, and for a job whose import has failed.
    """
    command = COMMANDS.get(name)
    if command is None:
        raise bad_request(f"Unknown command; the commands are {', '.join(COMMANDS)}.")
    command(state, part)
