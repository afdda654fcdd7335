"""The body of the login."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from phrase_provider.simulator.tms.schemas.base import ClosedSchema


class Login(ClosedSchema):
    """``LoginV3DtoV3``."""

    user_name: Annotated[str, Field(max_length=255)]
    password: Annotated[str, Field(max_length=255)]
    code: Annotated[str, Field(max_length=255)] | None = None
    user_uid: str | None = None
