"""Which waits are polled together, and how."""

from __future__ import annotations

from functools import partial, singledispatch
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.waiting.hub.reader import OneByOne
from phrase_provider.waiting.tms.async_request_reader import PendingRequests
from phrase_provider.waiting.tms.conditions import (
    AnalysisFinished,
    AsyncRequestFinished,
    AsyncSlotFree,
    JobsImported,
    JobsReachedStatus,
)
from phrase_provider.waiting.tms.job_reader import ProjectJobs
from phrase_provider.waiting.tms.slot_reader import FreeSlots

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.waiting.hub.reader import Reader
    from phrase_provider.waiting.tms.conditions import Condition


class Kind(NamedTuple):
    """
    Waits that are polled together.

    :param name: for the log; the same for all that share a poll.
    :param reader: makes their reader.
    """

    name: str
    reader: Callable[[], Reader]


@singledispatch
def kind_of(condition: Condition) -> Kind:
    """
    Tell how a condition is polled.

    :param condition: of a class without a kind of its own: each one is read alone.
    """
    return Kind(f"{type(condition).__name__}, one by one", OneByOne)


@kind_of.register
def _(_: AnalysisFinished) -> Kind:
    # Phrase lists the analyses of a project, but an analysis does not tell its project.
    return Kind("analyses", OneByOne)


@kind_of.register
def _(condition: AsyncRequestFinished) -> Kind:
    return Kind("async requests", PendingRequests)


@kind_of.register
def _(condition: AsyncSlotFree) -> Kind:
    return Kind("free slots for async requests", FreeSlots)


@kind_of.register
def _(condition: JobsImported) -> Kind:
    return Kind(f"imports of project {condition.project_uid}", partial(ProjectJobs, condition.project_uid))


@kind_of.register
def _(condition: JobsReachedStatus) -> Kind:
    reader = partial(ProjectJobs, condition.project_uid, for_status=True)
    return Kind(f"job statuses of project {condition.project_uid}", reader)
