"""How a DAG is tested on the local Phrase; put your own in this one's place."""

import pytest
from phrase_tms_import_to_delivered import dag


@pytest.fixture
def run(tmp_path):
    """Runs the DAG over one file and gives the state it ends in."""
    (tmp_path / "handbook.md").write_text("# Handbook\n")
    conf = {
        "source": f"{tmp_path}/*.md",
        "template": "Translation",
        "target_langs": ["de"],
        "batch_id": "handbook",
        "target_folder": str(tmp_path),
    }
    return lambda: dag.test(run_conf=conf).state


def test_handbook_is_translated(run, phrase_simulator, tmp_path):
    assert run() == "success"
    assert (tmp_path / "de/handbook.md").read_text() == "# ⟦de⟧ Håñđböök\n"


def test_lost_answer_is_not_paid_twice(run, phrase_simulator):
    phrase_simulator.fault(method="POST", path="/jobs$", reset_after=True)
    assert run() == "success"
    assert len(phrase_simulator.requests("POST", "/jobs$")) == 1
