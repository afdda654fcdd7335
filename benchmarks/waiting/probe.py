"""
A fresh process that waits: `python -m benchmarks.waiting.probe SCENARIO` with its arguments as JSON on stdin.

What it found is a line of its output.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.waiting import MARK, candidates, scenarios
from benchmarks.waiting.calls import calls
from benchmarks.waiting.meter import cost

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


async def candidate(name: str, url: str, waits: int, interval: float, seconds: float) -> dict[str, Any]:
    """Measure a peer, the floor or the sleeper."""
    make = candidates.maker(name, url, interval)
    return (await cost(make, waits, settle=2 * interval, seconds=seconds))._asdict()


SCENARIOS: dict[str, Callable[..., Coroutine[Any, Any, Any]]] = {
    "candidate": candidate,
    "calls": calls,
    "jobs": scenarios.jobs,
    "exports": scenarios.exports,
    "imports": scenarios.imports,
    "many": scenarios.many,
    "restart": scenarios.restart,
}


def main() -> None:
    found = scenarios.run(SCENARIOS[sys.argv[1]], **json.load(sys.stdin))
    print(f"\n{MARK}{json.dumps(found)}")


if __name__ == "__main__":
    main()
