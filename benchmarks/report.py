"""What a benchmark measured: a table to read, JSON to keep, an exit code to act on."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tabulate import tabulate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "bench"


@dataclass(frozen=True, slots=True)
class Figure:
    """
    One measured figure; the smaller, the better.

    :param figure: what was measured.
    :param unit: of all the values.
    :param ours: this provider's value.
    :param floor: the value of the least that does anything of the kind.
    :param peers: values of others, measured in the same run.
    :param goal: the most that `ours` may be.
    """

    figure: str
    unit: str
    ours: float
    floor: float
    peers: Mapping[str, float]
    goal: float

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.ours <= self.goal

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "met": self.met}


def publish(name: str, figures: Sequence[Figure]) -> int:
    """
    Print the figures and write them to `build/bench/NAME.json`.

    :return: exit code: 1 when a goal is not met.
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / f"{name}.json"
    path.write_text(json.dumps([figure.as_dict() for figure in figures], indent=2) + "\n", encoding="utf-8")
    for figure in figures:
        print(f"\n{figure.figure} ({figure.unit})\n{_table(figure)}")
    print(f"\nWritten to {path.relative_to(ROOT)}")
    return int(not all(figure.met for figure in figures))


def _table(figure: Figure) -> str:
    verdict = f"goal {figure.goal:g}: {'met' if figure.met else 'MISSED'}"
    rows = [("floor", figure.floor, ""), ("this provider", figure.ours, verdict)]
    rows += [(name, value, "") for name, value in sorted(figure.peers.items(), key=lambda peer: peer[1])]
    return tabulate(rows, tablefmt="plain", floatfmt=".1f")
