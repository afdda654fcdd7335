"""Base classes and types of schemas, and reading of JSON bodies."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from phrase_provider.simulator.core.errors import unsupported_media_type, validation_error

if TYPE_CHECKING:
    from starlette.datastructures import Headers
    from starlette.requests import Request


def _utc(moment: datetime) -> datetime:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError("is out of range") from None


def _none(items: list[Any] | None) -> list[Any] | None:
    if items:
        raise ValueError("must be empty: the simulator has nothing of this kind")
    return items


DateTime = Annotated[datetime, AfterValidator(_utc)]
DefaultTrue = Annotated[bool, BeforeValidator(lambda sent: True if sent is None else sent)]
"""A boolean that defaults to true, also for ``null``."""
DefaultFalse = Annotated[bool, BeforeValidator(lambda sent: False if sent is None else sent)]
"""A boolean that defaults to false, also for ``null``."""
EmptyList = Annotated[list[Any] | None, AfterValidator(_none)]
"""A list of references that must be empty, as the simulator has nothing of this kind."""


BodyModel = TypeVar("BodyModel", bound=BaseModel)


class OpenSchema(BaseModel):
    """A schema that allows further keys."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="allow")


class ClosedSchema(BaseModel):
    """A schema that refuses further keys."""

    model_config = ConfigDict(alias_generator=to_camel, strict=True, extra="forbid")


class IdReference(OpenSchema):
    id: str


class UidReference(OpenSchema):
    uid: str


def media_type(headers: Headers) -> str:
    """Return the media type of a body, without parameters; empty where it is missing."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def parse(model: type[BodyModel], text: str | bytes, what: str = "body") -> BodyModel:
    """
    Return JSON text as a model.

    :param what: name of the text, for the error.
    :raises ApiError: 400 when it is not JSON or does not match the model.
    """
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise validation_error(error, what) from None


async def read_body(request: Request, model: type[BodyModel], *, optional: bool = False) -> BodyModel:
    """
    Return the JSON body of a request as a model.

    :param optional: treat an empty body as an empty object.
    :raises ApiError: 400 as :func:`parse`, 415 for another media type.
    """
    sent = await request.body()
    if sent and not media_type(request.headers).endswith("json"):
        raise unsupported_media_type("application/json")
    return parse(model, sent or (b"{}" if optional else b""))
