"""Look-up of the providers to whom jobs can be assigned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.simulator.tms.entities import ProviderReference
    from phrase_provider.simulator.tms.schemas.providers import Provider
    from phrase_provider.simulator.tms.state import State


def known(state: State, sent: Iterable[Provider]) -> list[ProviderReference]:
    """
    Return the providers that a request names by type and by id, uid or both.

    :raises ApiError: 400 for an unknown one.
    """
    return [_known(state, provider) for provider in sent]


def _known(state: State, sent: Provider) -> ProviderReference:
    for provider in state.providers:
        if (
            (sent.id or sent.uid)
            and sent.type == provider["type"]
            and sent.id in (None, provider["id"])
            and sent.uid in (None, provider["uid"])
        ):
            return dict(provider)
    text = f"There is no provider {sent.type} {sent.id or sent.uid}."
    raise ApiError(400, "JobCannotAssignProviders", text)
