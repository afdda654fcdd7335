"""An event loop whose time runs faster than the clock on the wall."""

from __future__ import annotations

import asyncio
import selectors
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from selectors import SelectorKey


class _Selector(selectors.DefaultSelector):
    def __init__(self, speed: float) -> None:
        super().__init__()
        self._speed = speed

    def select(self, timeout: float | None = None) -> list[tuple[SelectorKey, int]]:
        found: list[tuple[SelectorKey, int]] = super().select(timeout and timeout / self._speed)
        return found


class FastLoop(asyncio.SelectorEventLoop):
    """
    Sleeps are shorter than they say; requests take as long as ever.

    :param speed: seconds of the loop in a second.
    """

    def __init__(self, speed: float = 1) -> None:
        self._speed = speed
        super().__init__(_Selector(speed))

    def time(self) -> float:
        """Give the loop's time, in seconds."""
        return super().time() * self._speed
