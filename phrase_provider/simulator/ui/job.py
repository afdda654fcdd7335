"""The page of a job: its data, history and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response

from phrase_provider.simulator.tms.files import target_files
from phrase_provider.simulator.tms.http import headers
from phrase_provider.simulator.tms.http.context import state_of
from phrase_provider.simulator.ui.layout import render_page

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.entities import JobPart


def _part_of(request: Request) -> JobPart:
    return state_of(request).part_by_uid(request.path_params["jobUid"])


async def show(request: Request) -> Response:
    """
    Handle ``GET /web/job/{jobUid}/translate``.

    :raises ApiError: 404.
    """
    part, state = _part_of(request), state_of(request)
    requests = [found for found in state.requests.values() if part.uid in found.job_uids]
    mails = [mail for mail in reversed(state.mails) if mail.job_uid == part.uid]
    return render_page(request, "job.html", part=part, requests=requests, mails=mails)


async def show_source(request: Request) -> Response:
    """
    Handle ``GET /web/job/{jobUid}/source``: the source file.

    :raises ApiError: 404.
    """
    file = _part_of(request).file
    return _file(file.name, file.content)


async def show_target(request: Request) -> Response:
    """
    Handle ``GET /web/job/{jobUid}/target``: the target file as an export would be now; it starts none.

    :raises ApiError: 404.
    """
    part = _part_of(request)
    target = await target_files.write(part)
    return _file(part.file.name, target.content)


def _file(name: str, content: bytes) -> Response:
    """Return text as plain text, since it must not run in a browser; other files as a download."""
    answer_headers = {"x-content-type-options": "nosniff", "content-security-policy": "sandbox"}
    try:
        content.decode()
    except UnicodeDecodeError:
        answer_headers["content-disposition"] = headers.content_disposition(name, "attachment; ")
        return Response(content, headers=answer_headers, media_type="application/octet-stream")
    return Response(content, headers=answer_headers, media_type="text/plain; charset=utf-8")
