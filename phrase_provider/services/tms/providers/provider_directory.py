"""The users and vendors of an organization, found by what people call them."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from phrase_provider.api.fields import text
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProviderReferenceV1

USER, VENDOR = "USER", "VENDOR"
#: Users, and vendors, of a list that are looked at: 100 pages.
_MOST_LISTED = 5000


class ProviderDirectory:
    """
    Finds users and vendors; their lists are read once, when the first is asked for.

    :param client: of the connection.
    """

    def __init__(self, client: TmsClient) -> None:
        self._client = client

    def resolve(self, wanted: str) -> ProviderReferenceV1:
        """
        Return the user or vendor that somebody has named.

        Source: ``GET /api2/v1/users`` and ``GET /api2/v1/vendors``.

        :param wanted: uid, user name, mail address or full name of a user; uid or name of a vendor. Where
            both are called so, ``user:`` or ``vendor:`` before it decides.
        :return: ``{type, id, uid}``, as Phrase's job edits want it.
        :raises PhraseInputError: nobody is called so, or several are.
        """
        kind, name = _kind_of(wanted)
        lists = [self._users] if kind != VENDOR else []
        lists += [self._vendors] if kind != USER else []
        found = [provider for known in lists for provider in known.get(_seen(name), ())]
        if len(found) != 1:
            raise _unclear(wanted, found)
        return found[0]

    @cached_property
    def _users(self) -> Mapping[str, list[ProviderReferenceV1]]:
        known: dict[str, list[ProviderReferenceV1]] = {}
        for user in islice(self._client.users.list(), _MOST_LISTED):
            full = f"{user.get('firstName') or ''} {user.get('lastName') or ''}"
            names = (user.get("uid"), user.get("userName"), user.get("email"), full)
            _note(known, _reference(USER, user), names)
        return known

    @cached_property
    def _vendors(self) -> Mapping[str, list[ProviderReferenceV1]]:
        known: dict[str, list[ProviderReferenceV1]] = {}
        for vendor in islice(self._client.vendors.list(), _MOST_LISTED):
            _note(known, _reference(VENDOR, vendor), (vendor.get("uid"), vendor.get("name")))
        return known


def _kind_of(wanted: str) -> tuple[str | None, str]:
    before, colon, name = wanted.partition(":")
    kind = before.strip().upper()
    return (kind, name) if colon and kind in (USER, VENDOR) else (None, wanted)


def _reference(kind: str, item: Mapping[str, object]) -> ProviderReferenceV1:
    owner = f"a {kind.lower()} of the organization"
    return {"type": kind, "id": str(item.get("id")), "uid": text(item, "uid", owner)}


def _note(
    known: dict[str, list[ProviderReferenceV1]], provider: ProviderReferenceV1, names: tuple[str | None, ...]
) -> None:
    for name in {_seen(name) for name in names if name} - {""}:
        known.setdefault(name, []).append(provider)


def _seen(name: str) -> str:
    """Return what looks the same to people: case and blanks do not count."""
    return " ".join(name.casefold().split())


def _unclear(wanted: str, found: list[ProviderReferenceV1]) -> PhraseInputError:
    if not found:
        return PhraseInputError(
            f"No user or vendor is called '{printable(wanted)}'",
            hint="Give the uid, user name, mail address or full name of a user, or the uid or name of a "
            "vendor.",
        )
    uids = ", ".join(f"{provider['type'].lower()}:{provider['uid']}" for provider in found)
    return PhraseInputError(
        f"{len(found)} users and vendors are called '{printable(wanted)}': {uids}",
        hint="Give the one that you mean in this way.",
    )
