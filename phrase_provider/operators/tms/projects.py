"""The operator that creates the project of a batch from a template."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.links import PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsCreateOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.services.tms.projects import ProjectRequest
    from phrase_provider.services.tms.rows import ProjectRow


class PhraseTmsCreateProjectFromTemplateOperator(PhraseTmsCreateOperator):
    """
    Creates a project from a template, once for a batch of content.

    The batch id is the caller's name for the content, such as a release or a date; a retry, a
    cleared task or another run with the same batch id and template finds the project again instead
    of creating a second one. It becomes part of the project's name, and of a marker in its note.
    Of two runs that create at the same moment both use the earlier project, and the later one
    removes its own. With ``on_clear="new"`` a cleared task creates another project, which later
    runs of the batch use from then on.

    Sends ``POST /api2/v2/projects/applyTemplate/{templateUid}``, and ``POST …/targetLangs`` where a project
    lacks languages that it is to have. Returns ``{project_uid, name,
    template_uid, source_lang, target_langs}``, languages as Phrase codes.

    :param template: uid, exact name or numeric id of a project template (templated).
    :param batch_id: names the content; never a run id, which changes with each run (templated).
    :param name: name of the project, extended by the batch id if it lacks it; default: the
        template's name (templated).
    :param source_lang: default: the template's (templated).
    :param target_langs: in any usual form; default: the template's (templated).
    :param due: ISO 8601 date or time (templated).
    :param note: put before the marker, which is refused in it (templated).
    :param base: folder from which the batch's files count their folders, such as the ``base`` in the items
        of a plan (templated). It is kept in the project's note, and a run with another one is refused: files
        would be other ones in Phrase, and charged again. Leave it out where each run has its files elsewhere.
    :param add_languages: give a project that is there the target languages that it lacks, instead of
        refusing the run (templated).
    :param on_clear: see :class:`~phrase_provider.operators.tms.base.PhraseTmsCreateOperator`.
    :raises PhraseInputError: unknown or ambiguous template, bad language, empty batch id, long name; a note
        with a marker; or the batch's project is archived, or has other languages or another base.
    :raises PhraseLedgerError: the project that this task created in an earlier try was deleted.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsCreateOperator.template_fields,
        "template",
        "batch_id",
        "name",
        "source_lang",
        "target_langs",
        "due",
        "note",
        "base",
        "add_languages",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        template: str | int,
        batch_id: str,
        name: str | None = None,
        source_lang: str | None = None,
        target_langs: str | Sequence[str] | None = None,
        due: str | None = None,
        note: str | None = None,
        base: str | None = None,
        add_languages: bool | str = False,
        **kwargs: Any,
    ) -> None:
        # So that ``task.output["project_uid"]`` works.
        super().__init__(**{"multiple_outputs": True, **kwargs})
        self.template = template
        self.batch_id = batch_id
        self.name = name
        self.source_lang = source_lang
        self.target_langs = target_langs
        self.due = due
        self.note = note
        self.base = base
        self.add_languages = add_languages

    def execute(self, context: Context) -> ProjectRow:
        """Create the project, or find it."""
        from phrase_provider.api.tms.projects import source_lang_of, target_langs_of
        from phrase_provider.api.tms.templates import template_name
        from phrase_provider.flags import is_true
        from phrase_provider.idempotency.ledger import Ledger
        from phrase_provider.services.tms.bases import read_base
        from phrase_provider.services.tms.markers import require_no_markers
        from phrase_provider.services.tms.projects import ProjectCreator, project_name, require_batch_id

        batch_id, base, request = require_batch_id(self.batch_id), read_base(self.base), self._request()
        note = require_no_markers(self.note or "")
        template = self.client.templates.resolve(self.template)
        name = project_name(self.name or str(template_name(template) or self.template), batch_id)
        ledger = Ledger.of(context)
        creator = ProjectCreator(
            self.client,
            template,
            batch_id,
            ledger,
            self.log,
            recreate_key=self.recreate_key(ledger),
            base=base,
            add_languages=is_true(self.add_languages, "add_languages"),
        )
        project = creator.create(name, note, request)
        self.push_links(context, project_uid=project["uid"])
        self.log.info("Project %r is %s.", project.get("name"), project["uid"])
        return {
            "project_uid": project["uid"],
            "name": project.get("name"),
            "template_uid": template["uid"],
            "source_lang": source_lang_of(project),
            "target_langs": target_langs_of(project),
        }

    def _request(self) -> ProjectRequest:
        from phrase_provider.api.dates import to_phrase_time
        from phrase_provider.files.languages import to_phrase, unique_targets

        return {
            "source_lang": to_phrase(self.source_lang) if self.source_lang else None,
            "target_langs": None if self.target_langs is None else unique_targets(self.target_langs),
            "due": to_phrase_time(self.due) if self.due else None,
        }
