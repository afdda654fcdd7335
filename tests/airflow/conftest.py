from __future__ import annotations

import json

import pytest
from dag_runner import DagRunner

from demo.airflow_home import ROOT, AirflowHome
from phrase_provider.simulator.process import SimulatorProcess


@pytest.fixture(scope="session")
def simulator():
    with SimulatorProcess(speed=300) as process:
        yield process


@pytest.fixture(scope="session")
def runner(simulator, tmp_path_factory):
    """Runs DAGs on an Airflow whose connection leads to the simulator."""
    folder = tmp_path_factory.mktemp("airflow")
    # Airflow runs what lies in its DAGs folder: the example DAGs, and those of the documentation.
    dags = folder / "dags"
    dags.mkdir()
    for file in (*(ROOT / "dags").glob("*.py"), *(ROOT / "docs/examples").glob("*.py")):
        (dags / file.name).symlink_to(file)
    home = AirflowHome(
        folder / "home",
        settings={
            "CORE__DAGS_FOLDER": str(dags),
            "PHRASE__HUMAN_POKE_INTERVAL": "0.2",
            "PHRASE__MACHINE_POKE_INTERVAL": "0.1",
        },
        variables={
            "AIRFLOW_CONN_PHRASE_DEFAULT": simulator.airflow_connection(),
            "AIRFLOW_VAR_PHRASE_TMS_CONTINUOUS": json.dumps({"template": "Translation"}),
        },
    )
    home.make_anew()
    with DagRunner(home, folder / "runs.log") as started:
        yield started
