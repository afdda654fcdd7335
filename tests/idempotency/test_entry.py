"""Entries that another version of this package has written, or nobody of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ledger_thing import Remote

from phrase_provider.exceptions import (
    PhraseLedgerError,
)
from phrase_provider.idempotency.ledger import Ledger

pytestmark = pytest.mark.usefixtures("reconciliation_timeout")
SAMPLES = Path(__file__).parents[1] / "data/ledger"


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
