"""The headers of an upload, which tell Phrase what to do with the file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.api.tms.upload_headers import upload_headers
from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Phrase cuts a longer file name and folder silently, so they are refused here.
MAX_NAME = 255


@dataclass(frozen=True, slots=True)
class JobRequest:
    """
    A file to be translated: the ``Memsource`` header of ``POST …/projects/{projectUid}/jobs``.

    :param filename: shown in Phrase, kept in the target file's name.
    :param target_langs: Phrase codes, a subset of the project's.
    :param folder: the source's relative folder; comes back as ``originalFileDirectory``.
    :param use_project_import_settings: import as the project (its template) says; Phrase's own
        default is not to.
    :param import_settings_uid: other import settings; excludes the former.
    :param due: ISO 8601 in UTC.
    :param workflow_step_ids: the project's own step ids: Phrase takes ``due`` for each step there.
    :param pre_translate: pre-translate after import, with the project's settings.
    :param source_data: ``{clientType, clientVersion, hostVersion}`` for Phrase's reporting.
    :param callback_url: told when the import ends.
    """

    filename: str
    target_langs: Sequence[str]
    folder: str = ""
    use_project_import_settings: bool = True
    import_settings_uid: str | None = None
    due: str | None = None
    workflow_step_ids: Sequence[str] = ()
    pre_translate: bool = False
    source_data: dict[str, str] | None = None
    callback_url: str | None = None

    def headers(self) -> dict[str, str]:
        """
        Return the headers of the upload, all ASCII.

        :raises PhraseInputError: as :meth:`check` tells.
        """
        self.check()
        return upload_headers(self.filename, self._memsource())

    def check(self) -> None:
        """
        Raise an error for what Phrase would cut or refuse.

        :raises PhraseInputError: no target language, or name and folder too long.
        """
        if not self.target_langs:
            raise PhraseInputError(
                f"No target language for {self.filename!r}", hint="Give at least one target language."
            )
        if len(self.filename) + len(self.folder) > MAX_NAME:
            raise PhraseInputError(
                f"Name and folder of {self.filename!r} have more than {MAX_NAME} characters",
                hint="Phrase would cut them: shorten them, or choose a deeper base folder.",
            )

    def _memsource(self) -> dict[str, object]:
        return {
            "targetLangs": list(self.target_langs),
            "path": self.folder or None,
            "importSettings": {"uid": self.import_settings_uid} if self.import_settings_uid else None,
            "useProjectFileImportSettings": self._project_settings or None,
            "preTranslate": self.pre_translate or None,
            "callbackUrl": self.callback_url,
            "sourceData": self.source_data,
            **self._due(),
        }

    @property
    def _project_settings(self) -> bool:
        return self.use_project_import_settings and not self.import_settings_uid

    def _due(self) -> dict[str, object]:
        if not self.due:
            return {}
        if not self.workflow_step_ids:
            return {"due": self.due}
        steps = [{"id": step, "due": self.due, "assignments": []} for step in self.workflow_step_ids]
        return {"workflowSettings": steps}
