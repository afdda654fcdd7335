"""List filters that several operations share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.http.paging import Int64, Query

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from phrase_provider.simulator.tms.entities import Reference

_KINDS = {
    "client": "client",
    "domain": "domain",
    "sub_domain": "subDomain",
    "business_unit": "businessUnit",
    "cost_center": "costCenter",
}


class ReferenceFilters(Query):
    """Filters by what a project or a template points at."""

    client_id: Int64 | None = None
    client_name: str | None = None
    domain_id: Int64 | None = None
    domain_name: str | None = None
    sub_domain_id: Int64 | None = None
    sub_domain_name: str | None = None
    business_unit_id: Int64 | None = None
    business_unit_name: str | None = None
    cost_center_id: Int64 | None = None
    cost_center_name: str | None = None


def references_match(references: Mapping[str, Reference], query: ReferenceFilters) -> bool:
    """Tell whether every reference that the query asks for is there, by id or by part of its name."""
    for attribute, kind in _KINDS.items():
        id_, name = getattr(query, f"{attribute}_id"), getattr(query, f"{attribute}_name")
        found = references.get(kind)
        if id_ is not None and (found is None or found["id"] != str(id_)):
            return False
        if name is not None and (found is None or not contains(found["name"], name)):
            return False
    return True


def contains(text: str, wanted: str | None) -> bool:
    """Tell whether ``wanted`` is a part of ``text``, in whatever case; ``None`` asks for nothing."""
    return wanted is None or wanted.casefold() in text.casefold()


def shares(wanted: Collection[str], there: Collection[str]) -> bool:
    """Tell whether something wanted is there; nothing wanted is always there."""
    return not wanted or not set(wanted).isdisjoint(there)


def due_within(due: float | None, hours: int | None, now: float) -> bool:
    """
    Tell whether a due date lies at most ``hours`` ahead of ``now``.

    :param hours: below 0 asks for what was due before ``now``, ``None`` for nothing.
    """
    return hours is None or (due is not None and due <= now + max(hours, 0) * 3600)
