"""The project of a batch of content: found by its marker, or created once."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypedDict

from phrase_provider.api.tms.projects import age_of, source_lang_of, target_langs_of
from phrase_provider.exceptions import PhraseInputError, PhraseNotFoundError
from phrase_provider.files.languages import require_known
from phrase_provider.idempotency.keys import entry_key
from phrase_provider.idempotency.operation import Operation
from phrase_provider.services.tms.bases import require_base
from phrase_provider.services.tms.languages.target_languages import add_target_langs
from phrase_provider.services.tms.markers import MAX_NOTE, ProjectMarkers, read_markers
from phrase_provider.text import composed, flaw, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1, ProjectTemplateDto
    from phrase_provider.idempotency.entry import RecordedResult
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.services.tms.markers import Markers
    from phrase_provider.waiting.conditions import Logger

#: Phrase's own limit, in characters.
MAX_NAME = 255


class ProjectRequest(TypedDict):
    """What a project gets instead of what its template has: Phrase codes, and ISO 8601 in UTC."""

    source_lang: str | None
    target_langs: Sequence[str] | None
    due: str | None


class ProjectCreator:
    """
    Creates the project of a batch, or finds it by the marker in its note.

    :param client: of the connection.
    :param template: as :meth:`~phrase_provider.api.tms.templates.Templates.get` gives it.
    :param batch_id: the caller's name for the content.
    :param ledger: of the task.
    :param recreate_key: names a creation that a person has asked for although the batch has a project; empty
        otherwise.
    :param base: folder from which the batch's folders are counted; None: not known.
    :param add_languages: whether a project that is there gets the languages that it lacks.
    :param log: gets lines on what is created and what was there.
    """

    def __init__(
        self,
        client: TmsClient,
        template: ProjectTemplateDto,
        batch_id: str,
        ledger: Ledger,
        log: Logger,
        *,
        recreate_key: str = "",
        base: str | None = None,
        add_languages: bool = False,
    ) -> None:
        self._client = client
        self._template = template
        self._batch_id = batch_id
        self._ledger = ledger
        self._log = log
        self._markers = ProjectMarkers(batch_id, template["uid"], ledger.task_run, recreate_key, base)
        self._base = base
        self._add_languages = add_languages

    def create(self, name: str, note: str, request: ProjectRequest) -> ProjectDtoV1:
        """
        Return the project of the batch, creating it if there is none.

        Source: ``POST /api2/v2/projects/applyTemplate/{templateUid}``.

        :param name: contains the batch id.
        :param note: put before the marker.
        :param request: what differs from the template.
        :raises PhraseInputError: the note is too long or has markers, or the project that is there is
            archived, or has other languages or another base.
        :raises PhraseOutcomeUnknownError: the answer got lost, and no project appeared.
        :raises PhraseLedgerError: the project that this task created was deleted.
        """
        # Cut off, the marker could not be found again.
        marked = _require_short("note with the marker", self._markers.append_to(note), MAX_NOTE)
        operation = Operation(
            description=f"creating project {name!r}",
            key=entry_key("project", self._markers.own),
            find=self._find,
            execute=lambda _: [
                self._client.projects.create_from_template(
                    self._template["uid"], name=name, note=marked, **request
                )
            ],
            record=lambda projects: {"project_uid": projects[0]["uid"]},
            max_duration=self._client.session.settings.timeout,
            resolve_conflicts=lambda projects, _: self._resolve_conflicts(projects),
        )
        project = self._ledger.run_once(operation)[0]
        self._require_usable(project, request)
        if not self._add_languages or not (langs := request.get("target_langs")):
            return project
        add_target_langs(self._client, project, langs, self._ledger, self._log)
        return self._client.projects.get(project["uid"])

    def _find(self, recorded: RecordedResult | None) -> list[ProjectDtoV1] | None:
        """Return the project to use, and those that other runs created beside it, the oldest first."""
        used = recorded.get("project_uid") if recorded else None
        found = self._of_batch()
        key = self._markers.to_use({project["uid"]: marks for project, marks in found}, used)
        if same := [project for project, marks in found if marks.recreate_key == key]:
            return same
        # A person may have changed the name or the note of the one that was used.
        renamed = self._client.projects.find(used) if used else None
        return [renamed] if renamed else None

    def _of_batch(self) -> list[tuple[ProjectDtoV1, Markers]]:
        """List the projects of the batch with their markers, the oldest first."""
        projects = self._client.projects
        named = [
            project
            for part, marker in self._markers.batches.items()
            for project in projects.list_with_marker(part, marker)
        ]
        read = [(project, read_markers(project["note"])) for project in sorted(named, key=age_of)]
        return [(project, marks) for project, marks in read if marks and self._markers.are_of_batch(marks)]

    def _resolve_conflicts(self, projects: list[ProjectDtoV1]) -> None:
        """Have all runs keep the earliest project: each removes its own later one and names the others."""
        for later in projects[1:]:
            self._resolve_duplicate(later, projects[0])

    def _resolve_duplicate(self, later: ProjectDtoV1, first: ProjectDtoV1) -> None:
        message = f"Project {later['uid']} is of batch {self._batch_id!r} too, and later than {first['uid']}"
        marks = read_markers(later["note"])
        if marks and self._markers.is_mine(marks) and self._is_empty(later):
            self._log.warning("%s; this task made it, it is empty and is removed.", message)
            with suppress(PhraseNotFoundError):
                self._client.projects.delete(later["uid"])
        else:
            self._log.warning("%s, which is used. Delete it in Phrase if nobody needs it.", message)

    def _is_empty(self, project: ProjectDtoV1) -> bool:
        try:
            return not any(self._client.jobs.list(project["uid"], levels=[1]))
        except PhraseNotFoundError:
            # Another try of this task has removed it.
            return True

    def _require_usable(self, project: ProjectDtoV1, request: ProjectRequest) -> None:
        what = f"Project {project.get('name')!r} ({project['uid']}) of batch {self._batch_id!r}"
        if project.get("archived"):
            raise PhraseInputError(
                f"{what} is archived", hint="Unarchive it in Phrase, or use another batch id for new content."
            )
        source_lang = request.get("source_lang")
        if source_lang and source_lang_of(project) not in (None, source_lang):
            raise PhraseInputError(
                f"{what} translates from {source_lang_of(project)}, not from {source_lang}",
                hint="Use another batch id for content in another language.",
            )
        if not self._add_languages:
            require_known(request.get("target_langs") or [], target_langs_of(project), what)
        require_base(project, self._base)


def project_name(name: str, batch_id: str) -> str:
    """
    Return a project's name, by which Phrase can search: it contains the batch id.

    :param name: what people call it.
    :param batch_id: appended where the name lacks it.
    :raises PhraseInputError: it is too long.
    """
    name = composed(name)
    whole = name.strip() if batch_id in name else f"{name.strip()} {batch_id}"
    return _require_short("name with the batch id", whole, MAX_NAME)


def _require_short(what: str, text: str, longest: int) -> str:
    if len(text) > longest:
        raise PhraseInputError(
            f"The project's {what} has {len(text)} characters, Phrase takes {longest}: {text[:60]!r}…",
            hint="Shorten it.",
        )
    return text


def require_batch_id(batch_id: object) -> str:
    """
    Check a batch id.

    :param batch_id: as the caller gave it; blanks around it, whether it is a number, and how its accents are
        composed do not count.
    :return: composed (NFC).
    :raises PhraseInputError: it is empty, not UTF-8, or has control characters or line breaks.
    """
    text = "" if batch_id is None else composed(str(batch_id).strip())
    if not text:
        raise PhraseInputError(
            "The batch id is empty",
            hint="Name the content, such as 'website-2026-11': the next run finds its project by it.",
        )
    if reason := flaw(text):
        raise PhraseInputError(
            f"The batch id '{printable(text)}' {reason}", hint="Write it in one line of plain characters."
        )
    return text
