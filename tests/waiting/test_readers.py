from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from phrase_provider.exceptions import PhraseAuthenticationError, PhraseNotFoundError
from phrase_provider.waiting.readers import OneByOne, outcome


@dataclass(frozen=True)
class Thing:
    uid: str

    def read(self, client):
        found = client[self.uid]
        if isinstance(found, Exception):
            raise found
        return found


def read(things, **client):
    """Read things of a client; gives what was found for each, and the number of calls."""
    calls = []

    async def ask(call):
        calls.append(call)
        return call(client)

    found = asyncio.run(OneByOne().read(ask, [Thing(uid) for uid in things]))
    return found, len(calls)


def test_equal_ones_are_read_once_and_told_in_their_order():
    assert read("abaab", a=1, b=2) == ([1, 2, 1, 1, 2], 2)


def test_error_concerns_its_own_thing_alone():
    lost = PhraseNotFoundError("No such thing", status=404)
    assert read("aba", a=1, b=lost) == ([1, lost, 1], 2)


def test_refused_token_concerns_everybody():
    with pytest.raises(PhraseAuthenticationError):
        read("ab", a=1, b=PhraseAuthenticationError("Refused", status=401))


def test_error_that_is_not_of_phrase_is_no_outcome():
    async def ask(call):
        raise KeyError("status")

    with pytest.raises(KeyError):
        asyncio.run(outcome(ask, lambda client: client))
