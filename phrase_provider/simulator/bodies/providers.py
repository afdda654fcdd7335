"""Providers, as requests name them."""

from __future__ import annotations

from phrase_provider.simulator.bodies.base import Open


class Provider(Open):
    """``ProviderReferenceV1``."""

    type: str
    id: str | None = None
    uid: str | None = None


class ProvidersPerLanguage(Open):
    target_lang: str | None = None
    providers: list[Provider] | None = None
