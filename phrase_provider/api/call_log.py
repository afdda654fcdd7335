"""One structured log line for each call, with the fields that Phrase's plugin guide lists."""

from __future__ import annotations

import json
import logging
import os
import socket
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from phrase_provider.api.endpoint import Endpoint

log = logging.getLogger(__name__)

#: Names in a path template, and the guide's names for them.
_ID_FIELDS = {"project_uid": "projectUid", "job_uid": "jobUid", "async_request_id": "asyncRequestId"}


def plugin_instance_id() -> str:
    """Name this process among all that use the same connection: host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(slots=True)
class LogLine:
    """
    What one request adds to its log line while it runs.

    :param status_code: HTTP status, set when an answer has come.
    :param action_id: Phrase's id of the answer.
    """

    request_id: str = field(default_factory=lambda: uuid.uuid4().hex)
    status_code: int | None = None
    action_id: str | None = None


class CallLog:
    """
    Writes a line for each call: section "Logging field specification" of the workflow guide.

    :param correlation_id: the flow that the calls belong to, such as DAG and run; it joins the lines.
    """

    def __init__(self, correlation_id: str | None = None) -> None:
        self.correlation_id = correlation_id or uuid.uuid4().hex

    @contextmanager
    def call(self, endpoint: Endpoint, ids: Mapping[str, str]) -> Iterator[LogLine]:
        """
        Time one request and log it, whatever its end.

        :param endpoint: logged as a template, so that lines can be counted by endpoint.
        :param ids: the ids in the path.
        """
        line, started = LogLine(), time.perf_counter()
        try:
            yield line
        finally:
            log.info("phrase call %s", json.dumps(self._fields(endpoint, ids, line, started)))

    def _fields(
        self, endpoint: Endpoint, ids: Mapping[str, str], line: LogLine, started: float
    ) -> dict[str, object]:
        return {
            "timestamp": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "requestId": line.request_id,
            "correlationId": self.correlation_id,
            "pluginInstanceId": plugin_instance_id(),
            "endpoint": endpoint.path,
            "method": endpoint.method,
            "statusCode": line.status_code,
            "durationMs": round((time.perf_counter() - started) * 1000),
            "actionId": line.action_id,
            **{guide: ids.get(name) for name, guide in _ID_FIELDS.items()},
        }
