"""Creation of analyses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions import providers
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.async_actions import lifecycle
from phrase_provider.simulator.tms.async_actions.analyses import AnalysisTask
from phrase_provider.simulator.tms.entities import AsyncAction
from phrase_provider.simulator.tms.entities.analyses import Analysis
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.tms.routes import job_filter
from phrase_provider.simulator.tms.schemas.analyses import CreateAnalysis, CreateAnalysisList
from phrase_provider.simulator.tms.schemas.base import read_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import AsyncRequest, JobPart, ProviderReference
    from phrase_provider.simulator.tms.schemas.analyses import AnalysisOptions
    from phrase_provider.simulator.tms.schemas.base import UidReference
    from phrase_provider.simulator.tms.state import State

_BATCH, _LIMIT = 100_000, 300_000
"""Maximum segments of one analysis and of one request, in version 2."""
_ACTIONS = {
    "PreAnalyse": AsyncAction.PRE_ANALYSE,
    "PostAnalyse": AsyncAction.POST_ANALYSE,
    "Compare": AsyncAction.COMPARE_ANALYSE,
}


@dataclass(frozen=True)
class _Batch:
    """The jobs of one analysis, and their provider, if they are grouped by provider."""

    parts: list[JobPart]
    provider: ProviderReference | None = None


async def analyse_by_providers(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/analyses/byProviders``.

    One for each provider, and one for the jobs without any.
    """
    state, body = state_of(request), await read_body(request, CreateAnalysisList)
    batches = list(_by_provider(_jobs(state, body.jobs)))
    return _answer_list(_start(state, body, batches, {"analyzeByProvider": True}))


async def analyse_by_languages(request: Request) -> JSONResponse:
    """Handle ``POST /api2/v1/analyses/byLanguages``: one for each target language."""
    state, body = state_of(request), await read_body(request, CreateAnalysisList)
    batches = [_Batch(parts) for parts in _by_language(_jobs(state, body.jobs))]
    return _answer_list(_start(state, body, batches, {"analyzeByLanguage": True}))


async def analyse(request: Request) -> JSONResponse:
    """Handle ``POST /api2/v2/analyses``: one, unless it is to be divided or has too many segments."""
    state, body = state_of(request), await read_body(request, CreateAnalysis)
    batches = [batch for whole in _divided(state, body) for batch in _small(whole)]
    divided = {"analyzeByProvider": body.analyze_by_provider, "analyzeByLanguage": body.analyze_by_language}
    started = _start(state, body, batches, divided)
    shapes = [
        _shape(analysis) | {"asyncRequest": serializers.async_request_v2(one)} for analysis, one in started
    ]
    return JSONResponse({"asyncRequests": shapes})


def _divided(state: State, body: CreateAnalysis) -> list[_Batch]:
    if body.jobs and not body.job_filter:
        parts = _jobs(state, body.jobs)
    elif body.job_filter and not body.jobs:
        parts = _ready(job_filter.choose(state, body.job_filter))
    else:
        raise bad_request("Either jobs or jobFilter must be given.")
    if sum(map(_segments, parts)) > _LIMIT:
        raise bad_request(f"The jobs have more than {_LIMIT} segments.")
    [provider] = providers.known(state, [body.provider]) if body.provider else [None]
    groups = _by_language(parts) if body.analyze_by_language else [parts]
    if body.analyze_by_provider:
        return [batch for group in groups for batch in _by_provider(group)]
    return [_Batch(group, provider) for group in groups]


def _jobs(state: State, references: Iterable[UidReference]) -> list[JobPart]:
    """
    Return the jobs that a body names.

    :raises ApiError: 404 for an unknown one, 400 unless all belong to one project and are imported.
    """
    parts = [state.part_by_uid(uid) for uid in dict.fromkeys(reference.uid for reference in references)]
    if len({part.project.uid for part in parts}) > 1:
        raise bad_request("The jobs belong to different projects.")
    return _ready(parts)


def _ready(parts: list[JobPart]) -> list[JobPart]:
    if not parts:
        raise bad_request("There are no jobs to analyse.")
    for part in parts:
        require_imported(part)
    return parts


def _by_language(parts: Iterable[JobPart]) -> list[list[JobPart]]:
    found: dict[str, list[JobPart]] = {}
    for part in parts:
        found.setdefault(part.target_lang, []).append(part)
    return list(found.values())


def _by_provider(parts: Iterable[JobPart]) -> Iterator[_Batch]:
    """Return the jobs grouped by their first provider."""
    found: dict[str | None, _Batch] = {}
    for part in parts:
        provider = part.providers[0] if part.providers else None
        key = provider["uid"] if provider else None
        found.setdefault(key, _Batch([], provider)).parts.append(part)
    return iter(found.values())


def _small(whole: _Batch) -> Iterator[_Batch]:
    """Yield batches within the limit of segments; only a batch of a single job may exceed it."""
    batch, segments = _Batch([], whole.provider), 0
    for part in whole.parts:
        if batch.parts and segments + _segments(part) > _BATCH:
            yield batch
            batch, segments = _Batch([], whole.provider), 0
        batch.parts.append(part)
        segments += _segments(part)
    yield batch


def _segments(part: JobPart) -> int:
    return part.end_index - part.begin_index + 1


def _start(
    state: State, body: AnalysisOptions, batches: Sequence[_Batch], divided: dict[str, bool]
) -> list[tuple[Analysis, AsyncRequest]]:
    """
    Start the analyses.

    :param divided: the settings by which the jobs were grouped.
    :raises ApiError: 400 for a net rate scheme, as there is none; otherwise when too much is pending.
    """
    if body.net_rate_scheme:
        raise bad_request(f"netRateScheme: unknown id {body.net_rate_scheme.id}")
    state.require_async_slot(len(batches))
    options = {**body.model_dump(by_alias=True), **divided}
    return [_start_one(state, body, batch, options) for batch in batches]


def _start_one(
    state: State, body: AnalysisOptions, batch: _Batch, options: dict[str, object]
) -> tuple[Analysis, AsyncRequest]:
    project, kind = batch.parts[0].project, body.type or "PreAnalyse"
    project.analyses += 1
    analysis = Analysis(
        id=str(state.ids.number("analysis")),
        uid=state.ids.uid(),
        inner_id=project.analyses,
        name=body.name or f"Analysis #{project.analyses}",
        type=kind,
        project=project,
        created=state.clock.now(),
        created_by=state.user,
        options=options,
        provider=batch.provider,
    )
    state.analyses[analysis.uid] = analysis
    task = AnalysisTask(analysis, _ACTIONS[kind])
    return analysis, lifecycle.start(state, task, project, batch.parts, body.callback_url)


def _answer_list(started: list[tuple[Analysis, AsyncRequest]]) -> JSONResponse:
    shapes = [
        _shape(analysis) | {"asyncRequest": serializers.async_request(one)} for analysis, one in started
    ]
    return JSONResponse({"analyses": shapes})


def _shape(analysis: Analysis) -> serializers.Json:
    return {"analyse": {"id": analysis.id}}


routes = [
    Route("/api2/v1/analyses/byProviders", analyse_by_providers, methods=["POST"]),
    Route("/api2/v1/analyses/byLanguages", analyse_by_languages, methods=["POST"]),
    Route("/api2/v2/analyses", analyse, methods=["POST"]),
]
