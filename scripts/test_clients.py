"""
`make test-clients`: clients of Phrase TMS that nobody here wrote, against the simulator.

They have an environment of their own below `build/clients`, kept for the next time, without this project.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from phrase_provider.simulator.process import SimulatorProcess

ROOT = Path(__file__).parents[1]
ENVIRONMENT = ROOT / "build" / "clients"
PACKAGES = ("phrappy==1.1.0", "phrasetms-client==1.0.0", "pytest>=8")
SPEED = 600


def make_environment() -> Path:
    """Make or complete the environment of the clients; gives its Python."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    pip: list[str | Path] = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *PACKAGES], check=True)
    return python


def main() -> None:
    python = make_environment()
    tests = ["-m", "pytest", "-c", str(ROOT / "tests" / "clients" / "pytest.ini"), *sys.argv[1:]]
    with SimulatorProcess(speed=SPEED, settings={"unassigned_work_moves": True}) as phrase:
        environment = {**os.environ, "PHRASE_SIMULATOR_URL": phrase.url, "PHRASE_API_TOKEN": phrase.api_token}
        ended = subprocess.run([python, *tests], cwd=ROOT / "tests" / "clients", env=environment, check=False)
    raise SystemExit(ended.returncode)


if __name__ == "__main__":
    main()
