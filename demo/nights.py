"""
`make demo-continuous`: the DAG for content that never stops runs some nights on a local Phrase.

Each night something else has happened to the sample files. The table shows what the run asked of Phrase for
it. Everything it makes is below `build/demo-continuous`; everything it starts is stopped when it ends.
"""

from __future__ import annotations

import json
import re
import shutil
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tabulate import tabulate

from demo.airflow_home import BUILD, ROOT, AirflowHome
from demo.flow import Flow
from demo.processes import local_phrase, stop_on_signals
from demo.run import SAMPLES, TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.simulator.process import SimulatorProcess

FOLDER = BUILD / "demo-continuous"
DAG_ID = "phrase_tms_continuous"
LANGUAGES = ("de", "pt-BR")
SPEED = 300
#: What a request does, by its method and the end of its path.
REQUESTS = {
    "uploads": ("POST", r"/jobs$"),
    "updates": ("POST", r"/jobs/source$"),
    "clones": ("POST", r"/jobs/clone$"),
    "exports": ("PUT", r"/targetFile$"),
}


@dataclass(frozen=True, slots=True)
class Night:
    """
    A run of the DAG.

    :param title: what has happened before it.
    :param prepare: does that to the source files.
    :param languages: that are wanted.
    :param expected: number of uploads, updates, clones and exports.
    """

    title: str
    prepare: Callable[[], object]
    expected: tuple[int, int, int, int]
    languages: Sequence[str] = LANGUAGES


@dataclass(slots=True)
class Shown:
    """What came of a night: cells of the table, and what is not as it should be."""

    cells: list[Any]
    problems: list[str] = field(default_factory=list)


def nights() -> list[Night]:
    """The nights that are shown."""
    strings = FOLDER / "in/app/strings.json"
    files = len([path for path in SAMPLES.rglob("*") if path.is_file() and not path.name.startswith(".")])

    def change() -> None:
        texts = json.loads(strings.read_text(encoding="utf-8"))
        strings.write_text(json.dumps(texts | {"tonight": "One more sentence."}), encoding="utf-8")

    return [
        Night("all files are new", lambda: None, (files, 0, 0, files * 2)),
        Night("nothing has changed", lambda: None, (0, 0, 0, 0)),
        Night("one file has changed", change, (0, 1, 0, 2)),
        Night("one more language", lambda: None, (0, 0, 1, files), (*LANGUAGES, "fr")),
    ]


def run() -> list[str]:
    """
    Run the nights and show them.

    :return: what is not as it should be.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    shutil.copytree(SAMPLES, FOLDER / "in")
    log = FOLDER / "airflow.log"
    print(f"Starting a local Phrase and a throwaway Airflow. Airflow's log: {log.relative_to(ROOT)}")
    with local_phrase(speed=SPEED, access_log=FOLDER / "access.jsonl") as phrase:
        home = AirflowHome(
            FOLDER / "airflow", variables={"AIRFLOW_CONN_PHRASE_DEFAULT": phrase.airflow_connection()}
        )
        home.make_anew()
        shown = [_show(night, Flow(home, _params(night), log, DAG_ID), phrase) for night in nights()]
    headers = ("night", "tasks", "requests", *REQUESTS, "delivered", "seconds")
    print(f"\n{tabulate([each.cells for each in shown], headers, floatfmt='.0f')}\n")
    return [problem for each in shown for problem in each.problems]


def _show(night: Night, flow: Flow, phrase: SimulatorProcess) -> Shown:
    night.prepare()
    print(f"A night: {night.title}", flush=True)
    before, started = len(phrase.requests()), time.monotonic()
    tasks = [step for step in flow.steps() if step]
    sent = phrase.requests()[before:]
    counts = tuple(
        sum(each["method"] == method and bool(re.search(path, each["path"])) for each in sent)
        for method, path in REQUESTS.values()
    )
    done = (flow.result or {}).get("up to date", 0)
    shown = Shown([night.title, len(tasks), len(sent), *counts, done, time.monotonic() - started])
    if flow.state != "success":
        shown.problems.append(f"the run is {flow.state} where {night.title}")
    if counts != night.expected:
        shown.problems.append(f"{counts} requests instead of {night.expected} where {night.title}")
    return shown


def _params(night: Night) -> dict[str, object]:
    return {
        "source": f"{FOLDER}/in/**/*",
        "template": TEMPLATE,
        "target_langs": list(night.languages),
        "batch_id": "samples",
        "target_folder": str(FOLDER / "target"),
    }


def main() -> None:
    stop_on_signals()
    started = time.monotonic()
    found = run()
    for problem in found:
        print(f"Not as it should be: {problem}")
    if found:
        raise SystemExit(f"The demo failed; see {(FOLDER / 'airflow.log').relative_to(ROOT)}")
    print(f"All nights are as expected, in {time.monotonic() - started:.0f} s.")


if __name__ == "__main__":
    main()
