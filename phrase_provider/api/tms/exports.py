"""The resource of exports: target files, made by an async request and downloaded once."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call
from phrase_provider.api.tms.jobs import ORIGINAL
from phrase_provider.exceptions import (
    PhraseDownloadError,
    PhraseError,
    PhraseNotFoundError,
    PhraseServerError,
    PhraseTransportError,
    PhraseValidationError,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.api.bodies import FileBody
    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import AsyncRequestWrapperV2DtoV2

#: Another start makes another file and leaves the former alone.
#: The specification infers its status, no document tells it.
START = Endpoint("PUT", "/api2/v3/projects/{project_uid}/jobs/{job_uid}/targetFile")
#: A GET, but the id is used up as soon as a download begins.
DOWNLOAD = Endpoint(
    "GET",
    "/api2/v2/projects/{project_uid}/jobs/{job_uid}/downloadTargetFile/{async_request_id}",
    Repeat.START_OVER,
    success=200,
)

#: Phrase leaves open how it refuses an id that is used up, has expired, or has no file yet.
_NO_FILE = (PhraseNotFoundError, PhraseValidationError, PhraseTransportError, PhraseServerError)


@dataclass(frozen=True, slots=True)
class Download:
    """
    A target file on its way.

    :param chunks: bytes, in order; reading them may raise :class:`PhraseDownloadError`.
    :param size: bytes announced, or None.
    """

    chunks: Iterator[bytes]
    size: int | None


class Exports:
    """
    Exports of job parts.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def start(self, project_uid: str, job_uid: str, *, callback_url: str | None = None) -> str:
        """
        Start the export of a job part's target file, and return its async request.

        Source: ``PUT /api2/v3/projects/{projectUid}/jobs/{jobUid}/targetFile``.

        :param project_uid: uid.
        :param job_uid: uid of the part; the highest workflow level has the final text.
        :param callback_url: told when it ends.
        :return: id of the async request to wait for.
        :raises PhraseJobNotReadyError: the job is still being imported.
        """
        ids = {"project_uid": project_uid, "job_uid": job_uid}
        body = {"callbackUrl": callback_url} if callback_url else {}
        started: AsyncRequestWrapperV2DtoV2 = self._session.json(
            Call(START, ids, body=body, expect=("asyncRequest",))
        )
        return str(started["asyncRequest"]["id"])

    @contextmanager
    def download(self, project_uid: str, job_uid: str, async_request_id: str) -> Iterator[Download]:
        """
        Open the target file of a finished export for reading. The id works once.

        It is Phrase's file when the answer is a 200 that names it, and its bytes are whole. An empty one is
        believed when the job's source, which is asked for then, is empty too.

        Source: ``GET …/downloadTargetFile/{asyncRequestId}``; ``GET …/jobs/{jobUid}/original``.

        :param project_uid: uid.
        :param job_uid: uid of the part.
        :param async_request_id: what :meth:`start` gave.
        :raises PhraseDownloadError: it is not the file, broke off, or the id is used up; a new export is
            needed.
        :raises PhraseFileTooLargeError: it is larger than the connection allows.
        """
        ids = {"project_uid": project_uid, "job_uid": job_uid, "async_request_id": async_request_id}
        with ExitStack() as stack:
            try:
                body = stack.enter_context(self._session.stream(Call(DOWNLOAD, ids)))
            except _NO_FILE as error:
                raise _lost(error.message, error) from error
            chunks = _chunks(body)
            first = next(chunks, b"")
            if not first:
                self._require_empty_source(project_uid, job_uid)
            yield Download(chain([first], chunks), body.size)

    def _require_empty_source(self, project_uid: str, job_uid: str) -> None:
        call = Call(ORIGINAL, {"project_uid": project_uid, "job_uid": job_uid})
        try:
            with self._session.stream(call) as original:
                empty = not any(original.iter_chunks())
        except PhraseError as error:
            raise _lost(f"it is empty, and its source could not be read. {error.message}") from error
        if not empty:
            raise _lost("it is empty, and its source is not")


def _chunks(body: FileBody) -> Iterator[bytes]:
    try:
        # A piece may be empty where the file is not: a coding begins with a header.
        yield from filter(None, body.iter_chunks())
    except PhraseTransportError as error:
        raise _lost(f"it broke off. {error.message}") from error


def _lost(reason: str, cause: PhraseError | None = None) -> PhraseDownloadError:
    known = cause.facts() if cause else {}
    return PhraseDownloadError(
        f"The target file could not be downloaded: {reason}",
        hint="The download id is used up: start the export again.",
        **known | {"endpoint": str(DOWNLOAD), "retry_after": None},
    )
