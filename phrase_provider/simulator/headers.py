"""The two headers that describe an uploaded file, and the one that names a downloaded one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from phrase_provider.simulator.bodies.base import media_type, parse
from phrase_provider.simulator.errors import invalid, unsupported_media_type

if TYPE_CHECKING:
    from starlette.datastructures import Headers

    from phrase_provider.simulator.bodies.base import BodyModel

_DISPOSITION = re.compile(
    r"""((inline|attachment); )?(filename\*=UTF-8''(?P<encoded>.+)|filename="?(?P<plain>.+)"?)"""
)


def metadata(headers: Headers, model: type[BodyModel]) -> BodyModel:
    """
    Read the ``Memsource`` header: JSON in ASCII.

    :raises Refusal: 400 when it is missing or malformed.
    """
    text = headers.get("memsource")
    if text is None:
        raise invalid("Header Memsource is missing.")
    if not text.isascii():
        raise invalid("Header Memsource must be ASCII; escape other characters as \\uXXXX.")
    return parse(model, text, "Memsource")


def uploaded_name(headers: Headers) -> str:
    """
    Read the file name from ``Content-Disposition``.

    :raises Refusal: 400 when the header is missing or does not match the documented pattern; 415 when the
        body is called something else than a raw file.
    """
    if media_type(headers) not in ("", "application/octet-stream"):
        raise unsupported_media_type("application/octet-stream")
    match = _DISPOSITION.fullmatch(headers.get("content-disposition", ""))
    if match is None:
        raise invalid("Header Content-Disposition must match filename*=UTF-8''NAME or filename=\"NAME\".")
    name = unquote(match["encoded"]) if match["encoded"] else match["plain"].removesuffix('"')
    name = name.replace("\\", "/").rsplit("/", 1)[-1]
    if not name:
        raise invalid("Header Content-Disposition names a folder.")
    return name


def content_disposition(name: str, prefix: str = "") -> str:
    """
    Write the ``Content-Disposition`` of a download.

    :param prefix: put first, such as ``attachment; ``.
    """
    return f"{prefix}filename*=UTF-8''{quote(name, safe='')}"
