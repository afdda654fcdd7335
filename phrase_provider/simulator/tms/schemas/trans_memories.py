"""Bodies of requests about translation memories."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from phrase_provider.simulator.tms.schemas.base import ClosedSchema, IdReference


class CreateTransMemory(ClosedSchema):
    """``TransMemoryCreateDtoV1``."""

    name: Annotated[str, Field(max_length=255)]
    source_lang: str
    target_langs: Annotated[list[str], Field(min_length=1)]
    note: Annotated[str, Field(max_length=4096)] | None = None
    client: IdReference | None = None
    domain: IdReference | None = None
    sub_domain: IdReference | None = None
    business_unit: IdReference | None = None
