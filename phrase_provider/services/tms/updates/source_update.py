"""The update of one file's source in one project: sent once, and put back where it fails."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from phrase_provider.api.tms.imports import import_facts
from phrase_provider.api.tms.source_updates import SourceUpdateRequest
from phrase_provider.exceptions import (
    PhraseAsyncRequestError,
    PhraseError,
    PhraseImportError,
    PhraseJobNotReadyError,
    PhraseOutcomeUnknownError,
)
from phrase_provider.files.sending import SourceUpload
from phrase_provider.idempotency.ledger import Ledger
from phrase_provider.idempotency.operation import Operation
from phrase_provider.services.tms.async_starts import start_in_turn
from phrase_provider.services.tms.job_upload import longest_upload
from phrase_provider.services.tms.updates.added_words import added_since, words_so_far
from phrase_provider.services.tms.updates.broken_off_updates import put_back_noted, time_left, try_to_put_back
from phrase_provider.services.tms.updates.reopening import reopen
from phrase_provider.services.tms.updates.source_update_look import MAX_IMPORT, SourceUpdateLook
from phrase_provider.services.tms.updates.source_update_notes import UpdateNote, UpdateState
from phrase_provider.services.tms.updates.source_update_rules import reopening
from phrase_provider.text import printable
from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.files.sources import SourceFile
    from phrase_provider.services.tms.updates.source_jobs import SourceJob
    from phrase_provider.services.tms.updates.source_update_context import UpdateContext


class SourceUpdate:
    """
    Updates the source of a file's jobs in one project.

    :param context: of the task.
    :param project_uid: uid.
    :param source: the file.
    :param sha256: of its content.
    :param jobs: of the file, all of which may be updated.
    """

    def __init__(
        self,
        context: UpdateContext,
        project_uid: str,
        source: SourceFile,
        sha256: str,
        jobs: Sequence[SourceJob],
    ) -> None:
        self._context = context
        self._source = source
        self._jobs = list(jobs)
        first_uids = {job.target_lang: job.first["uid"] for job in jobs}
        self._note = UpdateNote(project_uid, source.relative_path, sha256, source.size, first_uids=first_uids)
        self._look = SourceUpdateLook(context.client, project_uid, list(first_uids.values()), context.log)
        #: Why languages could not be reopened.
        self.refused: dict[str, str] = {}

    @property
    def note(self) -> UpdateNote:
        """How far the update is."""
        return self._note

    def begin(self) -> None:
        """
        Send the new source, unless an earlier try or run has sent it, and note that.

        Jobs in a final status are reopened before, in all workflow steps. Where the source is refused, their
        former statuses are put back.

        :raises PhraseOutcomeUnknownError: the answer got lost, and Phrase does not show the source: the jobs
            stay as they are, and the next try looks first.
        :raises PhraseError: nothing was sent, or it was refused.
        """
        if any(import_facts(job.first, "a job")["import_state"] == "RUNNING" for job in self._jobs):
            self._look.wait_for_imports()
        earlier = self._context.notes.read(self._note.key)
        if earlier and self._look.has_taken_effect(earlier, time_left(self._context, earlier)):
            if earlier.sha256 == self._note.sha256:
                self._note = earlier
                return
            # What was done then is to be translated now, whatever becomes of this update.
            earlier = None
        self._keep(replace(self._note, reopened=self._taken_over(earlier) if earlier else {}))
        try:
            self._prepare()
            self._send()
        except PhraseError as error:
            if self._note.state is UpdateState.SENDING:
                # Nobody knows whether the source has arrived: nothing is put back before that is known.
                raise
            if not self._is_sent_by_another_run(error):
                self.put_back()
                raise

    def finish(self) -> bool:
        """
        Wait until the new source is imported, and count the words that it added.

        :return: whether that was not done before, by an earlier try or run.
        :raises PhraseImportError: Phrase could not import it; the former statuses are put back.
        :raises PhraseTimeoutError: the import did not end in time; the next try waits on.
        """
        if self._note.state is UpdateState.UPDATED:
            return False
        self._wait_until_imported()
        client, log = self._context.client, self._context.log
        uids = list(self._note.first_uids.values())
        added = added_since(self._note.words_before, words_so_far(client, self._note.project_uid, uids, log))
        by_lang = {lang: added[uid] for lang, uid in self._note.first_uids.items() if uid in added}
        self._keep(self._note.moved_to(UpdateState.UPDATED, added_words=by_lang))
        return True

    def put_back(self) -> None:
        """Set the former statuses of what was reopened; what cannot be set stays noted, and is logged."""
        put_back_noted(self._context, self._note)

    def _taken_over(self, earlier: UpdateNote) -> dict[str, tuple[str, str]]:
        """Return what an earlier try has reopened of these jobs, and put back what it has of others."""
        own = {part["uid"] for job in self._jobs for part in job.parts}
        others = {uid: statuses for uid, statuses in earlier.reopened.items() if uid not in own}
        try_to_put_back(self._context, replace(earlier, reopened=others))
        return {uid: statuses for uid, statuses in earlier.reopened.items() if uid in own}

    def _is_sent_by_another_run(self, error: PhraseError) -> bool:
        """Return whether the source was refused because another run is bringing the same at this moment."""
        if not isinstance(error, PhraseJobNotReadyError) or not self._look.shows(self._note):
            return False
        self._keep(self._note.moved_to(UpdateState.IMPORTING))
        return True

    def _prepare(self) -> None:
        changes = {uid: change for job in self._jobs for uid, change in reopening(job).items()}
        # One that an earlier try has reopened keeps the status that it had before that.
        reopened = {uid: (former, new.value) for uid, (former, new) in changes.items()}
        self._keep(replace(self._note, reopened=reopened | dict(self._note.reopened)))
        self._leave_out(reopen(self._context.client, self._note.project_uid, changes))
        client, uids = self._context.client, list(self._note.first_uids.values())
        words = words_so_far(client, self._note.project_uid, uids, self._context.log)
        self._keep(replace(self._note, updated_before=self._look.update_dates(), words_before=words))

    def _leave_out(self, not_reopened: dict[str, str]) -> None:
        """Leave out the languages of which a part could not be reopened."""
        for job in list(self._jobs):
            own = [part["uid"] for part in job.parts]
            reasons = [reason for uid, reason in not_reopened.items() if uid in own]
            if not reasons:
                continue
            self.refused[job.target_lang] = f"could not be reopened: {reasons[0]}"
            self._jobs.remove(job)
            back = {uid: statuses for uid, statuses in self._note.reopened.items() if uid in own}
            try_to_put_back(self._context, replace(self._note, reopened=back))
            left = {uid: statuses for uid, statuses in self._note.reopened.items() if uid not in own}
            firsts = {lang: uid for lang, uid in self._note.first_uids.items() if lang != job.target_lang}
            self._keep(replace(self._note, reopened=left, first_uids=firsts))
        if not self._jobs:
            raise PhraseError(
                f"No job of {printable(self._source.relative_path)} could be reopened: "
                + "; ".join(f"{lang} {reason}" for lang, reason in self.refused.items()),
                hint="Nothing was sent. Look in Phrase who may set the statuses of these jobs.",
            )

    def _send(self) -> None:
        client = self._context.client
        operation = Operation(
            description=f"updating the source of {self._source.relative_path}",
            key="",
            find=lambda _: self._find_sent(),
            execute=lambda _: self._execute(),
            record=lambda sent: {"async_request_id": sent},
            max_duration=longest_upload(client, self._source.size),
        )
        # The notes are what later tries find: the ledger looks for lost answers only.
        start_in_turn(client, partial(Ledger("").run_once, operation), self._context.log)
        self._keep(self._note.moved_to(UpdateState.IMPORTING))

    def _find_sent(self) -> str | None:
        """Return the id of the async request, ``""`` where no answer told it; None: nothing was sent."""
        if self._note.state is not UpdateState.SENDING or not self._look.shows(self._note):
            return None
        return ""

    def _execute(self) -> str:
        if self._is_done_by_another_run():
            return ""
        self._keep(self._note.moved_to(UpdateState.SENDING))
        upload = SourceUpload(self._source)
        request = SourceUpdateRequest(
            self._jobs[0].first["filename"],
            list(self._note.first_uids.values()),
            pre_translate=self._context.pre_translate,
            post_analysis=self._context.post_analysis,
        )
        try:
            started = self._context.client.source_updates.start(self._note.project_uid, request, upload.open)
        except PhraseOutcomeUnknownError:
            raise
        except PhraseError:
            # It was refused, or nothing was sent.
            self._keep(self._note.moved_to(UpdateState.REOPENING))
            raise
        request_id = started["asyncRequest"].get("id") or ""
        # Of a file that changed on the way, the next run finds out by this checksum.
        sha256 = upload.sent_checksum() or self._note.sha256
        self._keep(replace(self._note, async_request_id=request_id, sha256=sha256))
        return request_id

    def _is_done_by_another_run(self) -> bool:
        """Return whether another run has sent the same source since this one looked."""
        other = self._context.notes.read(self._note.key)
        if other is None or other == self._note or other.sha256 != self._note.sha256:
            return False
        return self._look.has_taken_effect(other, time_left(self._context, other))

    def _wait_until_imported(self) -> None:
        if not self._note.async_request_id:
            self._look.wait_for_imports()
            return
        client, condition = self._context.client, AsyncRequestFinished(self._note.async_request_id)
        try:
            wait_for(BlockingWait(condition, client, self._context.log, deadline=time.time() + MAX_IMPORT))
        except PhraseAsyncRequestError as error:
            self.put_back()
            raise PhraseImportError(
                f"Phrase could not import the new source of {printable(self._source.relative_path)}: "
                f"{printable(error.description or error.error_code or 'no reason is given')}",
                hint="The jobs keep their former source. Correct the file: the next run sends it again.",
            ) from error

    def _keep(self, note: UpdateNote) -> None:
        self._context.notes.write(note)
        self._note = note
