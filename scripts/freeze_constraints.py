"""Remakes constraints.txt from the environment that runs this, which should have passed the tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TARGET = Path(__file__).parents[1] / "constraints.txt"
HEADER = """\
# Versions that pass the tests together: `pip install -c constraints.txt airflow-provider-phrase`.
# Frozen by `make constraints`; do not edit by hand.
"""


def frozen() -> list[str]:
    """Pins of everything installed from an index; local, editable and URL installs are left out."""
    freeze = [sys.executable, "-m", "pip", "freeze", "--exclude-editable"]
    listed = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout.splitlines()
    return [line for line in listed if "==" in line and not line.startswith("airflow-provider-phrase")]


if __name__ == "__main__":
    TARGET.write_text(HEADER + "\n".join(frozen()) + "\n", encoding="utf-8")
