"""What an operation may ask of the ledger: to be repeated, to have its conflicts resolved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ledger_thing import Remote

from phrase_provider.idempotency.ledger import Ledger

pytestmark = pytest.mark.usefixtures("reconciliation_timeout")


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
