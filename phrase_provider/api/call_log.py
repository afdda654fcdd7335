"""One log line for each call: short for people, with the fields of Phrase's plugin guide behind it."""

from __future__ import annotations

import logging
import os
import re
import socket
import time
import uuid
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import structlog

from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from phrase_provider.api.endpoint import Endpoint

#: Names in a path template, and the guide's names for them.
_ID_FIELDS = {"project_uid": "projectUid", "job_uid": "jobUid", "async_request_id": "asyncRequestId"}
#: What a reader of a path can do without: the version, and the project of what lies in one.
_COMMON = re.compile(r"^/api2/v\d+(/projects/\{project_uid\}(?=/))?")


def plugin_instance_id() -> str:
    """Return what tells this process from all others that use the same connection: ``host:process id``."""
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
    The log of calls, one line each: section "Logging field specification" of the workflow guide.

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
            took = round((time.perf_counter() - started) * 1000)
            _write(_told(endpoint, ids, line, took), self._fields(endpoint, ids, line, took))

    def _fields(
        self, endpoint: Endpoint, ids: Mapping[str, str], line: LogLine, took: int
    ) -> dict[str, object]:
        told = {guide: ids.get(name) for name, guide in _ID_FIELDS.items()} | {"actionId": line.action_id}
        return {
            "method": endpoint.method,
            "endpoint": endpoint.path,
            "statusCode": line.status_code,
            "durationMs": took,
            **{name: value for name, value in told.items() if value is not None},
            "requestId": line.request_id,
            "correlationId": self.correlation_id,
            "pluginInstanceId": plugin_instance_id(),
        }


def _told(endpoint: Endpoint, ids: Mapping[str, str], line: LogLine, took: int) -> str:
    """Return a request in short, such as ``GET …/jobs/AbC → 200, 17 ms``."""
    shown = {name: printable(str(value), 60) for name, value in ids.items()}
    path = _COMMON.sub("…", endpoint.path).format_map(shown)
    return f"{endpoint.method} {path} → {line.status_code or 'no answer'}, {took} ms"


def _write(event: str, fields: dict[str, object]) -> None:
    """
    Write a line with fields, to whichever logging is set up.

    Airflow sets up structlog, which puts the time, level and name to each line itself; it drops what the
    standard library calls ``extra``. Elsewhere the fields, with the guide's ``timestamp``, are just that.
    """
    # Asked each time: Airflow sets up logging anew in the process of a task.
    if structlog.is_configured():
        structlog.get_logger(__name__).info(event, **fields)
        return
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    # The text may have a percent sign in it.
    logging.getLogger(__name__).info("%s", event, extra={"timestamp": now, **fields})
