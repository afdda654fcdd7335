from __future__ import annotations

import pytest
from ledger_thing import Store

from phrase_provider.exceptions import PhraseInputError, PhraseLedgerError
from phrase_provider.idempotency.ledger import Ledger
from phrase_provider.services.tms.records import RecordsInFolder, RecordsInLedger


@pytest.fixture(params=["folder", "ledger"])
def make(request, tmp_path):
    """Gives the same records anew, as another process opens them."""
    if request.param == "folder":
        return lambda: RecordsInFolder(str(tmp_path / "notes"))
    store = Store()
    return lambda: RecordsInLedger(Ledger("run", store), "phrase.notes")


def test_record_is_found_by_another_process(make):
    make().write("a", {"state": "sending", "words": {"de": 4}})
    assert make().read("a") == {"state": "sending", "words": {"de": 4}}


def test_nothing_is_there_at_first(make):
    assert make().read("a") is None
    assert make().read_all() == {}


def test_later_record_takes_the_place_of_the_earlier_one(make):
    make().write("a", {"state": "one"})
    make().write("a", {"state": "two"})
    assert make().read_all() == {"a": {"state": "two"}}


def test_removed_record_is_gone_and_the_others_stay(make):
    make().write("a", {"name": "a"})
    make().write("b", {"name": "b"})
    make().remove("a")
    make().remove("never there")
    assert make().read("a") is None
    assert make().read_all() == {"b": {"name": "b"}}


def test_records_need_the_state_of_a_task():
    records = RecordsInLedger(Ledger("run"), "phrase.notes")
    assert records.read("a") is None
    with pytest.raises(PhraseInputError, match=r"Airflow 3\.3"):
        records.write("a", {})


@pytest.mark.parametrize("text", ["", "{", "[1]\n"])
def test_damaged_file_is_named(tmp_path, text):
    records = RecordsInFolder(str(tmp_path))
    (tmp_path / "a.jsonl").write_text(text)
    with pytest.raises((PhraseLedgerError, PhraseInputError), match=r"a\.jsonl"):
        records.read("a")


@pytest.mark.parametrize("text", ["{", "[1]"])
def test_damaged_entry_is_named(text):
    ledger = Ledger("run", Store())
    ledger.keep("phrase.notes", {"a": text})
    with pytest.raises(PhraseLedgerError, match=r"phrase\.notes"):
        RecordsInLedger(ledger, "phrase.notes").read("a")
