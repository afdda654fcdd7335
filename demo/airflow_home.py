"""A throwaway Airflow with its own home, database and settings, deaf to those of whoever runs it."""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from demo.processes import running

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build"
DAG_ID = "phrase_tms_import_to_delivered"
BIN = Path(sys.executable).parent

SETTINGS = {
    "CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "CORE__LOAD_EXAMPLES": "False",
    "CORE__PARALLELISM": "8",
    "CORE__TEST_CONNECTION": "Enabled",
    "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
    # Seconds. People are simulated, or sit at the same desk.
    "PHRASE__HUMAN_POKE_INTERVAL": "5",
    "PHRASE__MACHINE_POKE_INTERVAL": "5",
    # A deferring task's process lingers this long; the default of 5 s makes short waits look slow.
    "WORKERS__MIN_HEARTBEAT_INTERVAL": "1",
    "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.25",
}


@dataclass(frozen=True, slots=True)
class AirflowHome:
    """
    An Airflow home below `build/`.

    :param path: its folder; log files of the commands lie beside it.
    :param settings: Airflow settings as `SECTION__KEY`, on top of `SETTINGS`.
    :param variables: other environment variables.
    """

    path: Path
    settings: dict[str, str] = field(default_factory=dict)
    variables: dict[str, str] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        """The environment for any `airflow` command of this home, with this interpreter's commands first."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
        database = {"DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.path}/airflow.db"}
        settings = {**database, **SETTINGS, **self.settings}
        return {
            **inherited,
            "AIRFLOW_HOME": str(self.path),
            "PATH": f"{BIN}{os.pathsep}{inherited.get('PATH', '')}",
            **{f"AIRFLOW__{name}": value for name, value in settings.items()},
            **self.variables,
        }

    def make_anew(self) -> None:
        """Remove what an earlier run left and create the database: migrated once for a version of Airflow."""
        shutil.rmtree(self.path, ignore_errors=True)
        self.path.mkdir(parents=True)
        database = self.path / "airflow.db"
        migrated = BUILD / f"airflow-{version('apache-airflow-core')}.db"
        if migrated.exists():
            shutil.copyfile(migrated, database)
            return
        self.airflow("db", "migrate")
        _keep(database, migrated)

    def airflow(self, *arguments: str) -> None:
        """
        Run an `airflow` command, its output in `airflow.log` beside the home.

        :raises RuntimeError: it failed; the message says where its output is.
        """
        log = self.path.with_name("airflow.log")
        with running([BIN / "airflow", *arguments], env=self.environment(), log=log) as command:
            if command.wait():
                raise RuntimeError(f"airflow {arguments[0]} failed ({command.returncode}); see {log}")


def _keep(database: Path, kept: Path) -> None:
    """Copy a database to where others find it, who may be looking: whole, or not at all."""
    kept.parent.mkdir(parents=True, exist_ok=True)
    part = kept.with_suffix(f".{os.getpid()}")
    shutil.copyfile(database, part)
    part.replace(kept)
