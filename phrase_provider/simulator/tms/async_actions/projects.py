"""Creation of projects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions.base import AsyncTask
from phrase_provider.simulator.tms.entities import AsyncAction
from phrase_provider.simulator.tms.events import ProjectEvent, ProjectEventType

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart, Project
    from phrase_provider.simulator.tms.state import State


@dataclass(eq=False)
class ProjectCreationTask(AsyncTask):
    """Creates a project, which is not visible before the end."""

    project: Project
    action = AsyncAction.CREATE_PROJECT
    duration = "create_project_seconds"

    def run(self, state: State, request: AsyncRequest, _: list[JobPart], at: float) -> Failure:
        add(state, self.project, at)
        request.project = self.project
        return None

    @property
    def result(self) -> Project:
        return self.project


def add(state: State, project: Project, at: float) -> None:
    """Add a project and raise its event; ``at`` in epoch seconds."""
    project.created = at
    state.projects[project.uid] = project
    state.events.publish(ProjectEvent(ProjectEventType.PROJECT_CREATED, project, at))
