"""
The pytest fixture ``phrase_simulator``.

Pytest loads this in every run where the package is installed, so it imports nothing but pytest, and starts
the simulator at the first test that asks for it. Tests that ask for it are skipped where the extra
``simulator`` is not installed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.simulator.process import SimulatorProcess


@pytest.fixture(scope="session")
def phrase_simulator_process() -> Iterator[SimulatorProcess]:
    """The simulator that a test session shares; override it to start one with other options."""
    from phrase_provider.simulator import requirements
    from phrase_provider.simulator.process import SimulatorProcess

    reason = requirements.missing()
    if reason:
        pytest.skip(reason)
    with SimulatorProcess() as simulator:
        yield simulator


@pytest.fixture
def phrase_simulator(
    phrase_simulator_process: SimulatorProcess, monkeypatch: pytest.MonkeyPatch
) -> SimulatorProcess:
    """An empty simulator, to which the Airflow connection ``phrase_default`` points."""
    phrase_simulator_process.reset()
    monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", phrase_simulator_process.airflow_connection())
    return phrase_simulator_process
