from __future__ import annotations

import pytest
from ledger_thing import Store

from phrase_provider.idempotency.ledger import Ledger


@pytest.fixture
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
