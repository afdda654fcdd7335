"""Messages to the outside on their way: planned, sent, answered, repeated, remembered."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.core.ids import Identities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.simulator.core.schedule import Schedule
    from phrase_provider.simulator.webhooks.entities import Webhook
    from phrase_provider.simulator.webhooks.events import WebhookEvent

DELIVER = "deliver"
"""Kind of the scheduled event that a delivery is due."""
RETRIES = 10
_LONGEST_DELAY = 30
"""Minutes."""
_HISTORY = 14 * 24 * 3600
"""Seconds that webhook calls are remembered."""
_KEPT = 20_000
"""Deliveries that are remembered at most."""


@dataclass(eq=False)
class Delivery:
    """
    One attempt to hand a message to a receiver; what the API names a webhook call. Times are simulated.

    :param due: when it is to be sent.
    :param webhook: whom it is for; ``None`` for a callback.
    :param request_id: the async request that a callback tells of.
    :param parent: uid of the first attempt, for repetitions.
    :param retry: 0 for the first attempt.
    :param forced: asked for by hand (a replay or a test), so it is not repeated.
    :param answered: it was tried, with ``status`` (HTTP) or, when nothing came back, ``error``.
    """

    uid: str
    url: str
    body: str
    due: float
    event: WebhookEvent | None = None
    event_uid: str | None = None
    webhook: Webhook | None = None
    request_id: str | None = None
    parent: str | None = None
    retry: int = 0
    forced: bool = False
    forced_at: float | None = None
    answered: bool = False
    status: int | None = None
    error: str | None = None

    @property
    def succeeded(self) -> bool:
        """A webhook takes any 2xx; a callback is done with 200 alone."""
        if self.status is None:
            return False
        return 200 <= self.status < 300 if self.webhook else self.status == 200

    @property
    def wanted(self) -> bool:
        """Tell whether it is still to be sent when its time comes."""
        return self.forced or self.webhook is None or self.webhook.enabled


class Deliveries:
    """
    All deliveries of a state. Plain data: what was under way when a simulator stopped is sent again later.

    :param seed: decides uids; a source of its own, as deliveries come and go with the receivers.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._events = 0
        self._ids = Identities(f"{seed}/deliveries")
        self._planned: dict[str, Delivery] = {}
        self._ready: deque[Delivery] = deque()
        self._unanswered: dict[str, Delivery] = {}
        self._history: deque[Delivery] = deque()

    def __iter__(self) -> Iterator[Delivery]:
        """Give what was sent or is being sent, newest last."""
        return iter(self._history)

    def latest(self, count: int) -> list[Delivery]:
        """Return the last ``count`` that were sent or are being sent, newest first."""
        return list(islice(reversed(self._history), count))

    def uid(self) -> str:
        """Return a uid for a delivery."""
        return self._ids.uid()

    def event_uid(self, told: str) -> str:
        """
        Return a uid for an event.

        It depends on what is told: after a crash the same event has the same uid again, where it is told
        again, and another one never has that of an event that receivers know.
        """
        self._events += 1
        return Identities(f"{self._seed}/{self._events}/{told}").uid()

    def get(self, uid: str) -> Delivery | None:
        """Find one that was sent."""
        return next((delivery for delivery in self._history if delivery.uid == uid), None)

    def plan(self, schedule: Schedule, delivery: Delivery) -> None:
        """Have a delivery sent when it is due."""
        self._planned[delivery.uid] = delivery
        schedule.add(delivery.due, DELIVER, delivery.uid)

    def release(self, uid: str) -> None:
        """Let a planned delivery go out, now that it is due, unless its webhook is off."""
        delivery = self._planned.pop(uid, None)
        if delivery is None or not delivery.wanted:
            return
        self._unanswered[uid] = delivery
        self._history.append(delivery)
        self._ready.append(delivery)
        self.forget_old(delivery.due)

    def take(self) -> Iterator[Delivery]:
        """Take out what is to be sent now, in order."""
        while self._ready:
            yield self._ready.popleft()

    def resume(self) -> None:
        """Have everything sent again that was not answered, after a restart."""
        self._ready = deque(self._unanswered.values())

    def waits(self, delivery: Delivery) -> bool:
        """Tell whether a delivery was released and not answered."""
        return self._unanswered.get(delivery.uid) is delivery

    def answer(self, schedule: Schedule, delivery: Delivery, status: int | None, error: str | None) -> None:
        """
        Note what became of a delivery, and plan its repetition where it failed.

        :param status: HTTP status; ``None`` when no answer came.
        """
        del self._unanswered[delivery.uid]
        delivery.answered, delivery.status, delivery.error = True, status, error
        if not delivery.succeeded and not delivery.forced and delivery.retry < RETRIES:
            self.plan(schedule, self._repetition(delivery))

    def _repetition(self, delivery: Delivery) -> Delivery:
        """Return the next attempt: after 2, 4, 8 and 16 minutes, then every 30."""
        minutes = min(2 ** (delivery.retry + 1), _LONGEST_DELAY)
        return self._again(delivery, due=delivery.due + 60 * minutes, retry=delivery.retry + 1)

    def replay(self, schedule: Schedule, delivery: Delivery, now: float) -> None:
        """Send what was sent before once more: the same event with the same ``eventUid``."""
        delivery.forced_at = now
        self.plan(schedule, self._again(delivery, due=now, retry=0, forced=True, forced_at=None))

    def _again(self, delivery: Delivery, **changes: Any) -> Delivery:
        parent = delivery.parent or delivery.uid
        fresh: dict[str, Any] = {"answered": False, "status": None, "error": None}
        return replace(delivery, uid=self.uid(), parent=parent, **fresh, **changes)

    def forget_old(self, now: float) -> None:
        """Forget what is older than the history goes, as far as it was answered."""
        while self._history:
            oldest = self._history[0]
            if not oldest.answered or (len(self._history) <= _KEPT and oldest.due > now - _HISTORY):
                return
            self._history.popleft()
