"""
`make bench-continuous`: what it costs to keep thousands of files translated in a dozen languages.

The example DAGs run in a throwaway Airflow with its default limits, beside a local Phrase whose people work
by themselves; beside them a loop as one writes it first. Requests are counted from the access log of that
Phrase. With ``--files`` and ``--site`` the numbers of files are smaller, for a try.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from benchmarks.continuous import MARK
from benchmarks.continuous.content import ADDED, LANGS, change
from benchmarks.continuous.dags import (
    CONTINUOUS,
    MAPPED,
    continuous_params,
    mapped_params,
    run_dag,
    small_params,
)
from benchmarks.continuous.naive import NaiveLoop
from benchmarks.continuous.people import People
from benchmarks.continuous.projects import batch_project
from benchmarks.continuous.site import Site, site
from benchmarks.report import ROOT, Figure, publish
from phrase_provider.api.tms.job_status import JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

#: Files and languages of the run that is compared with others.
FILES_COMPARED, LANGS_COMPARED = 20, 6
#: Files that get a language more.
FILES_ADDED = 300
#: Simulated seconds per second, and what people take for a job.
SPEED = 60
SLOW_PEOPLE = {"accept_seconds": (60, 300), "complete_seconds": (600, 6000)}
#: Figures of the first run that must be met.
MAX_TASKS, MAX_LEGS, MAX_REQUESTS, MAX_XCOM, MAX_MEMORY = 12, 40, 3.6, 1024, 64
#: Requests of a run with no change, and its time in times of the least that reads the same.
MAX_UNCHANGED, MAX_OF_FLOOR = 10, 1.5


class Sizes(NamedTuple):
    """
    How many files there are.

    :param first: files of the first run.
    :param site: files of the site that hardly changes.
    :param cancelled: jobs of the first run that are cancelled.
    :param rejected: jobs of it that are rejected, and redone.
    """

    first: int
    site: int
    cancelled: int
    rejected: int


def first_run(folder: Path, sizes: Sizes) -> list[Figure]:
    """Translate many files in all languages, while people cancel and reject some of the jobs."""
    targets = sizes.first * len(LANGS)
    with site(folder, speed=SPEED, **SLOW_PEOPLE) as ours:
        ours.write(sizes.first)
        params = continuous_params(ours, LANGS)
        with People(ours, targets, sizes.cancelled, sizes.rejected) as people:
            run = run_dag(ours, CONTINUOUS, params, warm_up=small_params(ours, params))
        counts = ours.traffic.counted()
        written = ours.targets()
        duplicates = len(list(ours.client.jobs.list(ours.project_uid(), levels=[1]))) - targets
    _say(run, counts)
    name = f"{sizes.first} files by {len(LANGS)} languages: "
    return [
        Figure(f"{name}task instances", "tasks", run["tasks"], 1, {}, MAX_TASKS),
        Figure(f"{name}legs of the batch lane", "legs", run["starts"]["translate"], 1, {}, MAX_LEGS),
        Figure(
            f"{name}requests per target, from upload to DELIVERED",
            "requests",
            counts["requests"] / targets,
            3,
            {},
            MAX_REQUESTS,
        ),
        Figure(f"{name}largest XCom", "bytes", run["xcom"], 0, {}, MAX_XCOM),
        Figure(f"{name}peak memory above the base", "MiB", run["memory"], 0, {}, MAX_MEMORY),
        Figure(f"{name}jobs in Phrase twice", "jobs", duplicates, 0, {}, 0),
        Figure(
            f"{sizes.cancelled} of {targets:,} jobs cancelled, {sizes.rejected} rejected and redone: others "
            "not delivered before the latter were",
            "targets",
            people.late,
            0,
            {},
            0,
        ),
        Figure(
            f"{sizes.cancelled} of {targets:,} cancelled: targets written of these, or missing of others",
            "targets",
            abs(written - (targets - sizes.cancelled)),
            0,
            {},
            0,
        ),
    ]


def compared(folder: Path) -> list[Figure]:
    """Translate a few files with the continuous DAG, the mapped one and the naive loop."""
    langs, found = LANGS[:LANGS_COMPARED], {}
    for dag_id in (CONTINUOUS, MAPPED):
        with site(folder / dag_id, speed=SPEED) as ours:
            ours.write(FILES_COMPARED)
            params = (continuous_params if dag_id == CONTINUOUS else mapped_params)(ours, langs)
            run = run_dag(ours, dag_id, params, warm_up=small_params(ours, params))
            found[dag_id] = (run["seconds"], ours.traffic.counted()["requests"], run["tasks"])
            _say(run, ours.traffic.counted())
            _require(ours.targets() == FILES_COMPARED * LANGS_COMPARED, f"{dag_id}: {run}")
    with site(folder / "naive", speed=SPEED) as ours:
        sources = ours.write(FILES_COMPARED)
        (folder / "naive/out").mkdir()
        template = next(
            t["uid"] for t in ours.client.templates.list() if t["templateName"] == ours.template()
        )
        seconds = NaiveLoop(ours.simulator, folder / "naive/out").run(sources, langs, template)
        naive = (seconds, ours.traffic.counted()["requests"], 1)
    lane, mapped = found[CONTINUOUS], found[MAPPED]
    name = f"{FILES_COMPARED} files by {LANGS_COMPARED} languages: "
    peers = {"mapped DAG": mapped, "loop of one poll each, outside Airflow": naive}
    return [
        Figure(f"{name}time", "s", lane[0], 0, {who: each[0] for who, each in peers.items()}, mapped[0] / 10),
        Figure(
            f"{name}requests",
            "requests",
            lane[1],
            3 * FILES_COMPARED * LANGS_COMPARED,
            {who: float(each[1]) for who, each in peers.items()},
            mapped[1] / 2,
        ),
    ]


def rare_changes(folder: Path, sizes: Sizes) -> list[Figure]:
    """Run over a large site again: with no change, and with four changed files."""
    with site(folder, speed=0) as ours:
        ours.write(sizes.site)
        project, parts = _delivered(ours, LANGS, steps=2)
        params = continuous_params(ours, LANGS, template=ours.template(2))
        cost = _plan_cost(ours, params)
        ours.traffic.mark()
        run = run_dag(ours, CONTINUOUS, params)
        unchanged = ours.traffic.counted()
        _require(run["state"] == "success", f"unchanged: {run}")
        _say(run, unchanged)
        changed = _change_four(ours, parts)
        ours.simulator.set_speed(SPEED)
        ours.traffic.mark()
        run = run_dag(ours, CONTINUOUS, params)
        counts = ours.traffic.counted()
        delivered = ours.client.jobs.count(project, 2, [JobStatus.DELIVERED])
        _require(run["state"] == "success", f"changed: {run}")
        _say(run, counts)
    return [*_unchanged_figures(sizes, unchanged, cost), *_changed_figures(sizes, counts, changed, delivered)]


def _unchanged_figures(sizes: Sizes, counts: Any, cost: dict[str, float]) -> list[Figure]:
    name = f"{sizes.site:,} files by {len(LANGS)} languages, no change: "
    files = float(sizes.site * len(LANGS))
    moved = counts["uploads"] + counts["updates"] + counts["exports"] + counts["downloads"]
    return [
        Figure(f"{name}requests", "requests", counts["requests"], 1, {"one read each": files}, MAX_UNCHANGED),
        Figure(f"{name}calls that change something", "requests", counts["writes"], 0, {}, 0),
        Figure(f"{name}uploads, updates, exports and downloads", "requests", moved, 0, {}, 0),
        Figure(
            f"{name}time of the plan, beside hashing the files and parsing the manifest",
            "s",
            cost["ours"],
            cost["floor"],
            {"this provider, the first time, with nothing kept": cost["first"]},
            MAX_OF_FLOOR * cost["floor"],
        ),
    ]


def _changed_figures(sizes: Sizes, counts: Any, changed: int, delivered: int) -> list[Figure]:
    name = f"{changed} of {sizes.site:,} files changed, in whatever status: "
    targets = changed * len(LANGS)
    return [
        Figure(f"{name}uploads of new jobs", "requests", counts["uploads"], 0, {}, 0),
        Figure(f"{name}updates of sources", "requests", counts["updates"], changed, {}, changed),
        Figure(f"{name}exports", "requests", counts["exports"], targets, {}, targets),
        Figure(
            f"{name}jobs that are not delivered at the end",
            "jobs",
            sizes.site * len(LANGS) - delivered,
            0,
            {},
            0,
        ),
    ]


def added_language(folder: Path) -> list[Figure]:
    """Add a language to files that are delivered in another."""
    with site(folder, speed=0) as ours:
        ours.write(FILES_ADDED)
        project, _ = _delivered(ours, LANGS[:1], steps=1)
        ours.simulator.set_speed(SPEED)
        ours.traffic.mark()
        run = run_dag(ours, CONTINUOUS, continuous_params(ours, (LANGS[0], ADDED)))
        counts = ours.traffic.counted()
        delivered = ours.client.jobs.count(project, 1, [JobStatus.DELIVERED])
        _require(run["state"] == "success", f"language: {run}")
        _say(run, counts)
    name = f"A language added to {FILES_ADDED} files: "
    return [
        Figure(f"{name}uploads", "requests", counts["uploads"], 0, {"upload each": FILES_ADDED}, 0),
        Figure(
            f"{name}jobs that are not delivered at the end",
            "jobs",
            2 * FILES_ADDED - delivered,
            0,
            {},
            0,
        ),
    ]


def _delivered(ours: Site, langs: Sequence[str], steps: int) -> tuple[str, Any]:
    """Have the site delivered by earlier runs; return the project, and the uids of its parts."""
    project_uid = batch_project(ours, langs, steps)
    return project_uid, ours.deliver(project_uid, langs)


def _change_four(ours: Site, parts: Any) -> int:
    """Change four sources: one whose jobs are new, in progress, completed in two steps, and delivered."""
    chosen = ours.sources[:: len(ours.sources) // 4][:4]
    for source, moves in zip(
        chosen,
        (
            {1: JobStatus.NEW, 2: JobStatus.NEW},
            {1: JobStatus.ACCEPTED, 2: JobStatus.NEW},
            {1: JobStatus.COMPLETED, 2: JobStatus.COMPLETED},
            {},
        ),
        strict=True,
    ):
        relative = str(source.relative_to(ours.folder / "in"))
        for level, status in moves.items():
            ours.set_status([parts[relative, lang][level] for lang in LANGS], status)
    change(chosen)
    return len(chosen)


def _plan_cost(ours: Site, params: dict[str, Any]) -> dict[str, float]:
    names = ("source", "base", "target_langs", "target_folder", "batch_id", "manifest", "rotation")
    arguments = {name: params[name] for name in names}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.continuous.plan_cost"],
        input=json.dumps(arguments),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**_environment(), **ours.connection()},
        check=False,
    )
    _require(not done.returncode, done.stderr[-2000:])
    found: dict[str, float] = json.loads(done.stdout.rpartition(MARK)[2].partition("\n")[0])
    return found


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}


def _say(run: dict[str, Any], counts: Any) -> None:
    print(f"  {run['state']} in {run['seconds']:.0f} s, {dict(counts)}, starts {run['starts']}", flush=True)


def _require(holds: bool, otherwise: str) -> None:
    if not holds:
        raise SystemExit(otherwise)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=500, help="files of the first run (500)")
    parser.add_argument("--site", type=int, default=3000, help="files of the large site (3000)")
    parser.add_argument("--only", choices=["first", "compared", "rare", "language"], help="one part alone")
    told = parser.parse_args()
    targets = told.files * len(LANGS)
    sizes = Sizes(told.files, told.site, targets // 24, targets // 60)
    folder = Path(tempfile.mkdtemp(prefix="bench-continuous-"))
    parts: dict[str, Callable[[], list[Figure]]] = {
        "first": lambda: first_run(folder / "first", sizes),
        "compared": lambda: compared(folder / "compared"),
        "rare": lambda: rare_changes(folder / "rare", sizes),
        "language": lambda: added_language(folder / "language"),
    }
    figures = []
    for name, measure in parts.items():
        if told.only in (None, name):
            print(f"{name} …", flush=True)
            figures += measure()
    raise SystemExit(publish("continuous", figures))


if __name__ == "__main__":
    main()
