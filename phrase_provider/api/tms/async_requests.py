"""The resource of async requests: work that Phrase does after it has answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.fields import optional_record, optional_text, record, whole_number
from phrase_provider.api.session import Call
from phrase_provider.api.tms.pages import read_page
from phrase_provider.exceptions import PhraseAsyncRequestError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import AsyncRequestDtoV1, AsyncResponseDtoV1, ConcurrentRequestsDtoV1
    from phrase_provider.api.tms.pages import Page

GET = Endpoint("GET", "/api2/v1/async/{async_request_id}", success=200)
PENDING = Endpoint("GET", "/api2/v1/async", success=200)
STATUS = Endpoint("GET", "/api2/v1/async/status", success=200)


def is_finished(request: AsyncRequestDtoV1) -> bool:
    """
    Return whether an async request has ended, well or not.

    :param request: as :meth:`AsyncRequests.get` gives it; it has no status, only an ``asyncResponse``.
    """
    return request.get("asyncResponse") is not None


def require_success(request: AsyncRequestDtoV1) -> None:
    """
    Raise an error for a finished async request that has failed.

    :param request: as :meth:`AsyncRequests.get` gives it; keys of its response may be null.
    :raises PhraseAsyncRequestError: it ended with an error.
    """
    response = request.get("asyncResponse") or {}
    code, text = response.get("errorCode"), response.get("errorDesc")
    if code or text:
        raise PhraseAsyncRequestError(
            f"Async request {request.get('id')} ({request.get('action')}) failed",
            hint="For an export the usual cause is a tag error in the target: run QA on the job in Phrase, "
            "correct it, then export again.",
            error_code=code,
            description=text,
        )


def facts_of(request: object) -> AsyncRequestDtoV1:
    """
    Return the facts of an async request that a wait evaluates: ``{id, action, asyncResponse}``.

    :param request: as Phrase shows it, alone or in a list.
    :raises PhraseServerError: a field is missing or malformed; it is named.
    """
    item = record(request, "an async request")
    number = whole_number(item.get("id"), "id of an async request")
    owner = f"async request {number}"
    return {
        "id": str(number),
        "action": optional_text(item, "action", owner),
        "asyncResponse": cast("AsyncResponseDtoV1 | None", optional_record(item, "asyncResponse", owner)),
    }


class AsyncRequests:
    """
    Async requests of an organization.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def get(self, async_request_id: str) -> AsyncRequestDtoV1:
        """
        Return an async request; it has ended when its ``asyncResponse`` is not null.

        Source: ``GET /api2/v1/async/{asyncRequestId}``.

        :param async_request_id: digits.
        :raises PhraseNotFoundError: there is no such request.
        """
        request: AsyncRequestDtoV1 = self._session.json(
            Call(GET, {"async_request_id": async_request_id}, expect=("id",))
        )
        return request

    def get_pending_page(self, number: int) -> Page[AsyncRequestDtoV1]:
        """
        Return one page of the caller's own that have not finished: at most 200 in an organization.

        Source: ``GET /api2/v1/async``.

        :param number: from 0.
        """
        return read_page(self._session, PENDING, number)

    def get_pending_count(self) -> ConcurrentRequestsDtoV1:
        """
        Return how many async requests of the organization are pending, and how many may be.

        Source: ``GET /api2/v1/async/status``.

        :raises PhraseServerError: the answer cannot be read.
        """
        status = self._session.json(Call(STATUS, expect=("concurrentRequests",)))
        owner = "concurrentRequests"
        told = record(status["concurrentRequests"], owner)
        return {
            "count": _optional_number(told, "count", owner),
            "limit": _optional_number(told, "limit", owner),
        }


def _optional_number(item: Mapping[str, object], name: str, owner: str) -> int | None:
    return None if item.get(name) is None else whole_number(item[name], f"{name} of {owner}")
