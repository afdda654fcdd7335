"""Upload of preview packages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator.tms import serializers
from phrase_provider.simulator.tms.entities import preview_packages
from phrase_provider.simulator.tms.entities.preview_packages import PreviewPackage
from phrase_provider.simulator.tms.http.context import project_of, state_of
from phrase_provider.simulator.tms.http.files import read_form_file

if TYPE_CHECKING:
    from starlette.requests import Request


async def upload_package(request: Request) -> JSONResponse:
    """
    Handle ``POST /api2/v1/projects/{projectUid}/jobPreviewPackage``.

    A form with the ZIP as part ``file``.
    """
    state, project = state_of(request), project_of(request)
    sent = await read_form_file(request, "file")
    await asyncio.to_thread(preview_packages.check, sent.content)
    package = PreviewPackage(
        uid=state.ids.uid(),
        file_uid=state.ids.uid(),
        file_name=sent.name,
        project=project,
        created=state.clock.now(),
        created_by=state.user,
    )
    state.preview_packages[package.uid] = package
    return JSONResponse(serializers.preview_package(package), state.settings.preview_package_status)


routes = [
    Route("/api2/v1/projects/{projectUid}/jobPreviewPackage", upload_package, methods=["POST"]),
]
