"""An event bus: publishers do not know the subscribers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Event = TypeVar("Event")


class EventBus:
    """Calls the subscribers of an event synchronously, in the order of their subscription."""

    def __init__(self) -> None:
        self._subscribers: dict[type, list[Callable[[Any], None]]] = {}

    def subscribe(self, kind: type[Event], subscriber: Callable[[Event], None]) -> None:
        """Register ``subscriber`` for all events of a class."""
        self._subscribers.setdefault(kind, []).append(subscriber)

    def publish(self, event: object) -> None:
        """Call the subscribers of the event's class."""
        for subscriber in self._subscribers.get(type(event), ()):
            subscriber(event)
