"""The environment in which this provider is measured beside others, from their published packages."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

from benchmarks.report import FOLDER, ROOT

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = FOLDER / "peers"
DISTRIBUTIONS = (
    "apache-airflow-providers-airbyte",
    "apache-airflow-providers-databricks",
    "apache-airflow-providers-dbt-cloud",
    "apache-airflow-providers-http",
    "airflow-provider-fivetran-async",
    "airflow-providers-lokalise",
)


def make_environment() -> Path:
    """
    Install Airflow, the peers and this provider.

    :return: the environment's Python.
    """
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    print("Installing the peers (the first time takes a minute or two)", flush=True)
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "-c", str(ROOT / "constraints.txt"), *DISTRIBUTIONS, "-e", str(ROOT)], check=True)
    return python
