"""New jobs: the parts of a file in a language, one for each workflow step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import epoch
from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms.actions.providers import known
from phrase_provider.simulator.tms.entities import Job, JobPart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.tms.entities import Project, ProjectStep, SourceFile
    from phrase_provider.simulator.tms.schemas.new_jobs import NewJobSettings
    from phrase_provider.simulator.tms.schemas.providers import Provider, ProvidersPerLanguage
    from phrase_provider.simulator.tms.state import State


def check(state: State, project: Project, settings: NewJobSettings) -> None:
    """
    Check that providers and workflow steps are known.

    :raises ApiError: 400.
    """
    _check_assignments(state, settings.assignments or ())
    steps = {str(step.id) for step in project.steps}
    for configuration in settings.workflow_settings or ():
        if configuration.id not in steps:
            raise bad_request(f"workflowSettings: unknown id {configuration.id}")
        _check_assignments(state, configuration.assignments)


def add(state: State, project: Project, file: SourceFile, language: str, settings: NewJobSettings) -> Job:
    """Return a new job, not imported yet, with a part for each step; the steps share the ``innerId``."""
    job = _job(state, project, file, language)
    for step in project.steps:
        _add_part(state, job, step, settings)
    return job


def add_clone(state: State, original: Job, language: str, settings: NewJobSettings, *, split: bool) -> Job:
    """
    Return a new job of the file of another one, not imported yet.

    :param split: whether its parts are those of the other one, where that is split.
    """
    if not split:
        return add(state, original.project, original.file, language, settings)
    job = _job(state, original.project, original.file, language)
    for like in original.parts:
        part = _add_part(state, job, like.step, settings)
        part.begin_index, part.end_index, part.split = like.begin_index, like.end_index, like.split
    return job


def _job(state: State, project: Project, file: SourceFile, language: str) -> Job:
    project.files += 1
    job = Job(state.ids.uid(), str(project.files), project, file, language)
    file.jobs.append(job)
    return job


def _add_part(state: State, job: Job, step: ProjectStep, settings: NewJobSettings) -> JobPart:
    assignments, due = settings.assignments, settings.due
    for configuration in settings.workflow_settings or ():
        if configuration.id == str(step.id):
            assignments, due = configuration.assignments, configuration.due
    part = JobPart(
        uid=state.ids.uid(),
        number=state.ids.number("job"),
        job=job,
        step=step,
        created=state.clock.now(),
        providers=known(state, _providers(assignments or (), job.target_lang)),
        due=epoch(due),
        end_index=job.file.segments - 1,
    )
    job.parts.append(part)
    state.parts[part.uid] = job.project.parts[part.uid] = part
    return part


def _check_assignments(state: State, assignments: Sequence[ProvidersPerLanguage]) -> None:
    for assignment in assignments:
        known(state, assignment.providers or ())


def _providers(assignments: Sequence[ProvidersPerLanguage], language: str) -> list[Provider]:
    return [
        provider
        for assignment in assignments
        if assignment.target_lang in (None, language)
        for provider in assignment.providers or ()
    ]
