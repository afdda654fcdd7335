"""Source updates that were broken off, refused or failed: what they have reopened is put back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from phrase_provider.config import RECONCILIATION_TIMEOUT, number
from phrase_provider.exceptions import PhraseError, PhraseNotFoundError
from phrase_provider.services.tms.job_upload import longest_upload
from phrase_provider.services.tms.updates.reopening import put_back
from phrase_provider.services.tms.updates.source_update_look import SourceUpdateLook
from phrase_provider.services.tms.updates.source_update_notes import UpdateState
from phrase_provider.text import printable

if TYPE_CHECKING:
    from phrase_provider.services.tms.updates.source_update_context import UpdateContext
    from phrase_provider.services.tms.updates.source_update_notes import UpdateNote


def end_abandoned(context: UpdateContext, note: UpdateNote) -> None:
    """
    End an update that was broken off and is not wanted any more.

    :param context: of the task.
    :param note: of the update; kept as made if it took effect, otherwise its statuses are put back.
    :raises PhraseError: nobody could look; nothing was done.
    """
    look = SourceUpdateLook(context.client, note.project_uid, list(note.first_uids.values()), context.log)
    try:
        look.wait_for_imports()
        if look.has_taken_effect(note, time_left(context, note)):
            context.notes.write(note.moved_to(UpdateState.UPDATED))
            return
    except PhraseNotFoundError:
        # With the project, there is nothing left to put back.
        context.notes.remove(note.key)
        return
    put_back_noted(context, note)


def time_left(context: UpdateContext, note: UpdateNote) -> float:
    """
    Return the seconds for which a request that was noted may still take effect.

    :param context: of the task.
    :param note: of the update.
    """
    if note.state is not UpdateState.SENDING:
        return 0.0
    longest = longest_upload(context.client, note.size) + number(RECONCILIATION_TIMEOUT)
    since = datetime.now(UTC) - datetime.fromisoformat(note.at)
    return min(longest, longest - since.total_seconds())


def put_back_noted(context: UpdateContext, note: UpdateNote) -> bool:
    """
    Set the former statuses that a note has, and forget it.

    :param context: of the task.
    :param note: of an update that did not take effect.
    :return: whether that was done; if not, the note stays, and the log says why.
    """
    if note.reopened:
        context.notes.write(note.moved_to(UpdateState.PUTTING_BACK))
    if not try_to_put_back(context, note):
        return False
    context.notes.remove(note.key)
    return True


def try_to_put_back(context: UpdateContext, note: UpdateNote) -> bool:
    """
    Set the former statuses that a note has.

    :param context: of the task.
    :param note: of the update.
    :return: whether that was done; if not, the log says why.
    """
    try:
        left = put_back(context.client, note.project_uid, note.reopened)
    except PhraseError as error:
        left = {"": error.brief()}
    if left:
        context.log.warning(
            "Jobs of %s stand reopened without a new source. %s",
            printable(note.relative_path),
            "; ".join(f"{uid} {reason}".strip() for uid, reason in left.items()),
        )
    return not left
