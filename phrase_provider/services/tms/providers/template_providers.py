"""Providers of a project template: it is chosen and checked before anything is sent, then applied once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.tms.projects import template_uid_of, workflow_step_ids
from phrase_provider.api.tms.templates import number_of_steps, staffed_languages, template_name
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.idempotency.keys import entry_key
from phrase_provider.idempotency.operation import Operation
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1, ProjectTemplateDto
    from phrase_provider.idempotency.entry import RecordedResult
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.services.tms.providers.step_parts import StepPart


class Templates:
    """
    Chooses the template of a project: the one that is given, else the one it was made from.

    :param client: of the connection.
    :param given: uid, exact name or numeric id; None: each project's own.
    """

    def __init__(self, client: TmsClient, given: str | None = None) -> None:
        self._client = client
        self._given = given
        self._known: dict[str | None, ProjectTemplateDto] = {}

    def of(self, project: ProjectDtoV1) -> ProjectTemplateDto:
        """
        Return the template to apply to a project.

        Source: ``GET /api2/v1/projectTemplates/{templateUid}``, once for each template.

        :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
        :raises PhraseInputError: there is none, or it has another number of workflow steps than the project.
        """
        uid = None if self._given else template_uid_of(project)
        if not (self._given or uid):
            raise PhraseInputError(
                f"Project {_name(project)} was not made from a template",
                hint="Give the template whose providers are to be assigned, or the providers.",
            )
        if uid not in self._known:
            find = self._client.templates
            self._known[uid] = find.get(uid) if uid else find.resolve(self._given or "")
        _require_same_steps(project, self._known[uid])
        return self._known[uid]


class TemplateProviders:
    """
    Assigns the providers of a template.

    :param client: of the connection.
    :param project: to which the template is applied.
    :param template: checked by :class:`Templates`.
    :param ledger: of the task.
    :param reread: gives the uids of those parts, among some, that somebody has now.
    """

    def __init__(
        self,
        client: TmsClient,
        project: ProjectDtoV1,
        template: ProjectTemplateDto,
        ledger: Ledger,
        reread: Callable[[Sequence[StepPart]], set[str]],
    ) -> None:
        self._client = client
        self._project_uid = project["uid"]
        self._template_uid = template["uid"]
        self._staffed = staffed_languages(template)
        self._ledger = ledger
        self._reread = reread

    def names_somebody(self, part: StepPart) -> bool:
        """Return whether the template has a provider for the language and step of a job part."""
        # Steps are compared by their order; levels count from 1.
        step = self._staffed[part.level - 1] if part.level <= len(self._staffed) else ()
        return part.target_lang in step or None in step

    def assign(self, parts: Sequence[StepPart]) -> set[str]:
        """
        Assign job parts, once, and return the uids of those that were assigned.

        Phrase skips what is assigned already. If the answer got lost, the parts are read until all are
        assigned, or the request can no longer take effect: so nobody is mailed twice.

        :param parts: at most :data:`~phrase_provider.api.tms.assignments.MOST_PARTS`.
        :raises PhraseOutcomeUnknownError: the answer got lost, and nothing appeared; the next try looks
            first.
        """
        unsent = [True]

        def find(_: RecordedResult | None) -> set[str] | None:
            if unsent and unsent.pop():
                # They were read a moment ago.
                return None
            assigned = self._reread(parts)
            return assigned if len(assigned) == len(parts) else None

        def execute(_: RecordedResult | None) -> set[str]:
            uids = [part.uid for part in parts]
            assigned = self._client.assignments.assign_from_template(
                self._project_uid, self._template_uid, uids
            )
            return set(assigned).intersection(uids)

        return self._ledger.run_once(
            Operation(
                description=f"assigning {len(parts)} job parts of project {self._project_uid}",
                # One entry for all calls of a project: a retry looks for what was under way, whatever it was.
                key=entry_key("assignment", self._project_uid),
                find=find,
                execute=execute,
                record=lambda assigned: {"assigned": str(len(assigned))},
                max_duration=self._client.session.settings.timeout,
                repeatable=True,
            )
        )


def _require_same_steps(project: ProjectDtoV1, template: ProjectTemplateDto) -> None:
    steps, own = number_of_steps(template), len(workflow_step_ids(project))
    if steps != own:
        name = printable(template_name(template) or template["uid"])
        raise PhraseInputError(
            f"The project template '{name}' has {steps} workflow steps, "
            f"and project {_name(project)} has {own}",
            hint="Its providers can only be assigned in a project with as many steps: give another template, "
            "or name the providers.",
        )


def _name(project: ProjectDtoV1) -> str:
    return f"'{printable(project.get('name') or project['uid'])}'"
