"""People who cancel, reject and complete jobs while a run goes on."""

from __future__ import annotations

import threading
import time
from itertools import islice
from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_status import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from benchmarks.continuous.site import Site

#: Seconds between two looks, and after which people give up.
_LOOK, _LONGEST = 2, 3000


class People:
    """
    Cancels and rejects some of the first jobs; completes the rejected ones when nothing else is open.

    A context manager that works in a thread of its own. Afterwards `late` is how many others were not
    delivered when the rejected ones were completed, and `cancelled` has the uids of the cancelled jobs.

    :param site: whose Phrase they work in.
    :param targets: jobs that there will be, in one project without workflow steps.
    :param cancel: how many are cancelled.
    :param reject: how many are rejected.
    """

    def __init__(self, site: Site, targets: int, cancel: int, reject: int) -> None:
        self._site = site
        self._targets, self._cancel, self._reject = targets, cancel, reject
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self.cancelled: list[str] = []
        self.late = targets

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        if not self._wait(lambda: self._count(JobStatus.ACCEPTED) >= self._cancel + self._reject):
            return
        project, accepted = self._site.project_uid(), [JobStatus.ACCEPTED]
        listed = self._site.client.jobs.list(project, levels=[1], statuses=accepted)
        uids = [part["uid"] for part in islice(listed, self._cancel + self._reject)]
        self.cancelled, rejected = uids[: self._cancel], uids[self._cancel :][: self._reject]
        self._site.set_status(self.cancelled, JobStatus.CANCELLED)
        self._site.set_status(rejected, JobStatus.REJECTED)
        others = self._targets - self._cancel - self._reject
        self._wait(lambda: self._count(JobStatus.DELIVERED) >= others)
        self.late = others - self._count(JobStatus.DELIVERED)
        self._site.set_status(rejected, JobStatus.COMPLETED)

    def _wait(self, seen: Callable[[], bool]) -> bool:
        give_up = time.monotonic() + _LONGEST
        while not self._over.wait(_LOOK) and time.monotonic() < give_up:
            if seen():
                return True
        return False

    def _count(self, *statuses: JobStatus) -> int:
        project = self._site.project_uid()
        return self._site.client.jobs.count(project, 1, statuses) if project else 0
