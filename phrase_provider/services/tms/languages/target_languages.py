"""The target languages of a project: added once, whoever else adds them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.tms.projects import target_langs_of
from phrase_provider.exceptions import PhraseValidationError
from phrase_provider.idempotency.keys import entry_key
from phrase_provider.idempotency.operation import Operation

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.waiting.conditions import Logger


def add_target_langs(
    client: TmsClient, project: ProjectDtoV1, target_langs: Sequence[str], ledger: Ledger, log: Logger
) -> None:
    """
    Add the target languages that a project lacks; its jobs stay as they are.

    Source: ``POST /api2/v1/projects/{projectUid}/targetLangs``.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
    :param target_langs: Phrase codes.
    :param ledger: of the task.
    :param log: gets a line on what was added.
    :raises PhraseValidationError: Phrase does not know a language.
    :raises PhraseOutcomeUnknownError: the answer got lost, and the languages did not appear.
    """
    project_uid = project["uid"]

    def missing() -> list[str]:
        return _lacking(client.projects.get(project_uid), target_langs)

    def add() -> list[str]:
        added = missing()
        try:
            client.projects.add_target_langs(project_uid, added)
            log.info("Added %s to project %s.", ", ".join(added), project_uid)
        except PhraseValidationError:
            # Another run may have added them since.
            if missing():
                raise
        return list(target_langs)

    if _lacking(project, target_langs):
        ledger.run_once(
            Operation(
                description=f"adding {', '.join(target_langs)} to project {project_uid}",
                key=entry_key("target_langs", project_uid, *sorted(target_langs)),
                find=lambda _: None if missing() else list(target_langs),
                execute=lambda _: add(),
                record=lambda codes: {"target_langs": " ".join(codes)},
                max_duration=client.session.settings.timeout,
                repeatable=True,
            )
        )


def _lacking(project: ProjectDtoV1, target_langs: Sequence[str]) -> list[str]:
    known = target_langs_of(project)
    return [lang for lang in target_langs if lang not in known]
