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
from typing import Any

from benchmarks.continuous import MARK
from phrase_provider.files.sources import find_sources, open_source
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.operators.tms.changes import PhraseTmsPlanChangesOperator


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
    first = floor(arguments["source"], Manifest(arguments["manifest"]).location)
    found = [ours(arguments) for _ in range(2)]
    last = floor(arguments["source"], Manifest(arguments["manifest"]).location)
    print(f"\n{MARK}{json.dumps({'ours': found[0], 'again': found[1], 'floor': (first + last) / 2})}")


if __name__ == "__main__":
    main()
