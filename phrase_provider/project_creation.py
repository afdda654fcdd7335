"""Creating a project once for a batch of content."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.languages import require_known
from phrase_provider.ledger import do_once

if TYPE_CHECKING:
    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.conditions import Logger

#: Phrase's own limit, in characters.
MAX_NAME = 255


class ProjectCreation:
    """
    Creates the project of a batch, or finds it by the marker in its note.

    :param client: of the connection.
    :param template: as :meth:`~phrase_provider.api.tms.templates.Templates.get` gives it.
    :param batch_id: the caller's name for the content.
    :param log: told what is created and what was there.
    """

    def __init__(self, client: TmsClient, template: dict[str, Any], batch_id: str, log: Logger) -> None:
        self._client = client
        self._template = template
        self._batch_id = batch_id
        self._log = log
        self._marker = project_marker(batch_id, template["uid"])

    def create(self, name: str, note: str, request: dict[str, Any]) -> dict[str, Any]:
        """
        Give the project.

        :param name: contains the batch id.
        :param note: put before the marker.
        :param request: ``source_lang``, ``target_langs`` (Phrase codes) and ``due``, or None.
        :return: the project, as Phrase gives it.
        :raises PhraseInputError: the project that is there is archived or has other languages.
        :raises PhraseOutcomeUnknownError: the answer got lost, and no project appeared.
        """
        project = do_once(
            f"creating project {name!r}",
            self._find,
            lambda: self._earliest(
                self._client.projects.create_from_template(
                    self._template["uid"], name=name, note=f"{note}\n{self._marker}".strip(), **request
                )
            ),
        )
        self._require_usable(project, request)
        return project

    def _find(self) -> dict[str, Any] | None:
        return self._client.projects.find(self._batch_id, self._marker)

    def _earliest(self, created: dict[str, Any]) -> dict[str, Any]:
        """Two runs may create at the same moment: both keep the earliest, the later one removes its own."""
        first = self._find() or created
        if first["uid"] != created["uid"]:
            self._log.warning(
                "Another run created project %s first; %s is removed.", first["uid"], created["uid"]
            )
            self._client.projects.delete(created["uid"])
        return first

    def _require_usable(self, project: dict[str, Any], request: dict[str, Any]) -> None:
        what = f"Project {project.get('name')!r} ({project['uid']}) of batch {self._batch_id!r}"
        if project.get("archived"):
            raise PhraseInputError(
                f"{what} is archived", hint="Unarchive it in Phrase, or use another batch id for new content."
            )
        source_lang = request.get("source_lang")
        if source_lang and project.get("sourceLang") not in (None, source_lang):
            raise PhraseInputError(
                f"{what} translates from {project['sourceLang']}, not from {source_lang}",
                hint="Use another batch id for content in another language.",
            )
        require_known(request.get("target_langs") or [], project.get("targetLangs") or [], what)


def project_marker(batch_id: str, template_uid: str) -> str:
    """
    Make the line in a project's note that says which batch of content it holds.

    :param batch_id: the caller's name for the content.
    :param template_uid: the template it was made from; another template makes another project.
    """
    key = hashlib.sha256(f"{template_uid}\n{batch_id}".encode()).hexdigest()[:24]
    return f"[airflow-provider-phrase batch {key}]"


def project_name(name: str, batch_id: str) -> str:
    """
    Make a project's name, by which Phrase can search: it contains the batch id.

    :param name: what people call it.
    :param batch_id: appended where the name lacks it.
    :raises PhraseInputError: it is too long.
    """
    whole = name.strip() if batch_id in name else f"{name.strip()} {batch_id}"
    if len(whole) > MAX_NAME:
        raise PhraseInputError(
            f"The project's name has {len(whole)} characters, Phrase takes {MAX_NAME}: {whole[:60]!r}…",
            hint="Shorten the name or the batch id.",
        )
    return whole


def require_batch_id(batch_id: object) -> str:
    """
    Check a batch id.

    :param batch_id: as the caller gave it; blanks around it, and whether it is a number, do not count.
    :raises PhraseInputError: it is empty.
    """
    text = "" if batch_id is None else str(batch_id).strip()
    if not text:
        raise PhraseInputError(
            "The batch id is empty",
            hint="Name the content, such as 'website-2026-11': the next run finds its project by it.",
        )
    return text
