"""The resource of projects, and what their answers tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.fields import malformed, record, whole_number
from phrase_provider.api.session import Call
from phrase_provider.api.tms.job_parts import LEVEL
from phrase_provider.api.tms.pages import iterate
from phrase_provider.exceptions import PhraseNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import AbstractProjectDtoV1, ProjectDtoV1
    from phrase_provider.api.tms.project_filter import ProjectFilter

APPLY_TEMPLATE = Endpoint(
    "POST", "/api2/v2/projects/applyTemplate/{template_uid}", Repeat.LOOK_UP, success=201
)
GET = Endpoint("GET", "/api2/v1/projects/{project_uid}", success=200)
LIST = Endpoint("GET", "/api2/v1/projects", success=200)
EDIT = Endpoint("PATCH", "/api2/v1/projects/{project_uid}", success=200)
ADD_TARGET_LANGS = Endpoint(
    "POST", "/api2/v1/projects/{project_uid}/targetLangs", Repeat.LOOK_UP, success=204
)
DELETE = Endpoint("DELETE", "/api2/v1/projects/{project_uid}", success=204)


class Projects:
    """
    Projects of an organization.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def create_from_template(
        self,
        template_uid: str,
        *,
        name: str,
        source_lang: str | None = None,
        target_langs: Sequence[str] | None = None,
        due: str | None = None,
        note: str | None = None,
    ) -> ProjectDtoV1:
        """
        Create a project from a template, and return it.

        Source: ``POST /api2/v2/projects/applyTemplate/{templateUid}``. Unlike the Phrase UI it does
        not assign the template's providers.

        :param template_uid: uid.
        :param name: at most 255 characters.
        :param source_lang: Phrase code; default: the template's.
        :param target_langs: Phrase codes; default: the template's.
        :param due: ISO 8601 in UTC.
        :param note: at most 4096 characters.
        :return: the project: ``{uid, name, targetLangs, workflowSteps, …}``.
        :raises PhraseOutcomeUnknownError: it may or may not have been created.
        """
        body = {
            "name": name,
            "sourceLang": source_lang,
            "targetLangs": list(target_langs) if target_langs else None,
            "dateDue": due,
            "note": note,
        }
        given = {key: value for key, value in body.items() if value is not None}
        project: ProjectDtoV1 = self._session.json(
            Call(APPLY_TEMPLATE, {"template_uid": template_uid}, body=given, expect=("uid",))
        )
        return project

    def get(self, project_uid: str) -> ProjectDtoV1:
        """
        Return a project.

        Source: ``GET /api2/v1/projects/{projectUid}``. Only this read shows the ``note``.

        :param project_uid: uid.
        :raises PhraseNotFoundError: there is no such project.
        """
        project: ProjectDtoV1 = self._session.json(Call(GET, {"project_uid": project_uid}, expect=("uid",)))
        return project

    def find(self, project_uid: str) -> ProjectDtoV1 | None:
        """
        Return a project, or None: it may have been deleted.

        Source: as :meth:`get`.

        :param project_uid: uid.
        :return: the project; None when there is none.
        """
        try:
            return self.get(project_uid)
        except PhraseNotFoundError:
            return None

    def list(self, name: str | None = None, *, archived: bool = False) -> Iterator[AbstractProjectDtoV1]:
        """
        Yield projects, without deleted ones.

        Source: ``GET /api2/v1/projects``.

        :param name: part of the name.
        :param archived: whether to include archived ones.
        """
        query = {"name": name, "includeArchived": "true" if archived else None}
        return iterate(self._session, LIST, query=query)

    def search(self, criteria: ProjectFilter) -> Iterator[AbstractProjectDtoV1]:
        """
        Yield the projects that meet a filter, without deleted ones.

        Source: ``GET /api2/v1/projects``.

        :param criteria: what Phrase filters by.
        """
        return iterate(self._session, LIST, query=criteria.query())

    def list_with_marker(self, part_of_name: str, marker: str) -> Iterator[ProjectDtoV1]:
        """
        Yield the projects whose note has a marker, the oldest first, archived ones included.

        Source: ``GET /api2/v1/projects``, and ``GET /api2/v1/projects/{projectUid}`` for each that it lists:
        Phrase cannot search notes, and shows them only in the single read: the name narrows it down.

        :param part_of_name: what the name contains, whatever else a person made of it.
        :param marker: text in the note.
        """
        named = sorted(self.list(part_of_name, archived=True), key=age_of)
        # Another run may remove its own project at this moment.
        whole = (self.find(project["uid"]) for project in named)
        yield from (project for project in whole if project and marker in (project.get("note") or ""))

    def set_note(self, project_uid: str, note: str) -> None:
        """
        Change the note of a project.

        Source: ``PATCH /api2/v1/projects/{projectUid}``; what is not sent stays.

        :param project_uid: uid.
        :param note: at most 4096 characters.
        """
        self._session.json(Call(EDIT, {"project_uid": project_uid}, body={"note": note}, expect=("uid",)))

    def add_target_langs(self, project_uid: str, target_langs: Sequence[str]) -> None:
        """
        Add target languages to a project; its jobs stay as they are.

        Source: ``POST /api2/v1/projects/{projectUid}/targetLangs``, answered with 204. Whether Phrase refuses
        one that the project has, it does not say.

        :param project_uid: uid.
        :param target_langs: Phrase codes that the project lacks.
        :raises PhraseOutcomeUnknownError: they may or may not have been added.
        """
        body = {"targetLangs": list(target_langs)}
        self._session.json(Call(ADD_TARGET_LANGS, {"project_uid": project_uid}, body=body))

    def delete(self, project_uid: str, *, purge: bool = False) -> None:
        """
        Delete a project with its jobs.

        Source: ``DELETE /api2/v1/projects/{projectUid}``.

        :param project_uid: uid.
        :param purge: for good, instead of into the recycle bin.
        """
        query = {"purge": "true"} if purge else {}
        self._session.json(Call(DELETE, {"project_uid": project_uid}, query))


