"""The handler of the forms behind the buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError
from starlette.responses import RedirectResponse

from phrase_provider.simulator.core.errors import validation_error
from phrase_provider.simulator.server.control import ClockChange
from phrase_provider.simulator.server.forms import read_form
from phrase_provider.simulator.tms.actions import job_commands
from phrase_provider.simulator.tms.http.context import state_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.state import State


async def handle_form(request: Request) -> RedirectResponse:
    """
    Carry out the form, then redirect to its page (303).

    A button for a job command has the command as name and the job's uid as value; other fields are
    those of :class:`.server.control.ClockChange`.

    :raises ApiError: 404 for an unknown job, 400 for other invalid input.
    """
    state, form = state_of(request), await read_form(request)
    for command in job_commands.COMMANDS.keys() & form.keys():
        job_commands.run(state, command, state.part_by_uid(form.pop(command)))
    _move_clock(state, form)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(request.url.path + query, 303)


def _move_clock(state: State, form: dict[str, str]) -> None:
    try:
        ClockChange.model_validate(form).apply(state)
    except ValidationError as error:
        raise validation_error(error) from None
