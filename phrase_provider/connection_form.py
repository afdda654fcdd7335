"""The fields of a Phrase connection: one table for the form, for its readers and for the docs."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypedDict, cast
from urllib.parse import urlsplit

from phrase_provider.exceptions import PhraseConnectionError

if TYPE_CHECKING:
    from collections.abc import Mapping

CONNECTION_TYPE = "phrase"
HOOK_NAME = "Phrase"
HOOK_CLASS = "phrase_provider.hooks.phrase.PhraseHook"


class Region(NamedTuple):
    """
    Where an organization lives.

    :param platform_url: token exchange.
    :param tms_url: Phrase TMS.
    :param strings_url: Phrase Strings.
    """

    platform_url: str
    tms_url: str
    strings_url: str


REGIONS = {
    "eu": Region("https://eu.phrase.com", "https://cloud.memsource.com/web", "https://api.phrase.com/v2"),
    "us": Region(
        "https://us.phrase.com", "https://us.cloud.memsource.com/web", "https://api.us.app.phrase.com/v2"
    ),
}


#: What a field of the form holds.
FieldValue: TypeAlias = "str | int | bool | None"


class FormField(NamedTuple):
    """
    A field of the form, kept in the connection's Extra under its name.

    :param name: key in Extra.
    :param label: shown beside the input.
    :param description: shown below it.
    :param kind: JSON type: ``string``, ``integer`` or ``boolean``.
    :param default: value when left empty.
    :param choices: the only values allowed, or none.
    :param minimum: the smallest integer allowed.
    """

    name: str
    label: str
    description: str
    kind: str = "string"
    default: FieldValue = None
    choices: tuple[str, ...] = ()
    minimum: int | None = None


class FieldValues(TypedDict):
    """The fields of a connection, with defaults: URLs without a slash at the end, MiB, seconds."""

    region: str
    platform_url: str
    tms_url: str
    strings_url: str
    web_url: str
    contact: str | None
    timeout: int
    retries: int
    max_download_size: int
    ca_bundle: str | None
    client_certificate: str | None
    share_login: bool
    client_type: str | None


_URL = "Leave empty to take the region's. Set it to address a proxy or the simulator."

FIELDS = (
    FormField(
        "region", "Region", "Where your Phrase organization lives.", default="eu", choices=tuple(REGIONS)
    ),
    FormField("platform_url", "Platform URL", f"Token exchange. {_URL}"),
    FormField("tms_url", "TMS URL", f"Phrase TMS, ending in /web. {_URL}"),
    FormField("strings_url", "Strings URL", f"Phrase Strings, ending in /v2; not used yet. {_URL}"),
    FormField(
        "web_url",
        "Web URL",
        "Phrase TMS in a browser, for links. Leave empty to take the TMS URL; set it where that is a proxy.",
    ),
    FormField(
        "contact", "Contact", "Mail or URL that Phrase finds in the User-Agent, should your calls disturb."
    ),
    FormField(
        "timeout", "Timeout (s)", "Longest silence of Phrase before a call fails.", "integer", 60, minimum=1
    ),
    FormField("retries", "Retries", "How often a call is repeated at most.", "integer", 5, minimum=0),
    FormField(
        "max_download_size",
        "Largest download (MiB)",
        "A file from Phrase that is larger is not downloaded.",
        "integer",
        2048,
        minimum=1,
    ),
    FormField("ca_bundle", "CA bundle", "File of certificates to trust, when a proxy or a private CA signs."),
    FormField(
        "client_certificate", "Client certificate", "PEM file with certificate and key, for mutual TLS."
    ),
    FormField(
        # Not token_cache: Airflow takes what has "token" in its name for a secret, and shows asterisks.
        "share_login",
        "Share access token",
        "Whether the tasks of a host share one access token, in a private encrypted file.",
        "boolean",
        True,
    ),
    FormField(
        "client_type",
        "Client type",
        "Name registered with Phrase for the metadata of jobs (sourceData); empty sends none.",
    ),
)


def conn_fields() -> dict[str, dict[str, object]]:
    """Return the fields as provider info wants them (Airflow 3.2 and newer)."""
    return {
        field.name: {"label": field.label, "description": field.description, "schema": _schema(field)}
        for field in FIELDS
    }


def ui_field_behaviour() -> dict[str, object]:
    """Return what happens to the standard fields, as provider info wants it."""
    return {
        "hidden-fields": ["host", "port", "login", "schema", "extra"],
        "relabeling": {"password": "API token"},
        "placeholders": {"password": "Platform API token (in Phrase: Settings, Profile, Access tokens)"},
    }


def read_fields(extra: Mapping[str, object]) -> FieldValues:
    """
    Return the fields from a connection's Extra, with defaults, checked.

    :param extra: the parsed Extra.
    :return: a value for each field's name; the URLs filled in.
    :raises PhraseConnectionError: a value of the wrong kind.
    """
    read = {field.name: _read(field, extra.get(field.name)) for field in FIELDS}
    values = cast("FieldValues", read)
    region = REGIONS[values["region"]]
    values["platform_url"] = _url("platform_url", values["platform_url"] or region.platform_url)
    values["tms_url"] = _url("tms_url", values["tms_url"] or region.tms_url)
    values["strings_url"] = _url("strings_url", values["strings_url"] or region.strings_url)
    values["web_url"] = _url("web_url", values["web_url"] or values["tms_url"])
    return values


def unknown_keys(extra: Mapping[str, object]) -> list[str]:
    """
    Return the keys of a connection's Extra that are not fields, each with the nearest field, if one is near.

    :param extra: the parsed Extra.
    :return: such as ``"regoin (did you mean region?)"``, fit to be printed.
    """
    known = {field.name for field in FIELDS}
    return [_unknown(str(key)) for key in extra if key not in known]


def _unknown(key: str) -> str:
    from difflib import get_close_matches

    from phrase_provider.text import printable

    near = get_close_matches(key.strip().lower(), [field.name for field in FIELDS], 1, cutoff=0.5)
    return f"{printable(key, 100)} (did you mean {near[0]}?)" if near else printable(key, 100)


def _schema(field: FormField) -> dict[str, object]:
    schema: dict[str, object] = {"type": [field.kind, "null"], "default": field.default}
    if field.choices:
        schema |= {"type": field.kind, "enum": list(field.choices)}
    if field.minimum is not None:
        schema["minimum"] = field.minimum
    return schema


def _read(field: FormField, value: object) -> FieldValue:
    if value is None or value == "":
        return field.default
    if field.kind == "boolean":
        return _boolean(field, value)
    if field.kind == "integer":
        return _integer(field, value)
    text = str(value).strip()
    if field.choices:
        if text.lower() not in field.choices:
            raise _wrong(field, value, f"one of {', '.join(field.choices)}")
        return text.lower()
    return text or field.default


def _boolean(field: FormField, value: object) -> bool:
    # A connection from a URI or an environment variable holds text.
    known = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    if str(value).lower() not in known:
        raise _wrong(field, value, "true or false")
    return known[str(value).lower()]


def _integer(field: FormField, value: object) -> int:
    text = str(value)
    if not text.isdecimal() or int(text) < (field.minimum or 0):
        raise _wrong(field, value, f"a whole number of at least {field.minimum or 0}")
    return int(text)


def _url(name: str, value: str) -> str:
    if "@" in value:
        raise PhraseConnectionError(
            f"{name} of the Phrase connection carries a user name or password",
            hint="Put nothing but the address there; the API token goes into the password field.",
        )
    if "?" in value or "#" in value:
        # Not shown: what is behind them may be a key.
        raise PhraseConnectionError(
            f"{name} of the Phrase connection has a query or fragment (? or #)",
            hint="Put the address alone there, without ? or # and what follows.",
        )
    if not _is_url(value):
        raise PhraseConnectionError(
            f"{name} of the Phrase connection is {value!r}, which is not a valid URL",
            hint="Write it with https://, or leave it empty to take the region's.",
        )
    return value.rstrip("/")


def _is_url(value: str) -> bool:
    from phrase_provider.text import flaw

    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    # Python drops line breaks and tabs from a URL; an HTTP library may not.
    is_one_word = len(value.split()) == 1 and not flaw(value)
    return is_one_word and parts.scheme in ("http", "https") and bool(parts.netloc)


def _wrong(field: FormField, value: object, wanted: str) -> PhraseConnectionError:
    return PhraseConnectionError(
        f"{field.label!r} of the Phrase connection is {value!r}", hint=f"It must be {wanted}."
    )