def age_of(project: AbstractProjectDtoV1) -> tuple[str, int]:
    """Return what projects are sorted by, the oldest first."""
    # Dates have whole seconds; ids grow.
    return project.get("dateCreated") or "", int(project["id"])


def workflow_levels(project: Mapping[str, object]) -> list[int]:
    """
    Return the workflow levels of a project, ascending; ``[1]`` for one without workflow steps.

    :param project: as a read of a single project shows it.
    :raises PhraseServerError: one of them cannot be read.
    """
    owner = "a workflow step of the project"
    steps = project.get("workflowSteps") or []
    if not isinstance(steps, list):
        raise malformed("workflowSteps of the project", steps, "a list")
    levels = [whole_number(record(step, owner).get(LEVEL), f"{LEVEL} of {owner}") for step in steps]
    return sorted(levels) or [1]


def keeps_later_steps(project: ProjectDtoV1) -> bool | None:
    """
    Return whether a source update brings translations of later workflow steps to the earlier ones.

    :param project: as :meth:`Projects.get` gives it.
    :return: None where Phrase does not show the setting.
    """
    settings = project.get("projectWorkflowSettings") or {}
    return settings.get("propagateTranslationsToLowerWfDuringUpdateSource")


def workflow_step_ids(project: ProjectDtoV1) -> list[str]:
    """Return the ids of a project's own workflow steps; empty without workflow."""
    return [str(step["id"]) for step in project.get("workflowSteps") or []]


def workflow_step_names(project: ProjectDtoV1) -> dict[int, str]:
    """
    Return the names of a project's workflow steps by their level; empty without workflow.

    :param project: as a read of a single project shows it.
    :raises PhraseServerError: a level cannot be read.
    """
    steps = project.get("workflowSteps") or []
    owner = "a workflow step of the project"
    return {whole_number(step.get(LEVEL), f"{LEVEL} of {owner}"): step.get("name") or "" for step in steps}


def template_uid_of(project: ProjectDtoV1) -> str | None:
    """Return the uid of the template that a project was made from; None where Phrase shows none."""
    return (project.get("template") or {}).get("uid")


def source_lang_of(project: AbstractProjectDtoV1) -> str | None:
    """Return the source language of a project, as a Phrase code; None where Phrase shows none."""
    return project.get("sourceLang")


def target_langs_of(project: AbstractProjectDtoV1) -> list[str]:
    """Return the target languages of a project, as Phrase codes."""
    return project.get("targetLangs") or []
