"""References to providers in requests."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from phrase_provider.simulator.tms.schemas.base import OpenSchema


class Provider(OpenSchema):
    """``ProviderReferenceV1``."""

    type: Annotated[str, AfterValidator(str.upper)]
    """An enum, and so case-insensitive; unknown ones are refused when the provider is looked up."""
    id: str | None = None
    uid: str | None = None


class ProvidersPerLanguage(OpenSchema):
    target_lang: str | None = None
    providers: list[Provider] | None = None
