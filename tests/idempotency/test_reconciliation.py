"""A request whose outcome is not known: it is looked for before it is sent again."""

from __future__ import annotations

import time

import pytest
from ledger_thing import LOST, Remote

from phrase_provider.exceptions import (
    PhraseOutcomeUnknownError,
    PhrasePermissionError,
    PhraseServerError,
)
from phrase_provider.idempotency.ledger import Ledger

pytestmark = pytest.mark.usefixtures("reconciliation_timeout")


def test_lost_answer_is_looked_up(ledger):
    remote = Remote(error=LOST)
    assert ledger.run_once(remote.operation()) == "thing"
    assert (len(remote.made), remote.looks) == (1, 2)


def test_effect_may_come_late(ledger, reconciliation_timeout):
    reconciliation_timeout(1.5)
    remote = Remote(error=LOST, appears_at_look=3)
    assert ledger.run_once(remote.operation()) == "thing"
    assert len(remote.made) == 1


def test_looking_ends_and_nothing_is_made_again(ledger, reconciliation_timeout):
    reconciliation_timeout(0.2)
    remote = Remote(error=LOST, appears_at_look=9)
    began = time.monotonic()
    with pytest.raises(PhraseOutcomeUnknownError, match="The answer got lost"):
        ledger.run_once(remote.operation())
    assert 0.2 <= time.monotonic() - began < 30
    assert len(remote.made) == 1


def test_clear_failure_is_not_looked_up(ledger):
    remote = Remote(error=PhraseServerError("No"))
    with pytest.raises(PhraseServerError, match="No"):
        ledger.run_once(remote.operation())
    assert remote.looks == 1


@pytest.mark.parametrize("status", [401, 429])
@pytest.mark.parametrize("code", [None, "Code"])
def test_refusal_that_proves_nothing_is_looked_up_before_it_is_sent_again(store, status, code):
    refusal = PhraseOutcomeUnknownError("Refused", status=status, error_code=code, retry_after=0)
    remote = Remote(error=refusal, appears_at_look=4)
    if status == 401:
        with pytest.raises(PhraseOutcomeUnknownError):
            Ledger("run", store).run_once(remote.operation())
        assert (len(remote.made), store.states[-1]) == (2, "pending")
    else:
        assert Ledger("run", store).run_once(remote.operation()) == "thing"
        assert (len(remote.made), store.states[-1]) == (3, "done")


def test_refusal_is_not_sent_again_while_nobody_can_look(store):
    remote = Remote(error=PhraseOutcomeUnknownError("Refused", status=401))
    find = remote.find

    def fail_after_making(recorded):
        if remote.made:
            raise PhraseServerError("Down")
        return find(recorded)

    remote.find = fail_after_making
    with pytest.raises(PhraseServerError):
        Ledger("run", store).run_once(remote.operation())
    assert (len(remote.made), store.states) == (1, ["pending"])


def test_refusal_that_asks_for_a_long_wait_is_not_sent_again(store):
    remote = Remote(
        error=PhraseOutcomeUnknownError("Refused", status=429, retry_after=121), appears_at_look=9
    )
    with pytest.raises(PhraseOutcomeUnknownError):
        Ledger("run", store).run_once(remote.operation())
    assert len(remote.made) == 1


def test_failing_look_does_not_hide_that_the_outcome_is_unknown(ledger):
    remote = Remote(error=LOST)
    find = remote.find

    def fail_after_making(recorded):
        if remote.made:
            raise PhraseServerError("Down")
        return find(recorded)

    remote.find = fail_after_making
    with pytest.raises(PhraseOutcomeUnknownError):
        ledger.run_once(remote.operation())


def test_pending_is_looked_for_until_it_can_no_longer_appear(store, reconciliation_timeout):
    reconciliation_timeout(1.5)
    store.put("pending")
    remote = Remote()
    began = time.monotonic()
    assert Ledger("run", store).run_once(remote.operation()) == "thing"
    assert time.monotonic() - began > 1.2
    assert remote.looks >= 3


def test_pending_that_appears_late_is_not_made_again(store, reconciliation_timeout):
    reconciliation_timeout(3)
    store.put("pending")
    remote = Remote(appears_at_look=2)
    remote.made.append("before")
    assert Ledger("run", store).run_once(remote.operation()) == "thing"
    assert remote.made == ["before"]


@pytest.mark.parametrize(("age", "max_duration", "looks"), [(10, 0, 1), (10, 10, 2), (-3600, 0, 2)])
def test_time_counts_from_the_entry_and_covers_the_request(
    store, reconciliation_timeout, age, max_duration, looks
):
    reconciliation_timeout(0.7)
    store.put("pending", age=age)
    remote = Remote()
    Ledger("run", store).run_once(remote.operation(max_duration=max_duration))
    assert remote.looks == looks


def test_pending_is_not_made_again_while_nobody_can_look(store):
    store.put("pending", age=60)
    remote = Remote(look_error=PhraseServerError("Down"))
    with pytest.raises(PhraseServerError):
        Ledger("run", store).run_once(remote.operation())
    assert remote.made == []


def test_look_that_fails_for_good_is_told(store, reconciliation_timeout):
    reconciliation_timeout(5)
    store.put("pending")
    with pytest.raises(PhrasePermissionError):
        Ledger("run", store).run_once(Remote(look_error=PhrasePermissionError("No right")).operation())


def test_refused_is_made_without_waiting(store, reconciliation_timeout):
    reconciliation_timeout(60)
    store.put("refused")
    remote = Remote()
    assert Ledger("run", store).run_once(remote.operation()) == "thing"
    assert (len(remote.made), remote.looks) == (1, 1)
