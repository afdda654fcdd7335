"""What all bodies have in common: how they are read, strictness, references, moments."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from phrase_provider.simulator.core.errors import invalid_input, unsupported_media_type

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.requests import Request


def _utc(moment: datetime) -> datetime:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


def _none(items: list[Any] | None) -> list[Any] | None:
    if items:
        raise ValueError("there is nothing of this kind to refer to")
    return items


Moment = Annotated[datetime, AfterValidator(_utc)]
On = Annotated[bool, BeforeValidator(lambda sent: True if sent is None else sent)]
"""A switch that is on unless it is sent as ``false``; ``null`` is as good as nothing."""
Off = Annotated[bool, BeforeValidator(lambda sent: False if sent is None else sent)]
"""A switch that is off unless it is sent as ``true``."""
Nothing = Annotated[list[Any] | None, AfterValidator(_none)]
"""A list of things that the simulator has none of."""


BodyModel = TypeVar("BodyModel", bound=BaseModel)


class Open(BaseModel):
    """A schema that allows further keys."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="allow")


class Closed(BaseModel):
    """A schema that refuses further keys."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="forbid")


class IdReference(Open):
    id: str


class UidReference(Open):
    uid: str


def media_type(headers: Headers) -> str:
    """Return what a body is called, without parameters; empty where it is called nothing."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def parse(model: type[BodyModel], text: str | bytes, what: str = "body") -> BodyModel:
    """
    Read JSON text.

    :param what: name of the text, for the refusal.
    :raises Refusal: 400 when it is not JSON or breaks the model.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise invalid_input(error, what) from None


async def read_body(request: Request, model: type[BodyModel], *, optional: bool = False) -> BodyModel:
    """
    Read the JSON body of a request.

    :param optional: take an empty body as an empty object.
    :raises Refusal: 400 as :func:`parse`, 415 when it is not called JSON.
    """
    sent = await request.body()
    if sent and not media_type(request.headers).endswith("json"):
        raise unsupported_media_type("application/json")
    return parse(model, sent or (b"{}" if optional else b""))
