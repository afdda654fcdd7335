"""What the list of projects can be filtered by."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from phrase_provider.api.endpoint import Query


class ProjectStatus(StrEnum):
    """The statuses of a project."""

    NEW = "NEW"
    ASSIGNED = "ASSIGNED"
    COMPLETED = "COMPLETED"
    CANCELLED = "CANCELLED"
    ACCEPTED_BY_VENDOR = "ACCEPTED_BY_VENDOR"
    DECLINED_BY_VENDOR = "DECLINED_BY_VENDOR"
    COMPLETED_BY_VENDOR = "COMPLETED_BY_VENDOR"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectFilter:
    """
    The query parameters of ``GET /api2/v1/projects`` for all roles, None: no filter.

    A name stands for all that contain it; of several values one is enough. Ids are the numeric ones.

    :param statuses: of the project.
    :param due_in_hours: with a job due within so many hours; negative: in the past.
    :param created_in_last_hours: created within so many hours.
    :param source_langs: Phrase codes.
    :param target_langs: Phrase codes.
    :param include_archived: archived ones, too.
    :param archived_only: archived ones alone.
    """

    name: str | None = None
    name_or_internal_id: str | None = None
    statuses: Sequence[ProjectStatus] = ()
    client_id: int | None = None
    client_name: str | None = None
    domain_id: int | None = None
    domain_name: str | None = None
    sub_domain_id: int | None = None
    sub_domain_name: str | None = None
    business_unit_id: int | None = None
    business_unit_name: str | None = None
    cost_center_id: int | None = None
    cost_center_name: str | None = None
    owner_id: int | None = None
    buyer_id: int | None = None
    due_in_hours: int | None = None
    created_in_last_hours: int | None = None
    source_langs: Sequence[str] = ()
    target_langs: Sequence[str] = ()
    include_archived: bool = False
    archived_only: bool = False

    def query(self) -> Query:
        """Return the filter as query parameters, under Phrase's names."""
        return {_camel(field.name): _value(getattr(self, field.name)) for field in fields(self)}


def parse_project_statuses(statuses: str | Iterable[str]) -> list[ProjectStatus]:
    """
    Return the statuses that a person wrote.

    :param statuses: in any case; in one text, with commas between.
    :raises PhraseInputError: there is no such status.
    """
    several = statuses.split(",") if isinstance(statuses, str) else statuses
    words = [str(word).strip().upper() for word in several if str(word).strip()]
    if unknown := [word for word in words if word not in ProjectStatus.__members__]:
        raise PhraseInputError(
            f"There is no project status {unknown[0]!r}", hint=f"Use some of {', '.join(ProjectStatus)}."
        )
    return [ProjectStatus(word) for word in dict.fromkeys(words)]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


def _value(value: str | int | Sequence[str] | None) -> str | int | Sequence[str] | None:
    if isinstance(value, bool):
        return "true" if value else None
    return value
