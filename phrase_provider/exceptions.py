"""Every error that this provider raises, as one tree below :class:`PhraseError`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from typing import Self


class ErrorFacts(TypedDict, total=False):
    """What is known of a failed call and its answer; the parameters of :class:`PhraseError`."""

    status: int | None
    error_code: str | None
    description: str | None
    action_id: str | None
    endpoint: str | None
    retry_after: float | None
    request: str | None
    at: str | None


class PhraseError(Exception):
    """
    Base of all errors of this provider.

    :param message: what happened, in one sentence.
    :param hint: what the reader can do next.
    :param status: HTTP status, when Phrase answered.
    :param error_code: Phrase's ``errorCode``.
    :param description: Phrase's ``errorDescription``.
    :param action_id: the id that Phrase support asks for (``memsource-action-id``).
    :param endpoint: method and path of the call, without host and query.
    :param retry_after: seconds after which Phrase said the call may be repeated.
    :param request: what was sent, without secrets.
    :param at: when it failed, ISO 8601 with time zone.
    """

    #: Whether the same call may succeed later without a change by a person.
    can_pass = False
    #: Whether it passes within seconds: a fault of the network or of Phrase, not a state of the work.
    is_fault = False
    #: False when nothing of the request that failed has reached Phrase, for certain.
    sent = True

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        status: int | None = None,
        error_code: str | None = None,
        description: str | None = None,
        action_id: str | None = None,
        endpoint: str | None = None,
        retry_after: float | None = None,
        request: str | None = None,
        at: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.status = status
        self.error_code = error_code
        self.description = description
        self.action_id = action_id
        self.endpoint = endpoint
        self.retry_after = retry_after
        self.request = request
        self.at = at

    def __str__(self) -> str:
        # What the report names is not said twice.
        facts = self._facts() if self.at is None else self._facts(left_out=("endpoint", "action id"))
        parts = self._headline(), facts, self.hint, self._for_support()
        return " ".join(part for part in parts if part)

    def __reduce__(self) -> tuple[object, ...]:
        # Airflow carries exceptions between processes; the default loses keyword arguments.
        return (type(self), (self.message,), self.__dict__)

    def facts(self) -> ErrorFacts:
        """Return what is known of the call and its answer, as arguments for another error about them."""
        known = {name: value for name, value in vars(self).items() if name in ErrorFacts.__annotations__}
        return cast("ErrorFacts", known)

    def note_request(self, request: str) -> None:
        """
        Note what was sent, and that it has failed now.

        :param request: without secrets.
        """
        self.request = request
        self.at = datetime.now(UTC).isoformat(timespec="seconds")

    def mark_sent(self, sent: bool) -> Self:
        """
        Set whether the request may have reached Phrase, and return the error.

        :param sent: False only where it certainly did not.
        """
        self.sent = sent
        return self

    def brief(self) -> str:
        """Return the text without what Phrase's support asks for, for a line among many."""
        return " ".join(part for part in (self._headline(), self._facts(), self.hint) if part)

    def _headline(self) -> str:
        return self.message if self.message.endswith((".", "!", "?")) else f"{self.message}."

    def _facts(self, left_out: Collection[str] = ()) -> str:
        facts = {
            "status": self.status,
            "errorCode": self.error_code,
            "description": self.description,
            "endpoint": self.endpoint,
            "action id": self.action_id,
            "retry after": f"{self.retry_after:.0f} s" if self.retry_after is not None else None,
        }
        facts_text = _listed({name: value for name, value in facts.items() if name not in left_out})
        return f"[{facts_text}]" if facts_text else ""

    def _for_support(self) -> str:
        # Guide "TMS API technology", section "Reporting Problems".
        if self.at is None:
            return ""
        answer = " ".join(str(part) for part in (self.status, self.error_code, self.description) if part)
        facts = {
            "endpoint": self.endpoint,
            "request": self.request,
            "time": self.at,
            "answer": answer or "none",
            "Phrase-Action-ID": self.action_id or "none",
        }
        return f"For a report to Phrase: {_listed(facts)}."


def _listed(facts: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in facts.items() if value is not None)


class PhraseInputError(PhraseError, ValueError):
    """The caller's input was refused before anything was sent."""


