"""Async requests."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.serializers.common import project_reference, user

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import AsyncRequest
    from phrase_provider.simulator.tms.serializers.common import Json


def async_reference(request: AsyncRequest) -> Json:
    """Return ``AsyncRequestReferenceV1``, named by the answer of create job."""
    return {"id": request.id, "action": request.action, "dateCreated": rest_date(request.created)}


def async_request_v2(request: AsyncRequest) -> Json:
    """Return ``AsyncRequestV2DtoV2``: its response has no count of accepted segments."""
    return {
        **async_reference(request),
        "createdBy": user(request.created_by),
        "asyncResponse": _async_response(request),
        "parent": None,
        "project": project_reference(request.project),
    }


def async_request(request: AsyncRequest) -> Json:
    """
    Return ``AsyncRequestDtoV1``.

    Finished with an ``asyncResponse``, failed with an ``errorCode`` in it.
    """
    shape = async_request_v2(request)
    if shape["asyncResponse"] is not None:
        shape["asyncResponse"]["acceptedSegmentsCount"] = None
    return shape


def _async_response(request: AsyncRequest) -> Json | None:
    if request.finished is None:
        return None
    return {
        "dateCreated": rest_date(request.finished),
        "errorCode": request.error_code,
        "errorDesc": request.error_text,
        "errorDetails": None,
        "warnings": None,
    }
