"""The description of something that is done once in Phrase, for the ledger that executes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.idempotency.entry import RecordedResult

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[T]):
    """
    Something to execute once.

    :param description: for people, such as ``creating project 'Web 42'``.
    :param key: of its ledger entry; see :func:`~phrase_provider.idempotency.keys.entry_key`.
    :param find: looks for the result in Phrase and changes nothing; takes what was recorded of it, if
        anything, and returns None when it is not there.
    :param execute: sends the request; takes what was recorded when it was done before and has to be done
        again.
    :param record: returns what to keep of a result.
    :param max_duration: seconds that Phrase may work on the request although nobody waits for the answer.
    :param resolve_conflicts: where another run may do the same at the same moment: removes or names what is
        there twice. Takes the result that counts and what was recorded, after ``find``; after ``execute``
        Phrase is asked again first, so that all runs choose the same result.
    :param repeatable: whether it is done again where Phrase no longer shows what was recorded; otherwise that
        is an error, since somebody has undone it.
    """

    description: str
    key: str
    find: Callable[[RecordedResult | None], T | None]
    execute: Callable[[RecordedResult | None], T]
    record: Callable[[T], RecordedResult]
    max_duration: float = 0
    resolve_conflicts: Callable[[T, RecordedResult | None], None] | None = None
    repeatable: bool = False
