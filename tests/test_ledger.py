"""What is done once in Phrase, whatever an earlier try left behind."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseInputError,
    PhraseLedgerError,
    PhraseOutcomeUnknownError,
    PhrasePermissionError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseSourceUnstableError,
    PhraseTransportError,
    PhraseValidationError,
)
from phrase_provider.idempotency.keys import entry_key
from phrase_provider.idempotency.ledger import Ledger
from phrase_provider.idempotency.operation import Operation

SAMPLES = Path(__file__).parent / "data/ledger"


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


LOST = PhraseOutcomeUnknownError("The answer got lost")


@pytest.fixture(autouse=True)
def reconciliation_timeout(monkeypatch):
    """Lets a test say how long to look, in seconds."""

    def set_timeout(seconds: float) -> None:
        monkeypatch.setenv("AIRFLOW__PHRASE__RECONCILIATION_TIMEOUT", str(seconds))

    set_timeout(0)
    return set_timeout


@pytest.fixture(params=[True, False], ids=["store", "no-store"])
def ledger(request):
    """With and without a state store, which Airflow has since 3.3."""
    return Ledger("run", Store() if request.param else None)


@pytest.fixture
def store():
    return Store()


def test_what_is_there_is_not_made(ledger):
    remote = Remote(there=True)
    assert ledger.run_once(remote.operation()) == "thing"
    assert remote.made == []


def test_what_is_not_there_is_made_once(ledger):
    remote = Remote()
    assert ledger.run_once(remote.operation()) == "thing"
    assert ledger.run_once(remote.operation()) == "thing"
    assert remote.made == [None]


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
    assert 0.2 <= time.monotonic() - began < 0.8
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


def test_pending_before_and_done_after(store):
    Ledger("run", store).run_once(Remote().operation())
    assert store.states == ["pending", "done"]
    assert store.get("thing")["result"] == {"name": "thing"}


def test_what_is_found_is_recorded_once(store):
    for _ in range(2):
        Ledger("run", store).run_once(Remote(there=True).operation())
    assert store.states == ["done"]


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


def test_refused_is_made_without_waiting(store, reconciliation_timeout):
    reconciliation_timeout(60)
    store.put("refused")
    remote = Remote()
    assert Ledger("run", store).run_once(remote.operation()) == "thing"
    assert (len(remote.made), remote.looks) == (1, 1)


def test_result_that_phrase_no_longer_knows_is_explained(store):
    store.put("done", {"name": "thing"})
    remote = Remote()
    told = r"Making a thing was done at 2\d{3}-.*no longer knows the result.*on_clear='new'.*'thing'"
    with pytest.raises(PhraseLedgerError, match=told):
        Ledger("run", store).run_once(remote.operation())
    assert remote.made == []


def test_repeatable_is_done_again_knowing_that_it_was_done(store):
    store.put("done", {"name": "first"})
    remote = Remote()
    Ledger("run", store).run_once(remote.operation(repeatable=True))
    assert remote.made == [{"name": "first"}]


def test_pending_repetition_still_knows_that_it_was_done(store):
    store.put("pending", {"name": "first"}, age=60)
    remote = Remote()
    Ledger("run", store).run_once(remote.operation(repeatable=True))
    assert remote.made == [{"name": "first"}]


def test_conflicts_are_resolved_once_the_thing_is_looked_for_again(store):
    remote = Remote()
    found, resolved = [], []

    def find(recorded):
        found.append(recorded)
        return "other" if remote.made else None

    operation = replace(
        remote.operation(), find=find, resolve_conflicts=lambda *given: resolved.append((*given, len(found)))
    )
    assert Ledger("run", store).run_once(operation) == "other"
    assert found == [None, {"name": "thing"}]
    assert resolved == [("other", {"name": "thing"}, 2)]
    assert store.get("thing")["result"] == {"name": "other"}


@pytest.mark.parametrize(("state", "recorded"), [("done", {"name": "thing"}), ("pending", None)])
def test_conflicts_of_what_is_there_are_resolved(store, state, recorded):
    store.put(state, recorded)
    resolved = []
    operation = Remote(there=True).operation(resolve_conflicts=lambda *given: resolved.append(given))
    Ledger("run", store).run_once(operation)
    assert resolved == [("thing", recorded)]


def test_conflicts_are_resolved_though_the_thing_does_not_show_yet(ledger):
    resolved = []
    remote = Remote(appears_at_look=9)
    operation = remote.operation(resolve_conflicts=lambda *given: resolved.append(given))
    assert ledger.run_once(operation) == "thing"
    assert resolved == [("thing", {"name": "thing"})]


@pytest.mark.parametrize("file", sorted(SAMPLES.glob("*.json")), ids=lambda file: file.stem)
def test_entries_of_older_versions_are_understood(store, file):
    store.kept["thing"] = file.read_text()
    remote = Remote(there=True)
    assert Ledger("run", store).run_once(remote.operation()) == "thing"
    assert (remote.made, store.get("thing")["state"]) == ([], "done")


GOOD = {
    "version": 1,
    "package": "0.1.0",
    "state": "done",
    "what": "making a thing",
    "result": {"name": "thing"},
    "written": "2026-11-24T10:00:00+00:00",
}


@pytest.mark.parametrize(
    ("stored", "told"),
    [
        (GOOD | {"version": 2, "package": "9.1.0"}, r"airflow-provider-phrase 9\.1\.0, this one is 0\.1\.0"),
        ("done", "is not an entry of this provider"),
        ([], "is not an entry of this provider"),
        ({"state": "done"}, "is not an entry of this provider"),
        (GOOD | {"version": "1"}, "is not an entry of this provider"),
        (GOOD | {"state": "finished"}, "is damaged"),
        (GOOD | {"written": "yesterday"}, "is damaged"),
        (GOOD | {"written": None}, "is damaged"),
        (GOOD | {"result": "thing"}, "is damaged"),
        (GOOD | {"result": {"name": 7}}, "is damaged"),
        ({key: value for key, value in GOOD.items() if key != "result"}, "is damaged"),
    ],
)
def test_entry_that_cannot_be_read_is_explained_and_nothing_is_done(store, stored, told):
    store.kept["thing"] = json.dumps(stored)
    remote = Remote(there=True)
    with pytest.raises(PhraseLedgerError, match=f"'thing' in the task's .*{told}.*delete the entry"):
        Ledger("run", store).run_once(remote.operation())
    assert (remote.made, remote.looks) == ([], 0)


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


def test_keys_tell_things_apart_and_are_safe_in_a_path():
    keys = {entry_key("jobs", "ab", "c"), entry_key("jobs", "a", "bc"), entry_key("project", "ab", "c")}
    assert len(keys) == 3
    assert all(key.replace(".", "").isalnum() and len(key) < 100 for key in keys)
