"""Exports of many targets: started while there is room, awaited together, written as they end."""

from __future__ import annotations

import random
import time
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.api.tms.async_requests import require_success
from phrase_provider.exceptions import (
    PhraseDownloadError,
    PhraseError,
    PhraseJobNotReadyError,
    PhraseTargetNotWrittenError,
    PhraseTimeoutError,
)
from phrase_provider.files.targets import check_target, write_target
from phrase_provider.services.tms.async_starts import HOLD_OFF, MAX_TURN_WAIT, try_start
from phrase_provider.services.tms.lane.faults import FaultCount, outcome_of
from phrase_provider.services.tms.lane.targets import State
from phrase_provider.services.tms.parallel import each_in_parallel
from phrase_provider.text import printable
from phrase_provider.waiting.blocking_wait import BlockingWait, wait_for
from phrase_provider.waiting.tms.async_batches import AnyRequestFinished
from phrase_provider.waiting.tms.async_slots import AsyncSlotFree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.files.targets import WrittenFile
    from phrase_provider.services.tms.lane.targets import Target
    from phrase_provider.waiting.conditions import Condition, Logger
    from phrase_provider.waiting.tms.async_requests import Outcome

#: Seconds that an export takes at most.
MAX_EXPORT = 3600.0
#: Exports at the same time at most: 200 async requests may be pending in an organization.
MOST_RUNNING = 180
#: Exports at the same time where Phrase does not tell how many are pending.
BLIND = 20
#: Seconds between looks at the exports at least.
MIN_GAP = 2.0
#: Starts, and downloads, at the same time: files share the memory and the disk of the worker.
_STARTS, _DOWNLOADS = 8, 4


class _Running(NamedTuple):
    target: Target
    started: float


