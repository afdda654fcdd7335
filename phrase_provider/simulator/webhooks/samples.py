"""Sample payloads of all events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.persistence.content import Content
from phrase_provider.simulator.tms.async_actions.imports import ImportTask
from phrase_provider.simulator.tms.entities import (
    AsyncRequest,
    ImportStatus,
    Job,
    JobPart,
    Project,
    ProjectStep,
    SourceFile,
)
from phrase_provider.simulator.tms.entities.analyses import Analysis
from phrase_provider.simulator.webhooks import payloads

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import Template
    from phrase_provider.simulator.tms.serializers import Json
    from phrase_provider.simulator.tms.state import State
    from phrase_provider.simulator.webhooks.events import WebhookEvent


def body(state: State, event: WebhookEvent) -> Json:
    """Return the whole body of a sample."""
    return payloads.envelope(event, _uid("Event"), state.clock.now(), content(state, event))


def content(state: State, event: WebhookEvent) -> Json:
    """
    Return the payload of a sample, under its root.

    The roots of ``RAW_MT_*`` and ``TERM_BASE_*`` are guesses: nothing in this simulator causes these events.
    """
    part = _part(state)
    match event.split("_"):
        case ["PROJECT", "TEMPLATE", *_]:
            return payloads.of_template(_template(state))
        case ["PROJECT" | "SHARED", *_]:
            return payloads.of_project(part.project)
        case ["ANALYSIS", *_]:
            return payloads.of_analysis(_analysis(part))
        case ["ASYNC", *_]:
            return payloads.of_async_request(_request(part))
        case ["TERM", *_]:
            return {"termBase": {"id": 9001, "uid": _uid("TermBase"), "name": "Term base"}}
        case ["RAW", *_]:
            return {"project": {"id": int(part.project.id), "uid": part.project.uid}}
    return payloads.of_jobs(state, event, [part], "The target file cannot be generated: tags are missing.")


def _part(state: State) -> JobPart:
    """Return an imported part of one file, one language and one workflow step."""
    project = _project(state)
    file = SourceFile(_uid("File"), "page.json", None, Content(), words=4, segments=1)
    job = Job(_uid("Reference"), "1", project, file, project.target_langs[0])
    return JobPart(
        uid=_uid("Job"),
        number=1,
        job=job,
        step=project.steps[0],
        created=project.created,
        import_status=ImportStatus.OK,
        end_index=0,
    )


def _project(state: State) -> Project:
    template = _template(state)
    return Project(
        id="1",
        uid=_uid("Project"),
        internal_id=1,
        name="Project",
        template=template,
        source_lang=template.source_lang,
        target_langs=list(template.target_langs[:1]),
        steps=[ProjectStep(1, 1, template.steps[0])],
        owner=template.owner,
        created_by=state.user,
        created=template.created,
        references={},
    )


def _template(state: State) -> Template:
    return next(iter(state.templates.values()))


def _request(part: JobPart) -> AsyncRequest:
    return AsyncRequest(
        id="1",
        task=ImportTask(),
        created=part.created,
        created_by=part.project.created_by,
        project=part.project,
        job_uids=[part.uid],
        finished=part.created,
    )


def _analysis(part: JobPart) -> Analysis:
    return Analysis(
        id="1",
        uid=_uid("Analysis"),
        inner_id=1,
        name="Analysis #1",
        type="PreAnalyse",
        project=part.project,
        created=part.created,
        created_by=part.project.created_by,
        options={},
        status=ImportStatus.OK,
    )


def _uid(kind: str) -> str:
    """Return a sample uid of the usual length."""
    return f"{kind:0<22}"
