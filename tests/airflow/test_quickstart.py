"""The quick-start DAG on a real Airflow and a local Phrase."""

from __future__ import annotations

from pathlib import Path

import pytest

pytestmark = pytest.mark.airflow

QUICKSTART = Path(__file__).parents[2] / "dags/phrase_tms_quickstart.py"


@pytest.fixture
def quickstart(tmp_path):
    """The DAG file, its two paths below a folder of the test."""
    text = QUICKSTART.read_text()
    assert text.count('"/data/') == 2
    (tmp_path / "in").mkdir()
    (tmp_path / "in/handbook.md").write_text("# Handbook\n\nWelcome to the team.\n")
    copy = tmp_path / QUICKSTART.name
    copy.write_text(text.replace('"/data/', f'"{tmp_path}/'))
    return copy


def test_target_is_written_and_delivered(runner, simulator, quickstart):
    simulator.reset()
    ended = runner.run({}, file=quickstart)
    assert ended["state"] == "success", ended
    target = (quickstart.parent / "out/handbook.de.md").read_text()
    assert target.startswith("# ")
    assert "Welcome" not in target
    assert ended["xcoms"]["delivered"]["return_value"]["status"] == "DELIVERED"
    assert len(simulator.requests("POST", "/jobs$")) == 1
