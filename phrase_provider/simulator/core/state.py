"""The base state of every product: settings, clock, ids, schedule, events."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.core.clock import Clock
from phrase_provider.simulator.core.events import EventBus
from phrase_provider.simulator.core.ids import IdGenerator
from phrase_provider.simulator.core.schedule import Schedule
from phrase_provider.simulator.core.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.core.schedule import ScheduledEvent


class BaseState:
    """
    The state of a simulator without the entities of a product, which subclasses add in :meth:`reset`.

    :param seed: decides ids and durations.
    :param speed: simulated seconds per real second.
    :param defaults: settings that a reset returns to.
    """

    def __init__(self, *, seed: int = 1, speed: float = 1, defaults: Settings | None = None) -> None:
        self._seed = seed
        self._speed = speed
        self._defaults = defaults or Settings()
        self._events = EventBus()
        self._handlers: dict[str, Callable[[ScheduledEvent], None]] = {}
        self.reset()

    def reset(self) -> None:
        """Return to the initial settings, speed and ids; subscribers and handlers stay."""
        self.settings = self._defaults.model_copy()
        self.clock = Clock(self._speed)
        self.ids = IdGenerator(self._seed)
        self.schedule = Schedule()
        self.unsaved = True
        """Whether something has changed since the state was last persisted."""

    @property
    def seed(self) -> int:
        return self._seed

    @property
    def events(self) -> EventBus:
        """The event bus."""
        return self._events

    def snapshot(self) -> dict[str, Any]:
        """Return the values to persist, by name; the constructor's arguments are not among them."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def restore(self, kept: dict[str, Any]) -> None:
        """Continue from a :meth:`snapshot`; the constructor's speed and settings have precedence."""
        vars(self).update(kept)
        self.clock.set_speed(self._speed)
        self.settings = self.settings.model_copy(update=self._defaults.model_dump(exclude_unset=True))

    def on_due(self, kind: str, handler: Callable[[ScheduledEvent], None]) -> None:
        """Register the handler of a kind of scheduled events."""
        self._handlers[kind] = handler

    def run_due(self) -> None:
        """Run the handlers of all events that are due."""
        for event in self.schedule.due(self.clock.now()):
            self.unsaved = True
            self._handlers[event.kind](event)

    def duration(self, bounds: tuple[float, float], *subject: object) -> float:
        """
        Return a random duration: it depends on the seed and ``subject``, not on the order of requests.

        :param bounds: shortest and longest simulated seconds.
        :param subject: what the duration is for.
        """
        return random.Random(f"{self._seed}/{subject}").uniform(*bounds)
