"""Uploaded files: the body of a request, or a part of a form."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile

from phrase_provider.simulator.core.errors import bad_request, unsupported_media_type
from phrase_provider.simulator.core.persistence.content import Content
from phrase_provider.simulator.tms.http import headers
from phrase_provider.simulator.tms.schemas.base import media_type

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.datastructures import FormData
    from starlette.requests import Request

_FORM = "multipart/form-data"


@dataclass(frozen=True)
class SentFile:
    name: str
    content: Content


async def receive(request: Request, name: str | None = None) -> SentFile:
    """
    Return the uploaded file: the raw body, or the only file of a form.

    The specification has only the raw body; the guide on API technology also has the form.

    :param name: default name; without it, the headers must name the file.
    :raises ApiError: 400 when there is no file, or it has no name; 415 for another media type.
    """
    if media_type(request.headers) != _FORM:
        named = headers.uploaded_name(request.headers, name)
        return SentFile(named, _required(await request.body()))
    sent = await read_form_file(request)
    named = headers.uploaded_name(request.headers, sent.name)
    return SentFile(named, _required(sent.content))


async def read_form_file(request: Request, part: str | None = None) -> SentFile:
    """
    Return the file of a form.

    :param part: name of its part; ``None`` for any, if there is exactly one file.
    :raises ApiError: 400 for a malformed form or one without the file, 415 for another media type.
    """
    if media_type(request.headers) != _FORM:
        raise unsupported_media_type(_FORM)
    async with _form(request) as form:
        sent = [value for key, value in form.multi_items() if part in (None, key)]
        found = [value for value in sent if isinstance(value, UploadFile) and value.filename]
        if not found or (part is None and len(found) > 1):
            raise bad_request(
                f"The form must have exactly one file{f' as its part {part!r}' if part else ''}."
            )
        return SentFile(headers.base_name(found[-1].filename or ""), Content(await found[-1].read()))


@asynccontextmanager
async def _form(request: Request) -> AsyncIterator[FormData]:
    try:
        form = await request.form()
    except FormParserError as error:
        # Starlette answers 400 by itself since 1.0 only.
        raise bad_request("The form cannot be read.") from error
    try:
        yield form
    finally:
        await form.close()


def _required(content: bytes) -> Content:
    if not content:
        raise bad_request("The request has no file.")
    return Content(content)
