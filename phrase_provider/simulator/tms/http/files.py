"""The file that a request brings: as its body, or as a part of a form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.datastructures import UploadFile

from phrase_provider.simulator.core.errors import invalid, unsupported_media_type
from phrase_provider.simulator.core.persistence.content import Content
from phrase_provider.simulator.tms.http import headers
from phrase_provider.simulator.tms.schemas.base import media_type

if TYPE_CHECKING:
    from starlette.requests import Request

_FORM = "multipart/form-data"


@dataclass(frozen=True)
class SentFile:
    name: str
    content: Content


async def receive(request: Request, name: str | None = None) -> SentFile:
    """
    Read the file that a request consists of, raw or as the one file of a form.

    The specification has the raw body alone; the guide on the API's technology has the form, too.

    :param name: of a file that the request may leave without one; otherwise its headers must name it.
    :raises Refusal: 400 when there is no file, or it has no name; 415 for a body of another type.
    """
    if media_type(request.headers) != _FORM:
        named = headers.uploaded_name(request.headers, name)
        return SentFile(named, _required(await request.body()))
    sent = await read_form_file(request)
    named = headers.uploaded_name(request.headers, sent.name)
    return SentFile(named, _required(sent.content))


async def read_form_file(request: Request, part: str | None = None) -> SentFile:
    """
    Read the file of a form.

    :param part: name of its part; ``None`` for any, where there is one file.
    :raises Refusal: 400 for a malformed form or one without the file, 415 for another body.
    """
    if media_type(request.headers) != _FORM:
        raise unsupported_media_type(_FORM)
    async with request.form() as form:
        sent = [value for key, value in form.multi_items() if part in (None, key)]
        found = [value for value in sent if isinstance(value, UploadFile) and value.filename]
        if not found or (part is None and len(found) > 1):
            raise invalid(f"The form must have one file{f' as its part {part!r}' if part else ''}.")
        return SentFile(headers.base_name(found[-1].filename or ""), Content(await found[-1].read()))


def _required(content: bytes) -> Content:
    if not content:
        raise invalid("The request has no file.")
    return Content(content)
