"""How many async requests are pending: Phrase's last count, and what this host started since."""

from __future__ import annotations

import json
import logging
import math
import random
import threading
import time
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from typing import IO, TYPE_CHECKING

from phrase_provider.api.private_files import derive, open_private, shared_directory, try_lock

if TYPE_CHECKING:
    from collections.abc import Iterator

log = logging.getLogger(__name__)

#: Part of the limit that starts may fill; the rest is left to people and other programs.
SHARE = 0.9
#: Starts within :data:`LATELY` for which Phrase's count is not asked.
FEW = 20
#: Seconds.
LATELY = 60.0
#: Seconds for which a count of Phrase is good.
FRESH = 2.0
#: Seconds to wait for the file while another process has it.
PATIENCE = 5.0
#: Seconds after which somebody else asks in place of one who never came back with the count.
OVERDUE = 10.0


@dataclass(slots=True)
class SlotCount:
    """
    What is known; times are epoch seconds.

    :param starts: times of the starts of the last minute, also of those about to happen.
    :param counted_at: when Phrase was last asked; 0: never.
    :param count: what it said was pending; None: it did not say.
    :param limit: how many may be pending; None: no limit, or it did not say.
    :param asked_at: when somebody went to ask who has not come back.
    :param closed_until: until when nobody starts, after a refusal.
    :param busy_until: until when even few starts ask for the count.
    """

    starts: list[float] = field(default_factory=list)
    counted_at: float = 0.0
    count: int | None = None
    limit: int | None = None
    asked_at: float = 0.0
    closed_until: float = 0.0
    busy_until: float = 0.0

    def is_closed(self, now: float) -> bool:
        """Whether a refusal is so recent that nobody should try."""
        return now < self.closed_until

    def quiet_room(self, now: float) -> int:
        """How many may start without a look at Phrase's count: few do no harm."""
        self.starts = [start for start in self.starts if start > now - LATELY]
        return 0 if now < self.busy_until else max(0, FEW - len(self.starts))

    def claim_recount(self, now: float) -> bool:
        """Whether the caller shall ask Phrase for the count; the others make do with the last one."""
        if now - self.counted_at <= FRESH or (self.counted_at and now - self.asked_at <= OVERDUE):
            return False
        self.asked_at = now
        return True

    def recount(self, asked: float, count: int | None, limit: int | None) -> None:
        """Take over what Phrase said when it was asked."""
        self.counted_at, self.asked_at = asked, 0.0
        self.count, self.limit = count, limit

    def room(self) -> float:
        """How many may start and stay below the limit."""
        if self.limit is None or self.count is None:
            return math.inf
        # Whether a start just before the count is in it is not known; it counts twice then, not never.
        since = sum(start >= self.counted_at - 1 for start in self.starts)
        return max(0, math.ceil(self.limit * SHARE) - self.count - since)

    def take(self, number: int, at: float) -> int:
        """Note so many starts, and give the number."""
        self.starts += [at] * number
        return number

    def begin(self, now: float) -> None:
        """Note that one of the starts that were about to happen happens."""
        if expected := [start for start in self.starts if start > now]:
            self.starts.remove(min(expected))
            self.starts.append(now)

    def close(self, now: float, seconds: float) -> None:
        """Note a refusal: no starts for so many seconds, and then only by Phrase's count."""
        self.closed_until, self.busy_until = now + seconds, now + LATELY
        self.counted_at = self.asked_at = 0.0


class SharedCount:
    """
    One count for the processes of this host, in a file of this user; for this process alone if there is none.

    :param organization: what its users have in common; only a hash of it is written.
    """

    def __init__(self, organization: str) -> None:
        name = derive(organization.encode(), b"slot count").hex()[:32]
        self._path = shared_directory() / f"{name}.slots"
        self._key = str(self._path)

    @contextmanager
    def count(self) -> Iterator[SlotCount]:
        """Give the count, locked, and keep what becomes of it. Nothing slow may happen meanwhile."""
        with ExitStack() as stack:
            try:
                file = stack.enter_context(open_private(self._path))
                _lock(file)
            except OSError as error:
                log.debug("Async requests are counted for this process alone: %s", error)
                with _own_lock:
                    yield _own.setdefault(self._key, SlotCount())
                return
            count = _read(file)
            yield count
            _write(file, count)


_own_lock = threading.Lock()
_own: dict[str, SlotCount] = {}
"""Counts of this process, where no file can be shared."""


def _lock(file: IO[bytes]) -> None:
    """Wait for the others, who need a moment; a process that is frozen meanwhile holds up nobody."""
    give_up = time.monotonic() + PATIENCE
    while not try_lock(file):
        if time.monotonic() > give_up:
            raise TimeoutError("the file stays locked")
        time.sleep(random.uniform(0.001, 0.01))


def _read(file: IO[bytes]) -> SlotCount:
    try:
        return SlotCount(**json.loads(file.read() or b"{}"))
    except (ValueError, TypeError):
        # Another version of this package wrote it, or a full disk cut it off.
        return SlotCount()


def _write(file: IO[bytes], count: SlotCount) -> None:
    file.seek(0)
    file.truncate()
    file.write(json.dumps(asdict(count)).encode())
    file.flush()
