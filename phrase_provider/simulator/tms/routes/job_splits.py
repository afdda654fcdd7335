"""Splits of jobs."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.actions import splitting
from phrase_provider.simulator.tms.actions.preconditions import require_imported
from phrase_provider.simulator.tms.http.context import part_of, state_of
from phrase_provider.simulator.tms.schemas.base import read_body
from phrase_provider.simulator.tms.schemas.jobs import SplitJob

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import JobPart, SourceFile

_WAYS = ("segment_ordinals", "part_count", "part_size", "word_count", "by_document_part")

_SLIDE = re.compile(r"ppt/slides/slide\d+\.xml")


async def split_job(request: Request) -> JSONResponse:
    """Handle ``POST .../jobs/{jobUid}/split``: answers all pieces, of all steps that were cut."""
    state, part = state_of(request), part_of(request)
    body = await read_body(request, SplitJob)
    require_imported(part)
    cuts = sorted(set(_cuts(part, body)))
    if not cuts or cuts[0] < part.begin_index or cuts[-1] >= part.end_index:
        raise bad_request("The job cannot be split there: it has too few segments.")
    pieces = splitting.split(state, part, cuts, all_steps=body.split_all_workflow_steps)
    return JSONResponse(serializers.job_parts(pieces))


def _cuts(part: JobPart, body: SplitJob) -> Iterable[int]:
    """Return the segments after which the job is split, assuming that words are spread evenly."""
    begin, end = part.begin_index, part.end_index
    match [(way, value) for way in _WAYS if (value := getattr(body, way))]:
        case [("segment_ordinals", ordinals)]:
            return [ordinal - 1 for ordinal in ordinals]
        case [("part_count", count)]:
            return _even_cuts(part, count)
        case [("part_size", size)] if size > 0:
            return range(begin + size - 1, end, size)
        case [("word_count", words)] if words > 0:
            size = max(1, round(words * part.file.segments / max(1, part.file.words)))
            return range(begin + size - 1, end, size)
        case [("by_document_part", _)]:
            return _even_cuts(part, _slides(part.file))
    raise bad_request(f"Exactly one of {', '.join(_WAYS)} must be given, with a value that fits the job.")


def _even_cuts(part: JobPart, count: int) -> list[int]:
    segments = part.end_index - part.begin_index + 1
    if not 1 < count <= segments:
        raise bad_request(f"A job of {segments} segments cannot be split into {count} parts.")
    return [part.begin_index + segments * n // count - 1 for n in range(1, count)]


def _slides(file: SourceFile) -> int:
    """
    Return the number of slides of a PowerPoint file; segments are assumed to be spread evenly over them.

    :raises ApiError: 400 for other files.
    """
    if not file.name.lower().endswith(".pptx"):
        raise bad_request("Only PowerPoint files can be split by document parts.")
    try:
        with zipfile.ZipFile(BytesIO(file.content)) as document:
            return sum(bool(_SLIDE.fullmatch(name)) for name in document.namelist())
    except zipfile.BadZipFile:
        raise bad_request("The PowerPoint file cannot be read.") from None


routes = [Route("/api2/v1/projects/{projectUid}/jobs/{jobUid}/split", split_job, methods=["POST"])]
