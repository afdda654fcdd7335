"""Whether Phrase has taken a new source, where no answer tells it."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from phrase_provider.api.tms.async_requests import is_finished, require_success
from phrase_provider.api.tms.job_facts import all_facts
from phrase_provider.api.tms.job_parts import source_updated_at
from phrase_provider.exceptions import PhraseAsyncRequestError, PhraseImportError, PhraseNotFoundError
from phrase_provider.idempotency.reconciliation import poll_until_found
from phrase_provider.services.tms.contents import original_checksum
from phrase_provider.services.tms.updates.source_jobs import read_parts
from phrase_provider.services.tms.updates.source_update_notes import UpdateState
from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
from phrase_provider.waiting.tms.imports import JobsImported

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.job_facts import JobFacts
    from phrase_provider.services.tms.updates.source_update_notes import UpdateNote
    from phrase_provider.waiting.conditions import Logger

#: Seconds that a running import is waited for.
MAX_IMPORT = 6 * 3600.0


class SourcesImported(JobsImported):
    """
    The imports of sources have ended, as :class:`~phrase_provider.waiting.tms.imports.JobsImported`.

    Source: ``POST …/jobs/search``: few requests for many jobs of a large project.
    """

    def read(self, client: TmsClient) -> Sequence[JobFacts]:
        return all_facts(read_parts(client, self.project_uid, self.job_uids), with_status=False)


class SourceUpdateLook:
    """
    Looks at the first step's parts of a file's jobs; it changes nothing.

    :param client: of the connection.
    :param project_uid: uid.
    :param first_uids: uids of the parts.
    :param log: of the task.
    """

    def __init__(self, client: TmsClient, project_uid: str, first_uids: Sequence[str], log: Logger) -> None:
        self._client = client
        self._project_uid = project_uid
        self._first_uids = list(first_uids)
        self._log = log

    def wait_for_imports(self) -> None:
        """
        Wait until no import or source update of the jobs is running; one that failed has ended, too.

        Source: ``importStatus`` of the jobs.

        :raises PhraseTimeoutError: it did not end in time.
        """
        condition = SourcesImported(self._project_uid, self._first_uids)
        with suppress(PhraseImportError):
            deadline = time.time() + MAX_IMPORT
            wait_for(BlockingWait(condition, self._client, self._log, deadline=deadline))

    def update_dates(self) -> dict[str, str]:
        """
        Return when the sources were updated last, by uid; ``""``: never, or Phrase does not show it.

        Source: ``updateSourceDate`` of the jobs.
        """
        found = read_parts(self._client, self._project_uid, self._first_uids)
        return {part["uid"]: source_updated_at(part) or "" for part in found}

    def has_taken_effect(self, note: UpdateNote, seconds: float) -> bool:
        """
        Return whether an update that was noted has reached the jobs.

        :param note: of an earlier try or run; no import is running.
        :param seconds: how long its request may still arrive.
        """
        if note.state is UpdateState.SENDING:
            return poll_until_found(lambda: self.shows(note) or None, seconds, at_once=True) is not None
        if note.state is UpdateState.IMPORTING:
            return self._is_imported(note)
        return note.state is UpdateState.UPDATED

    def shows(self, note: UpdateNote) -> bool:
        """
        Return whether the jobs have the source of a note, once no import is running.

        Source: ``updateSourceDate``, which is newer then, and ``GET …/jobs/{jobUid}/original``.

        :param note: of an update that may have been sent.
        """
        self.wait_for_imports()
        dates = self.update_dates()
        uids = [uid for uid in note.first_uids.values() if uid in dates]
        if not uids or not all(dates[uid] > note.updated_before.get(uid, "") for uid in uids):
            return False
        # They were updated by one request.
        return original_checksum(self._client, self._project_uid, uids[0]) == note.sha256

    def _is_imported(self, note: UpdateNote) -> bool:
        try:
            request = (
                self._client.async_requests.get(note.async_request_id) if note.async_request_id else None
            )
            if request is None or not is_finished(request):
                return self.shows(note)
            require_success(request)
        except PhraseNotFoundError:
            return self.shows(note)
        except PhraseAsyncRequestError:
            return False
        return True
