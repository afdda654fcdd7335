"""Deliveries of webhooks and callbacks: scheduled, sent, answered, retried, kept as history."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.core.ids import IdGenerator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.simulator.core.schedule import Schedule
    from phrase_provider.simulator.webhooks.entities import Webhook
    from phrase_provider.simulator.webhooks.events import WebhookEvent

DELIVER = "deliver"
"""Kind of the scheduled events of deliveries."""
RETRIES = 10
_LONGEST_DELAY = 30
"""Minutes."""
_HISTORY = 14 * 24 * 3600
"""Seconds for which webhook calls are kept."""
_KEPT = 20_000
"""Maximum number of deliveries that are kept."""


@dataclass(eq=False)
class Delivery:
    """
    One attempt to deliver a message; what the API calls a webhook call. Times are simulated.

    :param due: when it is to be sent.
    :param webhook: its receiver; ``None`` for a callback.
    :param request_id: the async request of a callback.
    :param parent: uid of the first attempt, for retries.
    :param retry: 0 for the first attempt.
    :param forced: requested by a user (a replay or a test), and so not retried.
    :param answered: whether it was tried, with ``status`` (HTTP) or, without an answer, ``error``.
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
        """Whether it succeeded: with any 2xx for a webhook, only with 200 for a callback."""
        if self.status is None:
            return False
        return 200 <= self.status < 300 if self.webhook else self.status == 200

    @property
    def wanted(self) -> bool:
        """Whether it is still to be sent when it is due."""
        return self.forced or self.webhook is None or self.webhook.enabled


class Deliveries:
    """
    All deliveries. Plain data: those without an answer when a simulator stopped are sent again.

    :param seed: decides uids, independently of other ids, as the number of deliveries depends on receivers.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._events = 0
        self._ids = IdGenerator(f"{seed}/deliveries")
        self._planned: dict[str, Delivery] = {}
        self._ready: deque[Delivery] = deque()
        self._unanswered: dict[str, Delivery] = {}
        self._history: deque[Delivery] = deque()

    def __iter__(self) -> Iterator[Delivery]:
        """Iterate over those that were sent or are being sent, newest last."""
        return iter(self._history)

    def latest(self, count: int) -> list[Delivery]:
        """Return the last ``count`` that were sent or are being sent, newest first."""
        return list(islice(reversed(self._history), count))

    def uid(self) -> str:
        """Return a new uid for a delivery."""
        return self._ids.uid()

    def event_uid(self, content: str) -> str:
        """
        Return a new uid for an event.

        It depends on the content: after a crash, the same event has the same uid again, if it is sent
        again, and another event never has the uid of one that receivers know.
        """
        self._events += 1
        return IdGenerator(f"{self._seed}/{self._events}/{content}").uid()

    def get(self, uid: str) -> Delivery | None:
        """Return one that was sent, or ``None``."""
        return next((delivery for delivery in self._history if delivery.uid == uid), None)

    def plan(self, schedule: Schedule, delivery: Delivery) -> None:
        """Schedule a delivery."""
        self._planned[delivery.uid] = delivery
        schedule.add(delivery.due, DELIVER, delivery.uid)

    def release(self, uid: str) -> None:
        """Queue a scheduled delivery for sending, now that it is due, unless its webhook is disabled."""
        delivery = self._planned.pop(uid, None)
        if delivery is None or not delivery.wanted:
            return
        self._unanswered[uid] = delivery
        self._history.append(delivery)
        self._ready.append(delivery)
        self.forget_old(delivery.due)

    def take(self) -> Iterator[Delivery]:
        """Remove and yield the deliveries to send now, in order."""
        while self._ready:
            yield self._ready.popleft()

    def resume(self) -> None:
        """Queue all unanswered deliveries again, after a restart."""
        self._ready = deque(self._unanswered.values())

    def is_unanswered(self, delivery: Delivery) -> bool:
        """Return whether a delivery was queued and not answered yet."""
        return self._unanswered.get(delivery.uid) is delivery

    def answer(self, schedule: Schedule, delivery: Delivery, status: int | None, error: str | None) -> None:
        """
        Record the outcome of a delivery, and schedule a retry if it failed.

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
        """Schedule a delivery again: the same event with the same ``eventUid``."""
        delivery.forced_at = now
        self.plan(schedule, self._again(delivery, due=now, retry=0, forced=True, forced_at=None))

    def _again(self, delivery: Delivery, **changes: Any) -> Delivery:
        parent = delivery.parent or delivery.uid
        fresh: dict[str, Any] = {"answered": False, "status": None, "error": None}
        return replace(delivery, uid=self.uid(), parent=parent, **fresh, **changes)

    def forget_old(self, now: float) -> None:
        """Delete answered deliveries that are older than the history."""
        while self._history:
            oldest = self._history[0]
            if not oldest.answered or (len(self._history) <= _KEPT and oldest.due > now - _HISTORY):
                return
            self._history.popleft()
