"""
Keeps what the benchmarks measured for the documentation: `build/bench/*.json` into `docs/figures`.

Run it after `make bench-NAME`, on a machine that does nothing else meanwhile.
"""

from __future__ import annotations

import json
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEASURED = ROOT / "build/bench"
KEPT = ROOT / "docs/figures"


def keep(measured: Path) -> None:
    """
    Write the figures of one benchmark, with when and on what they were measured.

    :param measured: as `benchmarks/report.py` writes it.
    """
    when = datetime.fromtimestamp(measured.stat().st_mtime, UTC)
    kept = {
        "date": f"{when:%Y-%m-%d}",
        "python": platform.python_version(),
        "airflow": version("apache-airflow"),
        "figures": json.loads(measured.read_text(encoding="utf-8")),
    }
    (KEPT / measured.name).write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"docs/figures/{measured.name}")


if __name__ == "__main__":
    KEPT.mkdir(exist_ok=True)
    for file in sorted(MEASURED.glob("*.json")):
        keep(file)
