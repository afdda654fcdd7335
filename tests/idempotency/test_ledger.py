"""What is done once in Phrase, whatever an earlier try left behind."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from ledger_thing import LOST, Remote, Store

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseInputError,
    PhraseLedgerError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseSourceUnstableError,
    PhraseTransportError,
    PhraseValidationError,
)
from phrase_provider.idempotency.ledger import Ledger

pytestmark = pytest.mark.usefixtures("reconciliation_timeout")


def test_what_is_there_is_not_made(ledger):
    remote = Remote(there=True)
    assert ledger.run_once(remote.operation()) == "thing"
    assert remote.made == []


def test_what_is_not_there_is_made_once(ledger):
    remote = Remote()
    assert ledger.run_once(remote.operation()) == "thing"
    assert ledger.run_once(remote.operation()) == "thing"
    assert remote.made == [None]


def test_pending_before_and_done_after(store):
    Ledger("run", store).run_once(Remote().operation())
    assert store.states == ["pending", "done"]
    assert store.get("thing")["result"] == {"name": "thing"}


def test_what_is_found_is_recorded_once(store):
    for _ in range(2):
        Ledger("run", store).run_once(Remote(there=True).operation())
    assert store.states == ["done"]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (PhraseValidationError("No"), "refused"),
        (PhraseInputError("The file has gone"), "refused"),
        (PhraseTransportError("Refused").mark_sent(False), "refused"),
        (PhraseSourceUnstableError("Has another size").mark_sent(False), "refused"),
        (PhraseSourceUnstableError("Became shorter while it was sent"), "pending"),
        (PhraseServerError("Strange"), "pending"),
        (PhraseRateLimitError("Of a look"), "pending"),
        (PhraseAuthenticationError("Of a look"), "pending"),
        (LOST, "pending"),
    ],
)
def test_only_what_certainly_did_nothing_is_recorded_as_refused(store, error, state):
    with pytest.raises(type(error)):
        Ledger("run", store).run_once(Remote(error=error, appears_at_look=9).operation())
    assert store.states[-1] == state


def test_result_that_phrase_no_longer_knows_is_explained(store):
    store.put("done", {"name": "thing"})
    remote = Remote()
    told = r"Making a thing was done at 2\d{3}-.*no longer knows the result.*on_clear='new'.*'thing'"
    with pytest.raises(PhraseLedgerError, match=told):
        Ledger("run", store).run_once(remote.operation())
    assert remote.made == []


def test_other_runs_are_looked_for_when_the_caller_says(store):
    ledger, remote, resolved = Ledger("run", store), Remote(), []
    operation = remote.operation(resolve_conflicts=lambda found, own: resolved.append((found, own)))
    result = ledger.run_once(operation, agree=False)
    assert (remote.looks, resolved, store.states) == (1, [], ["pending", "done"])
    assert ledger.agree(operation, result) == "thing"
    assert (remote.looks, resolved) == (2, [("thing", {"name": "thing"})])


def test_result_on_which_the_runs_agree_is_recorded(store):
    ledger, remote = Ledger("run", store), Remote()
    operation = remote.operation(resolve_conflicts=lambda found, own: None)
    remote.there = True
    assert ledger.agree(operation, "a later thing") == "thing"
    assert store.get("thing")["result"] == {"name": "thing"}


def test_airflow_is_asked_by_one_thread_at_a_time():
    class Slow(Store):
        asking, most = 0, 0

        def get(self, key):
            self._enter()

        def set(self, key, value, *, retention=None):
            self._enter()

        def _enter(self):
            self.asking += 1
            self.most = max(self.most, self.asking)
            time.sleep(0.001)
            self.asking -= 1

    store = Slow()
    ledger = Ledger("run", store)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: ledger.run_once(Remote().operation()), range(32)))
    assert store.most == 1


def test_task_is_cleared_when_its_tries_are_raised(store):
    assert Ledger("run", store, max_tries=4, retries=4).cleared() == 0
    assert Ledger("run", store, max_tries=7, retries=4).cleared() == 7
    assert Ledger("run", store, max_tries=4, retries=2).cleared() == 0


def test_without_a_store_the_retries_tell(store):
    assert Ledger("run", max_tries=4, retries=4).cleared() == 0
    assert Ledger("run", max_tries=5, retries=4).cleared() == 5


def test_first_value_is_remembered(store):
    ledger = Ledger("run", store)
    assert [ledger.remember("key", {"n": number})["n"] for number in "12"] == ["1", "1"]
    with pytest.raises(PhraseInputError, match=r"Airflow 3\.3"):
        Ledger("run").remember("key", {"n": "1"})


def test_ledger_of_a_context(store):
    ti = SimpleNamespace(
        dag_id="d", run_id="r", task_id="t", map_index=3, max_tries=2, task=SimpleNamespace(retries=1)
    )
    assert Ledger.of({"ti": ti}).task_run == "d/r/t/3"
    assert Ledger.of({"ti": ti}).cleared() == 2
    assert Ledger.of({"ti": ti, "task_state_store": store}).cleared() == 0
