"""What the source updates of a task share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.services.tms.updates.source_update_notes import UpdateNotes
    from phrase_provider.waiting.conditions import Logger


@dataclass(frozen=True, slots=True)
class UpdateContext:
    """
    What the updates of a task share.

    :param client: of the connection.
    :param notes: kept where later tries find them.
    :param log: gets lines on what is updated.
    :param pre_translate: pre-translate after the import.
    :param post_analysis: whether Phrase analyses the change; None: as the project says.
    """

    client: TmsClient
    notes: UpdateNotes
    log: Logger
    pre_translate: bool = False
    post_analysis: bool | None = None
