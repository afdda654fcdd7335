"""Creation of projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions.base import Work
from phrase_provider.simulator.tms.entities.projects import AsyncAction
from phrase_provider.simulator.webhooks import payloads
from phrase_provider.simulator.webhooks import publish as notices
from phrase_provider.simulator.webhooks.events import WebhookEvent

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities.projects import AsyncRequest, JobPart, Project
    from phrase_provider.simulator.tms.state import World
    from phrase_provider.simulator.webhooks.payloads import Json


@dataclass(eq=False)
class ProjectCreation(Work):
    """The creation of a project that nobody can see before its end."""

    project: Project
    action = AsyncAction.CREATE_PROJECT
    duration = "create_project_seconds"

    def end(self, world: World, request: AsyncRequest, _: list[JobPart], at: float) -> Failure:
        add(world, self.project, at)
        request.project = self.project
        return None

    def details(self, world: World) -> Json | None:
        return payloads.of_project(self.project)


def add(world: World, project: Project, at: float) -> None:
    """Let a project exist from ``at`` (epoch seconds) on."""
    project.created = at
    world.projects[project.uid] = project
    notices.project_event(world, WebhookEvent.PROJECT_CREATED, project, at)
