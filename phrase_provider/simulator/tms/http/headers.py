"""The headers ``Memsource`` and ``Content-Disposition``."""

from __future__ import annotations

from email.message import Message
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from phrase_provider.simulator.core.errors import bad_request, unsupported_media_type
from phrase_provider.simulator.tms.schemas.base import media_type, parse

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.datastructures import Headers

    from phrase_provider.simulator.tms.schemas.base import BodyModel

_TYPES = frozenset({"", "inline", "attachment"})
"""The types that Phrase documents."""
_DISPOSITION_LIMIT = 4096
"""Characters, enough for the longest name. The parser is quadratic, and fails at numbers of 4300 digits."""


def metadata(headers: Headers, model: type[BodyModel]) -> BodyModel:
    """
    Return the content of the ``Memsource`` header: JSON in ASCII.

    :raises ApiError: 400 when it is missing or malformed.
    """
    text = headers.get("memsource")
    if text is None:
        raise bad_request("Header Memsource is missing.")
    if not text.isascii():
        raise bad_request("Header Memsource must be ASCII; escape other characters as \\uXXXX.")
    return parse(model, text, "Memsource")


def uploaded_name(headers: Headers, default: str | None = None) -> str:
    """
    Return the file name in ``Content-Disposition`` (RFC 6266).

    :param default: the name if the header is missing.
    :raises ApiError: 400 when the header names no file, or is missing without a default; 415 when the body
        is neither a raw file nor a form.
    """
    if media_type(headers) not in ("", "application/octet-stream", "multipart/form-data"):
        raise unsupported_media_type("application/octet-stream")
    disposition = headers.get("content-disposition")
    if disposition is None and default:
        return default
    name = _disposed_name(disposition or "")
    if not name:
        raise bad_request("Header Content-Disposition must have filename*=UTF-8''NAME or filename=\"NAME\".")
    name = base_name(name)
    if not name:
        raise bad_request("Header Content-Disposition names a folder.")
    return name


def base_name(path: str) -> str:
    """Return a file name without its folders, with either separator."""
    return path.replace("\\", "/").rsplit("/", 1)[-1]


def _disposed_name(disposition: str) -> str | None:
    """
    Return the name in a ``Content-Disposition``: ``filename*`` has precedence over ``filename``.

    :param disposition: the header; its type (``attachment``) may be missing, as Phrase documents.
    """
    if len(disposition) > _DISPOSITION_LIMIT:
        raise bad_request(f"Header Content-Disposition is longer than {_DISPOSITION_LIMIT} characters.")
    first = disposition.partition(";")[0].strip().lower()
    message = Message()
    message["Content-Disposition"] = disposition if "=" not in first else f"attachment; {disposition}"
    parameters: Iterable[tuple[str, Any]] = message.get_params([], "Content-Disposition")
    (kind, _), *following = parameters
    if kind.lower() not in _TYPES:
        return None
    names = [value for name, value in following if name.lower() == "filename"]
    extended = [_decoded(*value) for value in names if isinstance(value, tuple)]
    plain = [value for value in names if isinstance(value, str)]
    return next((name for name in (*extended, *plain) if name), None)


def _decoded(charset: str | None, _: str | None, octets: str) -> str | None:
    """Return the text of a ``filename*``; ``None`` if it is not UTF-8, so that ``filename`` is used."""
    if (charset or "").lower() != "utf-8":
        return None
    try:
        return octets.encode("latin-1").decode()
    except UnicodeError:
        return None


def content_disposition(name: str, prefix: str = "") -> str:
    """
    Return the ``Content-Disposition`` of a download.

    :param prefix: precedes the name, such as ``attachment; ``.
    """
    return f"{prefix}filename*=UTF-8''{quote(name, safe='')}"
