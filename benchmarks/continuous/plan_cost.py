"""
What it costs to find that nothing has changed, beside the least that reads the same: a fresh process.

`python -m benchmarks.continuous.plan_cost` with `{"source": ..., "manifest": ..., ...}` on its input, the
arguments of the operator.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.continuous import MARK
from phrase_provider.files.sources import find_sources, open_source
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.operators.tms.changes import PhraseTmsPlanChangesOperator

#: How often each is measured, in turn.
_TIMES = 3


def floor(source: str, manifest: str) -> float:
    """Return the seconds for hashing the files through the same layer, and for parsing the manifest."""
    began = time.perf_counter()
    for file in find_sources(source):
        with open_source(file.path) as opened:
            hashlib.file_digest(opened, "sha256")  # type: ignore[arg-type]
    for path in (Path(manifest), *Path(f"{manifest}.d").glob("*.jsonl")):
        if path.exists():
            with path.open("rb") as lines:
                for line in lines:
                    json.loads(line)
    return time.perf_counter() - began


def ours(arguments: dict[str, Any]) -> float:
    """Return the seconds of the operator."""
    operator = PhraseTmsPlanChangesOperator(task_id="changes", **arguments)
    began = time.perf_counter()
    found = operator.execute(_context())
    seconds = time.perf_counter() - began
    if found["new"] or found["changed"] or found["todo"]:
        raise SystemExit(f"Something has changed: {found}")
    return seconds


def _context() -> Any:
    from types import SimpleNamespace

    run = SimpleNamespace(run_id="bench", dag_id="bench", start_date=None, conf={})
    ti = SimpleNamespace(xcom_push=lambda *_, **__: None, dag_id="bench", run_id="bench", task_id="changes")
    return {"dag_run": run, "ti": ti, "task_instance": ti, "run_id": "bench"}


def main() -> None:
    arguments = json.load(sys.stdin)
    location = Manifest(arguments["manifest"]).location
    # The first run has no checksums yet, and loads what is loaded at first use.
    first = ours(arguments)
    pairs = [(ours(arguments), floor(arguments["source"], location)) for _ in range(_TIMES)]
    found = {"first": first} | dict(
        zip(("ours", "floor"), map(median, zip(*pairs, strict=True)), strict=True)
    )
    print(f"\n{MARK}{json.dumps(found)}")


if __name__ == "__main__":
    main()
