"""Masking of secrets in recorded requests and answers; every pattern takes linear time."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

MASK = "***"
_SECRETS = frozenset(
    name.replace("-", "").lower()
    for name in (
        *("Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie", "X-Api-Key", "apiKey", "apiToken"),
        *("password", "clientSecret", "token", "accessToken", "refreshToken", "idToken", "subjectToken"),
        *("actorToken", "secretToken", "connectorToken", "X-Memsource-Token", "X-Phrase-Token"),
    )
)
"""Names of headers, parameters and fields, as :func:`is_secret` compares them."""
_SCHEMES = frozenset({"apitoken", "basic", "bearer", "digest"})
_PARAMETER = re.compile(r"""([?&])([^=&?#"\s]+)=[^&#"\s]*""")
_FIELD = re.compile(r"""(^|&)([^=&]+)=[^&]*""")
_USER = re.compile(r"""(://)[^/?#@"\s]+(?=@)""")
_MEMBER = re.compile(r""""((?:[^"\\]|\\.)*)"\s*:\s*(?:"(?:[^"\\]|\\.)*|[^\s,}\]]*)""")
"""A key with its value, in JSON that cannot be read as a whole."""


def is_secret(name: str) -> bool:
    """Return whether what has this name is a secret; case, hyphens and underscores do not matter."""
    return name.lower().replace("-", "").replace("_", "") in _SECRETS


def mask_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return headers or parameters without secrets: neither their own nor those in what they hold."""
    return [(name, _masked(value) if is_secret(name) else mask_text(value)) for name, value in pairs]


def mask_text(text: str) -> str:
    """Return a body or a value without secrets: those of JSON, of forms, and of URLs in either."""
    masked = _mask_json(text)
    if masked is not None:
        return masked
    return _mask_urls(_MEMBER.sub(_hide_member, _FIELD.sub(_hide_parameter, _mask_parts(text))))


def masked_url(url: str) -> str:
    """Return a URL without the secrets that its query or its user part may carry."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return MASK
    query = urlencode(mask_pairs(parse_qsl(parts.query, keep_blank_values=True)), safe="*")
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=query))


def _mask_urls(text: str) -> str:
    """Mask queries and user parts of the URLs in a text."""
    return _USER.sub(rf"\1{MASK}", _PARAMETER.sub(_hide_parameter, text))


def _masked(value: str) -> str:
    scheme, space, _ = value.partition(" ")
    return f"{scheme} {MASK}" if space and scheme.lower() in _SCHEMES else MASK


def _hide_parameter(found: re.Match[str]) -> str:
    before, name = found.groups()
    return f"{before}{name}={MASK}" if is_secret(unquote_plus(name)) else found[0]


def _hide_member(found: re.Match[str]) -> str:
    return f'"{found[1]}": "{MASK}' if is_secret(found[1]) else found[0]


def _mask_json(text: str) -> str | None:
    """
    Mask the members of objects at any depth, including JSON in strings of JSON.

    :return: unchanged where there is no secret; ``None`` for text that is not JSON or nested too deeply.
    """
    if text.lstrip()[:1] not in ("{", "["):
        return None
    changed = False

    def mask(members: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal changed
        masked = [(name, _mask_value(value, secret=is_secret(name))) for name, value in members]
        # Compared before dict() drops one value of a name that occurs twice.
        changed = changed or masked != members
        return dict(masked)

    try:
        read = json.loads(text, object_pairs_hook=mask)
        masked = _mask_value(read)
        return json.dumps(masked) if changed or masked != read else text
    except (ValueError, RecursionError):
        return None


def _mask_value(value: Any, *, secret: bool = False) -> Any:
    """Mask a value of JSON; the objects in it are masked already."""
    if secret and value is not None:
        return MASK
    if isinstance(value, list):
        return [_mask_value(item) for item in value]
    if isinstance(value, str):
        masked = _mask_json(value)
        return _mask_urls(value) if masked is None else masked
    return value


def _mask_parts(text: str) -> str:
    """Mask the parts of a multipart body, each between two boundaries."""
    if not text.startswith("--"):
        return text
    boundary = text.partition("\r\n")[0]
    return boundary.join(_mask_part(part) for part in text.split(boundary))


def _mask_part(part: str) -> str:
    head, blank, _ = part.partition("\r\n\r\n")
    names = re.findall(r'name="?([^"\r\n;]*)', head)
    return f"{head}{blank}{MASK}\r\n" if blank and any(map(is_secret, names)) else part
