"""Who can be given jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.simulator.tms.entities.projects import ProviderReference
    from phrase_provider.simulator.tms.schemas.providers import Provider
    from phrase_provider.simulator.tms.state import World


def known(world: World, sent: Iterable[Provider]) -> list[ProviderReference]:
    """
    Look up providers that a request names by type and by id, uid or both.

    :raises Refusal: 400 for one that is unknown.
    """
    return [_known(world, provider) for provider in sent]


def _known(world: World, sent: Provider) -> ProviderReference:
    for provider in world.providers:
        if (
            (sent.id or sent.uid)
            and sent.type == provider["type"]
            and sent.id in (None, provider["id"])
            and sent.uid in (None, provider["uid"])
        ):
            return dict(provider)
    text = f"There is no provider {sent.type} {sent.id or sent.uid}."
    raise Refusal(400, "JobCannotAssignProviders", text)
