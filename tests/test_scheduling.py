"""Which tests run together in one process, and which are begun first."""

from __future__ import annotations

from pathlib import Path

from scheduling import APART, LONGEST, TOGETHER, unit_of

ROOT = Path(__file__).parents[1]


def test_what_it_names_is_there():
    assert [path for path in (*TOGETHER, *APART, *LONGEST) if not (ROOT / path).exists()] == []


def test_files_that_share_an_airflow_are_run_together():
    files = ["tests/airflow/test_quickstart.py", "tests/airflow/test_task_log.py"]
    assert {unit_of(f"{file}::test_it[a::b]") for file in files} == {"tests/airflow"}
    assert unit_of("tests/airflow/test_example.py::test_it") == "tests/airflow/test_example.py"
    assert unit_of("tests/api/test_errors.py::TestIt::test_it") == "tests/api/test_errors.py"


def test_what_takes_longest_is_begun_first(request):
    units = list(dict.fromkeys(unit_of(item.nodeid) for item in request.session.items))
    chosen = [unit for unit in LONGEST if unit in units]
    assert units[: len(chosen)] == chosen
