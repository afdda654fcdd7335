"""Providers, as requests name them."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from phrase_provider.simulator.tms.schemas.base import Open


class Provider(Open):
    """``ProviderReferenceV1``."""

    type: Annotated[str, AfterValidator(str.upper)]
    """An enum, and so in any case; unknown ones are refused where the provider is looked up."""
    id: str | None = None
    uid: str | None = None


class ProvidersPerLanguage(Open):
    target_lang: str | None = None
    providers: list[Provider] | None = None
