"""What reads for many waits at once: the interface of a kind of polling."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from phrase_provider.exceptions import PhraseAuthenticationError, PhraseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.waiting.tms.conditions import Condition

T = TypeVar("T")


class Ask(Protocol):
    """Makes one call: see :meth:`phrase_provider.waiting.hub.line.Line.ask`."""

    async def __call__(self, call: Callable[[Any], T], /) -> T: ...


class Reader(ABC):
    """Reads what a group of waits wants, with the cheapest documented calls; keeps what helps to choose."""

    @abstractmethod
    async def read(self, ask: Ask, conditions: Sequence[Any]) -> Sequence[Any]:
        """
        Read the state of everything that is waited for: all of it each time, so that nobody misses a change.

        :param ask: for each request.
        :param conditions: all of the kind; may be equal to each other.
        :return: for each of them, in their order, what its ``judge`` wants, or the :class:`PhraseError` that
            concerns it alone.
        :raises PhraseError: it concerns all of them.
        """


class OneByOne(Reader):
    """Reads each thing with the call of its condition, equal ones once."""

    async def read(self, ask: Ask, conditions: Sequence[Condition]) -> Sequence[Any]:
        distinct = {repr(condition): condition for condition in conditions}
        outcomes = await asyncio.gather(*(outcome(ask, each.read) for each in distinct.values()))
        found = dict(zip(distinct, outcomes, strict=True))
        return [found[repr(condition)] for condition in conditions]


async def outcome(ask: Ask, call: Callable[[Any], T]) -> T | PhraseError:
    """
    Make a call that concerns one thing alone.

    :return: its answer, or its error.
    :raises PhraseAuthenticationError: that concerns everybody.
    """
    try:
        return await ask(call)
    except PhraseAuthenticationError:
        raise
    except PhraseError as error:
        return error
