"""A thing that is made once: for tests of the ledger."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from phrase_provider.exceptions import PhraseOutcomeUnknownError
from phrase_provider.idempotency.operation import Operation

LOST = PhraseOutcomeUnknownError("The answer got lost")


class Store:
    """A task's state store: what was written last, as JSON."""

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.states: list[str] = []

    def get(self, key):
        return json.loads(self.kept[key]) if key in self.kept else None

    def set(self, key, value, *, retention=None):
        assert retention == timedelta.max
        self.states.append(value["state"])
        self.kept[key] = json.dumps(value)

    def put(self, state, result=None, age=0.0):
        written = datetime.now(UTC) - timedelta(seconds=age)
        entry = {"version": 1, "package": "0.1.0", "state": state, "what": "making a thing"}
        self.kept["thing"] = json.dumps(entry | {"result": result, "written": written.isoformat()})


class Remote:
    """A thing elsewhere, which appears when it is made, or some looks later, or never."""

    def __init__(self, *, there=False, error=None, appears_at_look=1, look_error=None) -> None:
        self.there = there
        self.error = error
        self.appears_at_look = appears_at_look
        self.look_error = look_error
        self.made: list[object] = []
        self.looks = 0

    def find(self, recorded):
        self.looks += 1
        if self.look_error:
            raise self.look_error
        return "thing" if self.there or (self.made and self.looks >= self.appears_at_look) else None

    def make(self, recorded):
        self.made.append(recorded)
        if self.error:
            raise self.error
        return "thing"

    def operation(self, **more):
        return Operation(
            description="making a thing",
            key="thing",
            find=self.find,
            execute=self.make,
            record=lambda name: {"name": name},
            **more,
        )
