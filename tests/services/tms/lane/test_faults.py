from __future__ import annotations

import pytest

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseServerError,
    PhraseValidationError,
)
from phrase_provider.services.tms.lane.faults import MAX_FAULTS, FaultCount, outcome_of


def test_five_faults_in_a_row_stop_everything():
    count = FaultCount()
    for _ in range(MAX_FAULTS - 1):
        count.record(PhraseServerError("down"))
    count.record("an answer")
    for _ in range(MAX_FAULTS - 1):
        count.record(PhraseServerError("down"))
    with pytest.raises(PhraseServerError):
        count.record(PhraseServerError("down"))


def test_what_is_wrong_with_one_target_stops_no_other():
    count = FaultCount()
    for _ in range(2 * MAX_FAULTS):
        count.record(PhraseValidationError("a tag is missing"))


def test_a_refused_token_stops_everything_at_once():
    with pytest.raises(PhraseAuthenticationError):
        FaultCount().record(PhraseAuthenticationError("no"))


def test_only_errors_of_phrase_become_outcomes():
    assert outcome_of(lambda: 1) == 1
    with pytest.raises(ZeroDivisionError):
        outcome_of(lambda: 1 // 0)
