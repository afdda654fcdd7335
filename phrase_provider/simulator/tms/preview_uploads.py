"""Upload of preview packages."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse
from starlette.routing import Route

from phrase_provider.simulator import render
from phrase_provider.simulator.bodies.base import media_type
from phrase_provider.simulator.errors import invalid, unsupported_media_type
from phrase_provider.simulator.model import preview_packages
from phrase_provider.simulator.model.preview_packages import PreviewPackage
from phrase_provider.simulator.tms.context import project_of, world_of

if TYPE_CHECKING:
    from starlette.requests import Request


async def upload_package(request: Request) -> JSONResponse:
    """``POST /api2/v1/projects/{projectUid}/jobPreviewPackage``: a form with the ZIP as part ``file``."""
    world, project = world_of(request), project_of(request)
    name, content = await _uploaded(request)
    await asyncio.to_thread(preview_packages.check, content)
    package = PreviewPackage(
        uid=world.ids.uid(),
        file_uid=world.ids.uid(),
        file_name=name,
        project=project,
        created=world.clock.now(),
        created_by=world.user,
    )
    world.preview_packages[package.uid] = package
    return JSONResponse(render.preview_package(package), world.settings.preview_package_status)


async def _uploaded(request: Request) -> tuple[str, bytes]:
    """
    Return name and content of the file in a form.

    :raises Refusal: 400 for a malformed form or one without file, 415 for another body.
    """
    if media_type(request.headers) != "multipart/form-data":
        raise unsupported_media_type("multipart/form-data")
    async with request.form() as form:
        file = form.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            raise invalid("The form has no file as its part 'file'.")
        return file.filename, await file.read()


routes = [
    Route("/api2/v1/projects/{projectUid}/jobPreviewPackage", upload_package, methods=["POST"]),
]
