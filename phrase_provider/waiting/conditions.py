"""What a wait is made of: a condition, the result of one poll of it, and how often polling is worthwhile."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from phrase_provider.waiting.readers import OneByOne, PollKey

if TYPE_CHECKING:
    from phrase_provider.exceptions import PhraseWorkError


class PollInterval(NamedTuple):
    """
    How often a kind of work is worth polling.

    :param initial: seconds between the first two polls.
    :param maximum: seconds between polls after a long time without change.
    """

    initial: float
    maximum: float


#: Imports and exports.
MACHINE_WORK = PollInterval(2, 30)
#: Translation and revision.
HUMAN_WORK = PollInterval(60, 900)


class Logger(Protocol):
    """What a logger of the standard library and one of Airflow have in common."""

    def info(self, msg: str, /, *args: object) -> object: ...

    def warning(self, msg: str, /, *args: object) -> object: ...


@dataclass(frozen=True, slots=True)
class PollResult:
    """
    What one poll showed.

    :param done: whether the condition is met, which ends the wait well.
    :param progress: one line for the log, the same as long as nothing changes.
    :param result: small and plain JSON, when done.
    :param error: why the condition can no longer be met.
    :param attention: whether a person should see the progress: work was sent back.
    :param due_dates: of what is open, as Phrase writes them; None for what has none.
    :param next_step: what a person can do, or what Phrase does next, where that is not plain.
    """

    done: bool
    progress: str
    result: dict[str, object] = field(default_factory=dict)
    error: PhraseWorkError | None = None
    attention: bool = False
    due_dates: tuple[str | None, ...] = ()
    next_step: str = ""

    def log(self, logger: Logger, outlook: str = "") -> None:
        """
        Log the progress, as a warning when work was sent back.

        :param logger: of the task.
        :param outlook: a sentence on how the wait goes on.
        """
        line = " ".join(filter(None, (sentence(self.progress), self.next_step, outlook)))
        (logger.warning if self.attention else logger.info)("%s", line)


class Condition(ABC):
    """
    Something in Phrase that a task waits for: how to read it, and how to evaluate what was read.

    A new kind of wait is a subclass in a file of its own; :meth:`poll_key` registers it with the poll hub,
    which knows no kind by name.
    """

    poll_interval: ClassVar[PollInterval]

    @property
    @abstractmethod
    def title(self) -> str:
        """What is waited for, for the log."""

    @abstractmethod
    def read(self, client: Any) -> object:
        """
        Return what :meth:`evaluate` wants, read for this wait alone.

        :param client: of the product, asked with the cheapest documented calls.
        :raises PhraseError: the read failed; it says nothing of the work.
        """

    @abstractmethod
    def evaluate(self, found: Any) -> PollResult:
        """
        Return what a read means for the wait; sends nothing.

        :param found: as :meth:`read` returns it, or the reader of :meth:`poll_key`, which reads for many
            waits at once.
        """

    def poll_key(self) -> PollKey:
        """Return which waits are polled together with this one, and by what; default: equal ones only."""
        return PollKey(f"{type(self).__name__}, one by one", OneByOne)

    def check(self, client: object) -> PollResult:
        """
        Return the result of one poll.

        :param client: of the product, asked with the cheapest documented calls.
        :raises PhraseError: the read failed; it says nothing of the work.
        """
        return self.evaluate(self.read(client))


def sentence(text: str) -> str:
    """Return a text that ends with a full stop, or with what else ends a sentence."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