class PhraseConnectionError(PhraseInputError):
    """The Airflow connection is missing, of another type or badly filled in."""


class PhrasePlanLimitError(PhraseInputError):
    """The plan exceeds the limit on files or on words times languages."""


class PhraseTransportError(PhraseError):
    """No answer came: refused, unknown host, reset or timed out."""

    can_pass = True
    is_fault = True


class PhraseTlsError(PhraseTransportError):
    """The TLS handshake failed: certificate, host name or client certificate."""

    can_pass = False


class PhraseGatewayError(PhraseTransportError):
    """
    An answer came, but not from Phrase: a proxy, a gateway or a login page gave it, whatever its status.

    It says nothing of what was asked for: not that it is missing, refused or deleted. ``status`` is that of
    the answer, ``description`` tells its body, cut and escaped.
    """


class PhraseOutcomeUnknownError(PhraseTransportError):
    """A request that must not be repeated got no clear answer: it may have taken effect."""


class PhraseApiError(PhraseError):
    """Phrase answered with an error."""


class PhraseAuthenticationError(PhraseApiError):
    """401, or the token exchange was refused."""


class PhrasePermissionError(PhraseApiError):
    """403: the user of the token lacks a right."""


class PhraseNotFoundError(PhraseApiError):
    """404 or 410 in Phrase's own words: no such thing, or no longer."""


class PhraseValidationError(PhraseApiError):
    """400 and other 4xx: Phrase refused the content of the request."""


class PhraseJobNotReadyError(PhraseValidationError):
    """400 ``JOB_NOT_READY``: the job is still being imported."""

    can_pass = True


class PhraseRateLimitError(PhraseApiError):
    """429: too many requests per minute, or too many at once."""

    can_pass = True
    is_fault = True


class PhrasePendingLimitError(PhraseApiError):
    """Refused: as many async requests are pending as the organization may have."""

    can_pass = True


class PhraseServerError(PhraseApiError):
    """5xx, or an answer that is not what the endpoint documents."""

    can_pass = True
    is_fault = True


class PhraseWorkError(PhraseError):
    """The call succeeded, but the work that it started did not."""


class PhraseUnsupportedFileError(PhraseWorkError):
    """Phrase accepted the upload but cannot import this file type (``unsupportedFiles``)."""


class PhraseImportError(PhraseWorkError):
    """A job's import ended with ``importStatus`` ``ERROR``."""


class PhraseAsyncRequestError(PhraseWorkError):
    """An async request ended with an ``errorCode``."""

    can_pass = True


class PhraseJobStatusError(PhraseWorkError):
    """A job ended in a status that can no longer become the awaited one."""


class PhraseSourceChangedError(PhraseWorkError):
    """The source file differs from the one that was already uploaded for this batch."""


class PhraseDuplicateSourceError(PhraseWorkError):
    """The project has the file, with the same content, under another folder: it would be charged again."""


class PhraseUploadsFailedError(PhraseWorkError):
    """Some files of a task failed, each for its own reason; the others are in Phrase."""


class PhraseSourceUnstableError(PhraseSourceChangedError):
    """The source file changed while it was checked or uploaded; the next try takes it as it is then."""

    can_pass = True


class PhraseDownloadError(PhraseWorkError):
    """A target file did not arrive whole; its download id is used up."""

    can_pass = True


class PhraseTargetNotWrittenError(PhraseWorkError):
    """A target file arrived, and its place could not take it."""

    can_pass = True


class PhraseFileTooLargeError(PhraseWorkError):
    """A file in Phrase is larger than the connection allows to download."""


class PhraseNotDeliveredError(PhraseWorkError):
    """A run ended with target files that are not delivered."""


class PhraseLedgerError(PhraseError):
    """What a task noted in an earlier try cannot be followed: see the message for what became of it."""


class PhraseManifestLockedError(PhraseError):
    """Another compaction of the manifest is at work, or this one took too long."""

    can_pass = True


class PhraseKilledError(PhraseError):
    """Airflow told the task to end; what it had done is kept."""

    can_pass = True


class PhraseTimeoutError(PhraseError, TimeoutError):
    """A deadline passed; the message names what was still open."""

    can_pass = True
