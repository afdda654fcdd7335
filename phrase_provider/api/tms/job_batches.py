"""The resource of changes to many job parts at once, of any number of projects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.fields import whole_number
from phrase_provider.api.session import Call
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.job_status import JobStatus
    from phrase_provider.api.tms.models import (
        ErrorDetailDtoV3,
        JobPartPatchResultDtoV3,
        ProviderReferenceV1,
    )

#: Sent again, it sets the same once more; it mails nobody.
PATCH = Endpoint("PATCH", "/api2/v3/jobs", success=200)

#: Job parts in one call.
MAX_JOBS = 100
#: Reasons that a text names, and characters of each.
_MAX_REASONS, _REASON = 5, 200


class JobBatches:
    """
    Changes of many job parts with one call.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def edit(
        self,
        job_uids: Sequence[str],
        *,
        status: JobStatus | None = None,
        date_due: str | None = None,
        clear_date_due: bool = False,
        providers: Sequence[ProviderReferenceV1] | None = None,
    ) -> JobPartPatchResultDtoV3:
        """
        Change job parts, of whatever projects; what cannot be changed leaves the others alone.

        Nobody is mailed, and neighbouring workflow steps do not move. The answer does not tell which parts
        were not changed: read them again, see :func:`is_complete`.

        Source: ``PATCH /api2/v3/jobs``.

        :param job_uids: uids of the parts, at most 100.
        :param status: the new status; None: as it is.
        :param date_due: ISO 8601 in UTC; None: as it is.
        :param clear_date_due: take the due date away.
        :param providers: in place of those who have them, each with ``type`` and ``id``; None: as they are.
        :return: ``{updated, errors: [{code, message, args}]}``.
        :raises PhraseInputError: no job or too many, or nothing to change; nothing was sent.
        """
        changes: dict[str, object] = {
            "status": status.value if status else None,
            "dateDue": date_due,
            "clearDateDue": clear_date_due or None,
            "providers": None if providers is None else list(providers),
        }
        changes = {name: value for name, value in changes.items() if value is not None}
        _require_usable(job_uids, changes)
        body = {"jobs": [{"uid": job_uid} for job_uid in job_uids], **changes}
        result: JobPartPatchResultDtoV3 = self._session.json(Call(PATCH, body=body, expect=("updated",)))
        return result


def is_complete(result: JobPartPatchResultDtoV3, number: int) -> bool:
    """
    Return whether every part was changed.

    :param result: answer to :meth:`JobBatches.edit`.
    :param number: of the parts that were sent.
    :raises PhraseServerError: the answer has no such number.
    """
    return not result.get("errors") and whole_number(result.get("updated"), "updated") >= number


def reasons_of(result: JobPartPatchResultDtoV3) -> str:
    """
    Return why parts were not changed, as one line for people; empty where Phrase does not tell.

    :param result: answer to :meth:`JobBatches.edit`.
    """
    errors = result.get("errors")
    told = [_reason(error) for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []
    reasons = [reason for reason in dict.fromkeys(told) if reason]
    more = f" and {len(reasons) - _MAX_REASONS} more" if len(reasons) > _MAX_REASONS else ""
    return "; ".join(reasons[:_MAX_REASONS]) + more


def _reason(error: ErrorDetailDtoV3) -> str:
    words = (error.get("code"), error.get("message"))
    return ": ".join(printable(word, _REASON) for word in words if isinstance(word, str) and word)


def _require_usable(job_uids: Sequence[str], changes: object) -> None:
    if not 1 <= len(job_uids) <= MAX_JOBS:
        raise PhraseInputError(
            f"{len(job_uids)} jobs cannot be changed with one call", hint=f"Give 1 to {MAX_JOBS} at a time."
        )
    if not changes:
        raise PhraseInputError("Nothing to change is given", hint="Give a status, a due date or providers.")