class TargetExports:
    """
    Exports targets and writes their files.

    One look at Phrase's count decides how many exports are started at a time; all that run are awaited with
    one list. A download that breaks off starts another export of that target.

    :param client: of the connection.
    :param log: gets a warning for each target that failed.
    :param attempts: exports of one target at most.
    :param max_interval: longest time between looks at the exports, in seconds.
    """

    def __init__(self, client: TmsClient, log: Logger, *, attempts: int, max_interval: float | None) -> None:
        self._client = client
        self._log = log
        self._attempts = attempts
        self._max_interval = max_interval
        self._faults = FaultCount()
        self._condition = AnyRequestFinished()
        self._waiting: deque[Target] = deque()
        self._running: dict[str, _Running] = {}
        self._next_look = self._turn_until = 0.0

    def write_each(self, targets: Iterable[Target]) -> Iterator[list[Target]]:
        """
        Yield targets as soon as their files are in their places, some at a time.

        Those that fail are not yielded; their state and error tell why. Source: ``GET
        /api2/v1/async/status``, ``PUT …/targetFile``, ``GET /api2/v1/async``, ``GET
        /api2/v1/async/{asyncRequestId}`` and ``GET …/downloadTargetFile/{asyncRequestId}``.

        :param targets: that are ready.
        :raises PhraseError: a failure that the other targets would meet as well.
        """
        self._waiting = deque(target for target in targets if self._is_writable(target))
        self._running = {}
        while self._waiting or self._running:
            self._start()
            if not self._running:
                self._wait_for_room()
                continue
            if written := self._write(self._wait()):
                yield written

    def _is_writable(self, target: Target) -> bool:
        """Check a target before its export costs anything."""
        checked = outcome_of(partial(check_target, target.target_path))
        if isinstance(checked, PhraseError):
            self._fail(target, checked)
        return checked is None

    def _start(self) -> None:
        """Start as many exports as Phrase has room for, by one look."""
        if not self._waiting:
            return
        room = self._client.slots.room()
        running = len(self._running)
        # Where Phrase does not tell, few are tried; where it has no limit, the usual one is kept.
        free = max(0, BLIND - running) if room is None else min(room, MOST_RUNNING - running)
        chosen = [self._waiting.popleft() for _ in range(int(min(free, len(self._waiting))))]
        for target, started in each_in_parallel(self._start_one, chosen, max_parallel=_STARTS):
            self._faults.record(started)
            if started is None:
                self._waiting.append(target)
            elif isinstance(started, PhraseJobNotReadyError):
                target.state = State.ON_HOLD
            elif isinstance(started, PhraseError):
                self._fail(target, started)
            else:
                self._turn_until = 0.0
                target.attempts += 1
                self._running[started] = _Running(target, time.monotonic())

    def _start_one(self, target: Target) -> str | PhraseError | None:
        start = partial(self._client.exports.start, target.project_uid, target.job_uid)
        return outcome_of(partial(try_start, self._client, start, has_slot=True))

    def _wait_for_room(self) -> None:
        """
        Wait until Phrase has room for an export, where none was started.

        :raises PhraseTimeoutError: there was none for too long.
        """
        if not self._waiting:
            return
        self._turn_until = self._turn_until or time.time() + MAX_TURN_WAIT
        time.sleep(max(0.0, min(random.uniform(*HOLD_OFF), self._turn_until - time.time())))
        self._wait_until(AsyncSlotFree(), self._turn_until)

    def _wait(self) -> list[tuple[str, Target]]:
        """Wait until any export has ended; return those that ended well, by their ids."""
        self._condition.wait_for(self._running)
        first = min(running.started for running in self._running.values())
        # Some end all the time: each look shall show several.
        time.sleep(max(0.0, self._next_look - time.monotonic()))
        try:
            self._wait_until(self._condition, time.time() + first + MAX_EXPORT - time.monotonic())
        except PhraseTimeoutError as error:
            self._give_up_late(error)
        self._next_look = time.monotonic() + min(MIN_GAP, self._max_interval or MIN_GAP)
        ended = [(each, self._running.pop(each).target, told) for each, told in self._condition.ended.items()]
        return [(each, target) for each, target, told in ended if self._ended_well(target, told)]

    def _wait_until(self, condition: Condition, deadline: float) -> None:
        limits = {"max_interval": self._max_interval, "deadline": deadline}
        wait_for(BlockingWait(condition, self._client, self._log, **limits))

    def _give_up_late(self, error: PhraseTimeoutError) -> None:
        late = time.monotonic() - MAX_EXPORT
        for each, running in list(self._running.items()):
            if running.started <= late + 1:
                self._fail(self._running.pop(each).target, error)

    def _ended_well(self, target: Target, told: Outcome) -> bool:
        failure = told if isinstance(told, PhraseError) else outcome_of(partial(require_success, told))
        if failure is not None:
            self._fail(target, failure)
        return failure is None

    def _write(self, ended: Sequence[tuple[str, Target]]) -> list[Target]:
        """Download what has ended; return the targets whose files are in their places."""
        written = []
        for (_, target), file in each_in_parallel(self._write_one, ended, max_parallel=_DOWNLOADS):
            self._faults.record(file)
            if isinstance(file, PhraseDownloadError) and target.attempts < self._attempts:
                self._log.warning("Exporting %s again. %s", _name(target), file.brief())
                self._waiting.append(target)
            elif isinstance(file, PhraseError):
                self._fail(target, file)
            else:
                target.target_path, target.written_sha256 = file.path, file.sha256
                written.append(target)
        return written

    def _write_one(self, ended: tuple[str, Target]) -> WrittenFile | PhraseError:
        async_request_id, target = ended
        return outcome_of(partial(self._download, async_request_id, target))

    def _download(self, async_request_id: str, target: Target) -> WrittenFile:
        with self._client.exports.download(target.project_uid, target.job_uid, async_request_id) as download:
            try:
                return write_target(target.target_path, download.chunks, expected_size=download.size)
            except PhraseError:
                raise
            except OSError as error:
                raise PhraseTargetNotWrittenError(
                    f"{printable(target.target_path)} could not be written: {error}",
                    hint="Let the user that runs the task write there, and look at the free space.",
                ) from error

    def _fail(self, target: Target, error: PhraseError) -> None:
        target.state, target.error, target.can_pass = State.FAILED, error.brief(), error.can_pass
        self._log.warning("%s failed. %s", _name(target), error.brief())


def _name(target: Target) -> str:
    return f"{printable(target.key.source)} ({target.key.target_lang})"
