"""What people do to a job at a command instead of by themselves."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from phrase_provider.simulator import async_work, people
from phrase_provider.simulator.entities import AsyncAction, JobStatus
from phrase_provider.simulator.errors import invalid

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.entities import JobPart
    from phrase_provider.simulator.world import World

    Command = Callable[[World, JobPart], None]


def _becomes(status: JobStatus) -> Command:
    def command(world: World, part: JobPart) -> None:
        async_work.finish_import(world, part)
        people.set_status(world, part, status, world.clock.now())

    return command


def _fail_import(world: World, part: JobPart) -> None:
    async_work.fail_import(world, part, "The file could not be imported.")


def _fails(action: AsyncAction, text: str) -> Command:
    def command(_: World, part: JobPart) -> None:
        part.fail_next[action] = text

    return command


def _split(world: World, part: JobPart) -> None:
    """Cut a job in two: in each workflow step a new part takes over the second half of the segments."""
    async_work.finish_import(world, part)
    last = max(other.slice for other in part.job.parts)
    for other in [other for other in part.job.parts if other.slice == part.slice]:
        middle = (other.begin_index + other.end_index) // 2
        second = replace(
            other,
            uid=world.ids.uid(),
            number=world.ids.number("job"),
            begin_index=middle + 1,
            split=True,
            slice=last + 1,
            plan=0,
            warnings=[],
            changes=[],
        )
        other.end_index, other.split = middle, True
        part.job.parts.append(second)
        world.parts[second.uid] = part.project.parts[second.uid] = second
        people.plan(world, second, world.clock.now())


COMMANDS: dict[str, Command] = {
    "accept": _becomes(JobStatus.ACCEPTED),
    "decline": _becomes(JobStatus.DECLINED),
    "reject": _becomes(JobStatus.REJECTED),
    "cancel": _becomes(JobStatus.CANCELLED),
    "complete": _becomes(JobStatus.COMPLETED),
    "deliver": _becomes(JobStatus.DELIVERED),
    "fail-import": _fail_import,
    "fail-export": _fails(
        AsyncAction.EXPORT_COMPLETE_FILE, "The target file cannot be generated: tags are missing."
    ),
    "split": _split,
}
"""Commands by name; those that need an imported job first finish a pending import."""


def run(world: World, name: str, part: JobPart) -> None:
    """
    Do one of :data:`COMMANDS`.

    :raises Refusal: 400 for a name that is none of them.
    """
    command = COMMANDS.get(name)
    if command is None:
        raise invalid(f"The commands are {', '.join(COMMANDS)}.")
    command(world, part)
