"""Creating projects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.links import PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperatorLink, Context

#: Phrase's own limit, in characters.
MAX_NAME = 255


class PhraseTmsCreateProjectFromTemplateOperator(PhraseTmsOperator):
    """
    Creates a project from a template, once for a batch of content.

    The batch id is the caller's name for the content, such as a release or a date; a retry, a
    cleared task or another run with the same batch id and template finds the project again instead
    of creating a second one. It becomes part of the project's name, and of a marker in its note.

    Sends ``POST /api2/v2/projects/applyTemplate/{templateUid}``. Returns ``{project_uid, name,
    template_uid, source_lang, target_langs}``, languages as Phrase codes.

    :param template: uid or exact name of a project template (templated).
    :param batch_id: names the content; never a run id, which changes with each run (templated).
    :param name: name of the project, extended by the batch id if it lacks it; default: the
        template's name (templated).
    :param source_lang: default: the template's (templated).
    :param target_langs: in any usual form; default: the template's (templated).
    :param due: ISO 8601 date or time (templated).
    :param note: put before the marker (templated).
    :raises PhraseInputError: unknown or ambiguous template, bad language, empty batch id, long name.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "template",
        "batch_id",
        "name",
        "source_lang",
        "target_langs",
        "due",
        "note",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        template: str,
        batch_id: str,
        name: str | None = None,
        source_lang: str | None = None,
        target_langs: str | Sequence[str] | None = None,
        due: str | None = None,
        note: str | None = None,
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

    def execute(self, context: Context) -> dict[str, Any]:
        """Create the project, or find it."""
        from phrase_provider.ledger import do_once
        from phrase_provider.markers import project_marker

        self._require_batch_id()
        request = self._request()
        template = self.client.templates.find(self.template)
        name = self._name(str(template.get("templateName") or self.template))
        marker = project_marker(self.batch_id, template["uid"])
        project = do_once(
            f"creating project {name!r}",
            lambda: self.client.projects.find(name, marker),
            lambda: self.client.projects.create_from_template(
                template["uid"], name=name, note=f"{self.note or ''}\n{marker}".strip(), **request
            ),
        )
        self.show(context, project_uid=project["uid"])
        self.log.info("Project %r is %s.", name, project["uid"])
        return {
            "project_uid": project["uid"],
            "name": name,
            "template_uid": template["uid"],
            "source_lang": project.get("sourceLang"),
            "target_langs": project.get("targetLangs"),
        }

    def _require_batch_id(self) -> None:
        from phrase_provider.exceptions import PhraseInputError

        if not str(self.batch_id or "").strip():
            raise PhraseInputError(
                "The batch id is empty",
                hint="Name the content, such as 'website-2026-11': the next run finds its project by it.",
            )

    def _request(self) -> dict[str, Any]:
        from phrase_provider.api.dates import to_phrase_time
        from phrase_provider.languages import to_phrase, unique_targets

        return {
            "source_lang": to_phrase(self.source_lang) if self.source_lang else None,
            "target_langs": None if self.target_langs is None else unique_targets(self.target_langs),
            "due": to_phrase_time(self.due) if self.due else None,
        }

    def _name(self, template_name: str) -> str:
        from phrase_provider.exceptions import PhraseInputError

        name = self.name or template_name
        if self.batch_id not in name:
            name = f"{name} {self.batch_id}"
        if len(name) > MAX_NAME:
            raise PhraseInputError(
                f"The project's name has {len(name)} characters, Phrase takes {MAX_NAME}: {name[:60]!r}…",
                hint="Shorten the name or the batch id.",
            )
        return name
