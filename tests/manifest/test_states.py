"""What a line says of a translation."""

from __future__ import annotations

import pytest
from manifest_lines import at, line

from phrase_provider.manifest.states import State, is_delivered, state_of

DONE = {"sha256": "a", "target_source_sha256": "a", "delivered_at": at(5), "status": "DELIVERED"}


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (DONE, State.UP_TO_DATE),
        (DONE | {"sha256": "b", "status": "NEW"}, State.OUTDATED),
        (DONE | {"target_source_sha256": None}, State.OUTDATED),
        ({"sha256": "a", "status": "NEW"}, State.MISSING),
        ({}, State.MISSING),
        ({"sha256": "a", "job_uid": None, "error": "no such type"}, State.FAILED),
        (DONE | {"error": "the target folder is full"}, State.FAILED),
        ({"sha256": "a", "status": "CANCELLED"}, State.FAILED),
        (DONE | {"sha256": "b", "status": "GONE"}, State.FAILED),
        (DONE | {"status": "CANCELLED"}, State.UP_TO_DATE),
        (DONE | {"deleted_at": at(9), "error": "x"}, State.DELETED),
    ],
)
def test_state(facts, state):
    assert state_of(line(**facts)) is state


def test_delivered_is_what_was_made_of_the_content_that_the_job_has():
    assert is_delivered(line(**DONE))
    assert not is_delivered(line(**DONE | {"sha256": "b"}))
    assert not is_delivered(line(**DONE | {"delivered_at": None}))
    assert not is_delivered(line(delivered_at=at(1)))
