"""
`make bench-import`: what Airflow pays each time it parses a DAG that uses the provider.

Every operator and sensor module of this provider, against one operator module of each peer. A measurement
is a fresh interpreter that first imports the base classes of `airflow.sdk`, as any DAG file does. Peers come
from their published packages, in an environment of the benchmark's own.
"""

from __future__ import annotations

import argparse
import json
import subprocess
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.peers import make_environment
from benchmarks.report import FOLDER, ROOT, Figure, publish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FLOOR = "airflow.providers.standard.operators.bash"
#: Module by distribution.
PEERS = {
    "apache-airflow-providers-airbyte": "airflow.providers.airbyte.operators.airbyte",
    "apache-airflow-providers-databricks": "airflow.providers.databricks.operators.databricks",
    "apache-airflow-providers-dbt-cloud": "airflow.providers.dbt.cloud.operators.dbt",
    "apache-airflow-providers-http": "airflow.providers.http.operators.http",
    "airflow-provider-fivetran-async": "fivetran_provider_async.operators",
    "airflow-providers-lokalise": "lokalise_provider.operators.lokalise",
}

PROBE = """
import importlib, json, sys, time
from airflow.sdk import BaseHook, BaseOperator, BaseSensorOperator
before, started = set(sys.modules), time.process_time()
for name in sys.argv[1:]:
    importlib.import_module(name)
cpu = time.process_time() - started
new = set(sys.modules) - before
print("PROBE" + json.dumps({"cpu_ms": 1000 * cpu, "modules": len(new), "requests": "requests" in new}))
"""


class Measured(NamedTuple):
    """What one import cost."""

    cpu_ms: float
    modules: int
    requests: bool


def our_modules() -> list[str]:
    """Name every module below `phrase_provider.operators` and `phrase_provider.sensors`."""
    package = ROOT / "phrase_provider"
    files = sorted(path for room in ("operators", "sensors") for path in (package / room).rglob("*.py"))
    names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in files]
    return [name.removesuffix(".__init__") for name in names]


def measure(python: Path, modules: Sequence[str]) -> Measured:
    """Import modules in a fresh interpreter."""
    output = subprocess.run(
        [python, "-c", PROBE, *modules], check=True, capture_output=True, text=True, cwd=FOLDER
    ).stdout
    return Measured(**json.loads(output.rpartition("PROBE")[2]))


def compare(python: Path, rounds: int) -> dict[str, list[Measured]]:
    """
    Measure everything in turn, round by round, so that a busy machine disturbs all alike.

    :param rounds: a first one, which compiles, is left out.
    :return: measurements by candidate: `ours`, `floor`, and each peer's distribution.
    """
    candidates = {"ours": our_modules(), "floor": [FLOOR], **{name: [PEERS[name]] for name in PEERS}}
    measured: defaultdict[str, list[Measured]] = defaultdict(list)
    for number in range(rounds + 1):
        print(f"Round {number} of {rounds}", flush=True)
        for name, modules in candidates.items():
            result = measure(python, modules)
            if number:
                measured[name].append(result)
    return measured


def figure(
    name: str, unit: str, goal: float, measured: dict[str, list[Measured]], value: Callable[[Measured], float]
) -> Figure:
    """Take the median of one value for each candidate."""
    medians = {candidate: median(map(value, results)) for candidate, results in measured.items()}
    return Figure(name, unit, medians.pop("ours"), medians.pop("floor"), medians, goal)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-import", description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="fresh interpreters for each candidate")
    rounds = parser.parse_args().rounds
    measured = compare(make_environment(), rounds)
    figures = [
        figure("CPU to import the operators", "ms", 20, measured, lambda one: one.cpu_ms),
        figure("New modules", "modules", 30, measured, lambda one: one.modules),
        figure("Loads requests", "1 = yes", 0, measured, lambda one: float(one.requests)),
    ]
    raise SystemExit(publish("import", figures))


if __name__ == "__main__":
    main()
