"""How `pytest -n` shares the tests among its processes: files that take long are begun first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from xdist.remote import Producer

#: Folders whose files share what takes long to prepare: an Airflow with its database.
TOGETHER = ("tests/airflow",)
#: These need little of it, or an Airflow of their own.
APART = ("tests/airflow/test_dag_files.py", "tests/airflow/test_example.py")
#: What takes longest, which would else be left to one process at the end; the longest first.
LONGEST = (
    "tests/airflow",
    "tests/simulator/core/test_persistence.py",
    "tests/demo/test_live.py",
    "tests/airflow/test_example.py",
    "tests/faults/test_killed_tasks.py",
    "tests/simulator/webhooks/test_sender.py",
    "tests/services/tms/test_uploads.py",
    "tests/api/test_deadline.py",
)


def unit_of(nodeid: str) -> str:
    """Return what the test is run together with, in one process: its file, or the folder of it."""
    file = nodeid.partition("::")[0]
    folder = file.rpartition("/")[0]
    return folder if folder in TOGETHER and file not in APART else file


def rank(item: pytest.Item) -> int:
    """Return the place of a test's file among those that are begun first."""
    unit = unit_of(item.nodeid)
    return LONGEST.index(unit) if unit in LONGEST else len(LONGEST)


class LongestFirst(LoadFileScheduling):
    """Gives each process one file after another in the order of the collection."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LongestFirst | None:
    if config.getoption("dist") != "loadfile":
        return None
    # Else files of many tests would come first, which are quick ones.
    config.option.loadscopereorder = False
    return LongestFirst(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=rank)
