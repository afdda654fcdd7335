from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def connection(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Defines an Airflow connection; its id is given back."""

    def define(extra: Any = None, **fields: Any) -> str:
        told = {"conn_type": "phrase", "password": "api-token-not-to-be-seen", **fields}
        monkeypatch.setenv("AIRFLOW_CONN_PHRASE_TEST", json.dumps(told | {"extra": extra or {}}))
        return "phrase_test"

    return define
