"""What reads Phrase for many waits at once, and the key by which waits share a reader."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, TypeVar

from phrase_provider.exceptions import PhraseAuthenticationError, PhraseError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
#: One call of a client, of whichever product.
Call: TypeAlias = "Callable[[Any], T]"


class Ask(Protocol):
    """Makes one call of a client: ``RequestExecutor.ask`` of the poll hub."""

    async def __call__(self, call: Call[T], /) -> T: ...


class Reader(ABC):
    """Reads what a group of waits wants, with the cheapest documented calls; keeps what helps to choose."""

    @abstractmethod
    async def read(self, ask: Ask, conditions: Sequence[Any]) -> Sequence[object]:
        """
        Return the state of everything that is waited for: all of it at each poll, lest a change is missed.

        :param ask: for each request.
        :param conditions: all of one poll key; may be equal to each other.
        :return: for each of them, in their order, what its ``evaluate`` wants, or the :class:`PhraseError`
            that concerns it alone.
        :raises PhraseError: it concerns all of them.
        """


class Readable(Protocol):
    """What :class:`OneByOne` needs of a condition."""

    def read(self, client: Any) -> object: ...


class OneByOne(Reader):
    """Reads each thing with the call of its condition, equal ones once."""

    async def read(self, ask: Ask, conditions: Sequence[Readable]) -> Sequence[object]:
        distinct = {repr(condition): condition for condition in conditions}
        outcomes = await asyncio.gather(*(outcome(ask, each.read) for each in distinct.values()))
        found = dict(zip(distinct, outcomes, strict=True))
        return [found[repr(condition)] for condition in conditions]


class PollKey(NamedTuple):
    """
    Which waits are polled together, and by what.

    :param name: for the log; the same for all that share a poll.
    :param make_reader: makes their reader, once for the group.
    """

    name: str
    make_reader: Callable[[], Reader]


async def outcome(ask: Ask, call: Call[T]) -> T | PhraseError:
    """
    Return the answer to a call that concerns one thing alone, or its error.

    :param ask: makes the call.
    :param call: gets the client.
    :raises PhraseAuthenticationError: that concerns everybody.
    """
    try:
        return await ask(call)
    except PhraseAuthenticationError:
        raise
    except PhraseError as error:
        return error
