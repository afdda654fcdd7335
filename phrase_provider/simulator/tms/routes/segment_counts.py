"""Counts of the segments of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.http.context import parts_of, state_of
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.jobs import JobParts

if TYPE_CHECKING:
    from starlette.requests import Request


async def count_segments(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/projects/{projectUid}/jobs/segmentsCount``.

    Its body is a list of jobs that are ready (``JobPartReadyReferences``).
    """
    body = await read_body(request, JobParts)
    parts = parts_of(request, body.jobs)
    for part in parts:
        require_imported(part)
    at_first = state_of(request).settings.added_words_before_update
    results = [serializers.segment_counts(part, counts_original=at_first) for part in parts]
    return JSONResponse({"segmentsCountsResults": results})


routes = [Route("/api2/v1/projects/{projectUid}/jobs/segmentsCount", count_segments, methods=["POST"])]
