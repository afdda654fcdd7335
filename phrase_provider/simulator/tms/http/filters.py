"""Filters of lists that several operations share."""

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
    """Filters by the business references of projects or templates."""

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
    """Return whether the references match all filters of the query, by id or by part of the name."""
    for attribute, kind in _KINDS.items():
        id_, name = getattr(query, f"{attribute}_id"), getattr(query, f"{attribute}_name")
        found = references.get(kind)
        if id_ is not None and (found is None or found["id"] != str(id_)):
            return False
        if name is not None and (found is None or not contains(found["name"], name)):
            return False
    return True


def contains(text: str, wanted: str | None) -> bool:
    """Return whether ``text`` contains ``wanted``, case-insensitively; ``None`` matches everything."""
    return wanted is None or wanted.casefold() in text.casefold()


def shares(wanted: Collection[str], there: Collection[str]) -> bool:
    """Return whether two collections have an item in common; an empty ``wanted`` matches everything."""
    return not wanted or not set(wanted).isdisjoint(there)


def due_within(due: float | None, hours: int | None, now: float) -> bool:
    """
    Return whether a due date is at most ``hours`` after ``now``.

    :param hours: negative for due dates before ``now``; ``None`` matches everything.
    """
    return hours is None or (due is not None and due <= now + max(hours, 0) * 3600)
