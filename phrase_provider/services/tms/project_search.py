"""Projects found by what people sort them by: client, domain, name, status, age and template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phrase_provider.api.fields import text
from phrase_provider.api.tms.project_filter import ProjectFilter
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.markers import read_markers
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ClientReferenceV1, ProjectDtoV1
    from phrase_provider.api.tms.project_filter import ProjectStatus
    from phrase_provider.waiting.conditions import Logger

#: Projects that a search may find, where the caller says nothing.
DEFAULT_MAX_PROJECTS = 200
#: Projects that are read at most for each that may be found: Phrase cannot filter by template.
_READ_FOR_EACH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectCriteria:
    """
    Which projects are looked for; all criteria that are given have to be met.

    :param name: part of the name.
    :param client: name or numeric id of the client, as a whole.
    :param domain: the same, of the domain.
    :param statuses: of the project; one is enough.
    :param created_within_hours: created within so many hours.
    :param template_uid: of the template that it was made from.
    :param batches: also projects that this package has made for a batch; otherwise only those of people.
    """

    name: str | None = None
    client: str | None = None
    domain: str | None = None
    statuses: Sequence[ProjectStatus] = field(default_factory=tuple)
    created_within_hours: int | None = None
    template_uid: str | None = None
    batches: bool = False

    def require_any(self) -> None:
        """
        Check that the search is for some projects, not for all of an organization.

        :raises PhraseInputError: no criterion is given that tells projects apart.
        """
        if not any((self.name, self.client, self.domain, self.template_uid, self.created_within_hours)):
            raise PhraseInputError(
                "Nothing says which projects are meant",
                hint="Give a name, client, domain, template or created_within_hours.",
            )


class ProjectSearch:
    """
    Finds projects, reading each that Phrase lists: only that shows template, client and note.

    Source: ``GET /api2/v1/projects``, and ``GET /api2/v1/projects/{projectUid}`` for each.

    :param client: of the connection.
    :param log: gets a line on what was found.
    :param max_projects: projects that may be found.
    """

    def __init__(self, client: TmsClient, log: Logger, *, max_projects: int = DEFAULT_MAX_PROJECTS) -> None:
        self._client = client
        self._log = log
        self._max_projects = max_projects

    def find(self, criteria: ProjectCriteria) -> list[ProjectDtoV1]:
        """
        Return the projects, as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives them.

        :param criteria: which.
        :raises PhraseInputError: nothing says which, or too many are found.
        """
        criteria.require_any()
        found: list[ProjectDtoV1] = []
        listed = 0
        for project in self._read_all(criteria):
            listed += 1
            if _meets(project, criteria):
                found.append(project)
            if len(found) > self._max_projects or listed > self._max_projects * _READ_FOR_EACH:
                raise PhraseInputError(
                    f"More than {self._max_projects} projects are found, or too many read for them",
                    hint="Give more criteria, such as created_within_hours, or raise max_projects.",
                )
        self._log.info("Found %d projects; Phrase lists %d.", len(found), listed)
        return found

    def _read_all(self, criteria: ProjectCriteria) -> Iterator[ProjectDtoV1]:
        for item in self._client.projects.search(_filter(criteria)):
            # Somebody may delete it meanwhile.
            if project := self._client.projects.find(text(item, "uid", "a project")):
                yield project


def _filter(criteria: ProjectCriteria) -> ProjectFilter:
    client_id, client_name = _id_or_name(criteria.client)
    domain_id, domain_name = _id_or_name(criteria.domain)
    return ProjectFilter(
        name=criteria.name or None,
        client_id=client_id,
        client_name=client_name,
        domain_id=domain_id,
        domain_name=domain_name,
        statuses=list(criteria.statuses),
        created_in_last_hours=criteria.created_within_hours,
    )


def _id_or_name(given: str | None) -> tuple[int | None, str | None]:
    if not given:
        return None, None
    return (int(given), None) if given.isascii() and given.isdecimal() else (None, given)


def _meets(project: ProjectDtoV1, criteria: ProjectCriteria) -> bool:
    """Return whether a project meets what Phrase's filters do not say, or say of a part of a name only."""
    template = project.get("template") or {}
    return (
        criteria.template_uid in (None, template.get("uid"))
        and _is_named(project.get("client"), criteria.client)
        and _is_named(project.get("domain"), criteria.domain)
        and (criteria.batches or read_markers(project.get("note")) is None)
    )


def _is_named(reference: ClientReferenceV1 | None, wanted: str | None) -> bool:
    """Return whether a client or domain is the one wanted; where Phrase hides it, its filter decides."""
    if not wanted or not reference:
        return True
    known = {str(reference.get("id")), _folded(str(reference.get("name")))}
    return wanted in known or _folded(wanted) in known


def _folded(name: str) -> str:
    return composed(name).casefold().strip()
