"""Events: whoever raises one does not know who subscribed to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Event = TypeVar("Event")


class EventBus:
    """Calls the subscribers of an event, in the order in which they came, before ``publish`` returns."""

    def __init__(self) -> None:
        self._subscribers: dict[type, list[Callable[[Any], None]]] = {}

    def subscribe(self, kind: type[Event], subscriber: Callable[[Event], None]) -> None:
        """Call ``subscriber`` with every event of a class."""
        self._subscribers.setdefault(kind, []).append(subscriber)

    def publish(self, event: object) -> None:
        """Hand an event to the subscribers of its class."""
        for subscriber in self._subscribers.get(type(event), ()):
            subscriber(event)
