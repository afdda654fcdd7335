"""The state and the entities that a request refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.tms.entities import JobPart, Project
    from phrase_provider.simulator.tms.schemas.base import UidReference
    from phrase_provider.simulator.tms.state import State


def state_of(request: Request) -> State:
    """Return the state of the TMS."""
    return cast("State", request.app.state.state)


def tokens_of(request: Request) -> Tokens:
    """Return the valid tokens."""
    return cast("Tokens", request.app.state.tokens)


def project_of(request: Request) -> Project:
    """
    Return the project that the path names.

    :raises ApiError: 404.
    """
    return state_of(request).project(request.path_params["projectUid"])


def part_of(request: Request) -> JobPart:
    """
    Return the job part that the path names.

    :raises ApiError: 404, also for a job of another project.
    """
    return state_of(request).part(request.path_params["projectUid"], request.path_params["jobUid"])


def parts_of(request: Request, references: Iterable[UidReference]) -> list[JobPart]:
    """
    Return the job parts that a body names, without duplicates.

    :raises ApiError: 404 when one of them does not belong to the project that the path names.
    """
    state, project = state_of(request), project_of(request)
    return [state.part(project.uid, uid) for uid in dict.fromkeys(reference.uid for reference in references)]
