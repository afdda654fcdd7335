"""
`make bench-waiting`: what it costs Phrase and the triggerer that a thousand tasks wait, or ten thousand.

This provider's triggers wait for jobs, exports and imports of a local Phrase; triggers of others, from their
published packages, poll a stub that says "still running", and so does the floor: bare loops over one aiohttp
session. Both servers answer after 50 ms, and count. Every measurement is a process of its own, and only one
runs at a time.
"""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.peers import make_environment
from benchmarks.report import ROOT, Figure, publish
from benchmarks.waiting import MARK
from benchmarks.waiting.candidates import FLOOR, PEERS, SLEEP
from benchmarks.waiting.local_phrase import LANGS, LocalPhrase, standing
from benchmarks.waiting.stub import Stub, running

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.waiting.scenarios import Job

Measured = dict[str, Any]

WAITS = 1000
#: Seconds between polls in the measurements of cost, and for how long they go on.
INTERVAL, SECONDS = 5, 15
PEERS_INTERVAL, PEERS_SECONDS = 3, 9
#: With 100 projects to ask, a shorter interval would be stretched by the budget of requests.
INTERVAL_100, SECONDS_100 = 10, 25
#: Waits for jobs that nothing else is asked with: one poll each, over the session that all share.
ALONE = 200
INTERVAL_ALONE, SECONDS_ALONE = 12, 36
#: Seconds after which a measurement is given up.
LONGEST = 150
#: What a call may cost, in calls of `requests` without the environment's settings.
MOST_OF_BARE = 1.3
#: Most of the longest stall that bare loops over one shared session cause.
MOST_OF_STALL = 0.25
KIB, MIB = 1024, 1 << 20


class Bench:
    """
    Runs the measurements and makes their figures.

    :param python: of the environment with the peers.
    """

    def __init__(self, python: Path) -> None:
        self._python = python

    def probe(self, scenario: str, what: str, **arguments: Any) -> Measured | None:
        """
        Run a scenario in a fresh process.

        :param what: printed meanwhile.
        :return: what it found; None when it failed, which is printed.
        """
        print(f"{what} …", flush=True)
        try:
            done = subprocess.run(
                [self._python, "-m", "benchmarks.waiting.probe", scenario],
                input=json.dumps(arguments),
                capture_output=True,
                text=True,
                cwd=ROOT,
                check=True,
                timeout=LONGEST,
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            print(f"  NOT MEASURED: {error}\n{(error.stderr or b'')[-500:]!r}")
            return None
        found: Measured = json.loads(done.stdout.rpartition(MARK)[2].partition("\n")[0])
        return found

    def needed(self, scenario: str, what: str, **arguments: Any) -> Measured:
        """Run a scenario that this provider must not fail."""
        found = self.probe(scenario, what, **arguments)
        if found is None:
            raise SystemExit(1)
        return found

    def others(self, stub: Stub) -> dict[str, Measured]:
        """Measure the peers, the floor and the sleeper; adds polls and what each cost."""
        found = {}
        for name in (SLEEP, FLOOR, *PEERS):
            waits = PEERS[name].waits if name in PEERS else WAITS
            told = {"name": name, "url": stub.url, "waits": waits, "interval": PEERS_INTERVAL}
            measured = self.probe("candidate", f"{waits} waits: {name}", **told, seconds=PEERS_SECONDS)
            if measured is None or measured["failed"]:
                print(
                    f"  {name}: {(measured or {}).get('failed', 'all')} of {waits} waits ended by themselves"
                )
                continue
            polls = stub.count(measured["since"], measured["until"])
            found[name] = {**measured, "polls": polls, "waits": waits}
        return found

    def ours(self, phrase: LocalPhrase, jobs: list[Job], interval: float, seconds: float) -> Measured:
        """Measure this provider's waits for jobs; adds the polls and their requests."""
        projects = len({project for project, _ in jobs})
        what = f"{len(jobs)} waits for jobs of {projects} projects"
        measured = self.needed("jobs", what, jobs=jobs, interval=interval, seconds=seconds)
        requests = phrase.arrived(measured["since"], measured["until"])
        polls = sum(map(_is_first_page, requests)) / projects
        return {**measured, "requests": most_in_an_interval(requests), "polls": polls * len(jobs)}

    def alone(self, phrase: LocalPhrase, jobs: list[Job]) -> Measured:
        """Measure waits for the one job of a project each; adds their requests as polls."""
        what = f"{len(jobs)} waits, one poll each"
        told = {"jobs": jobs, "interval": INTERVAL_ALONE, "seconds": SECONDS_ALONE}
        measured = self.needed("jobs", what, **told)
        return {**measured, "polls": len(phrase.arrived(measured["since"], measured["until"]))}


def most_in_an_interval(requests: Sequence[dict[str, Any]]) -> int:
    """Count the requests of the longest poll of each thing that is asked for, all things together."""
    longest: Counter[str] = Counter()
    current: Counter[str] = Counter()
    for request in requests:
        path = request["path"]
        # Each poll of a list begins with its first page; anything else is one request.
        current[path] = 1 if _is_first_page(request) or not request["query"] else current[path] + 1
        longest[path] = max(longest[path], current[path])
    return longest.total()


def _is_first_page(request: dict[str, Any]) -> bool:
    return ["pageNumber", "0"] in request["query"]


def cpu(measured: Measured) -> float:
    """Give the microseconds of CPU for a wait and its poll, its own or a shared one."""
    return float(1e6 * measured["cpu"] / measured["polls"])


def stall(measured: Measured) -> float:
    """Give the longest stall of the loop above its idle lag, in milliseconds."""
    return float(1000 * (measured["stall"] - measured["idle_lag"]))


def cost_figures(
    one: Measured, hundred: Measured, alone: Measured, others: dict[str, Measured]
) -> list[Figure]:
    """
    Compare what waiting costs the process.

    :param one: this provider, all jobs of one project.
    :param hundred: the same over 100 projects.
    :param alone: the same with one poll for each wait.
    """
    sleep, floor = others.pop(SLEEP), others.pop(FLOOR)
    unit = "µs per wait and interval"
    names = {name: f"{name}, {each['waits']} waits" for name, each in others.items()}
    each = f"one poll each, this provider's session, {ALONE} waits"
    cpus = {each: cpu(alone)} | {names[name]: cpu(peer) for name, peer in others.items()}
    stalls = {names[name]: stall(each) for name, each in others.items()}
    memory = {names[name]: (each["memory"] - sleep["memory"]) / KIB for name, each in others.items()}
    intervals = PEERS_SECONDS / PEERS_INTERVAL
    asked = {name: WAITS * each["polls"] / each["waits"] / intervals for name, each in others.items()}
    return [
        Figure(
            "Requests per interval, 1,000 jobs of one project", "requests", one["requests"], 20, asked, 20
        ),
        Figure(
            "Requests per interval, 1,000 jobs of 100 projects",
            "requests",
            hundred["requests"],
            100,
            asked,
            100,
        ),
        Figure("CPU, 1,000 jobs of one project", unit, cpu(one), cpu(floor), cpus, cpu(alone) / 10),
        Figure("CPU, 1,000 jobs of 100 projects", unit, cpu(hundred), cpu(floor), cpus, cpu(alone) / 3),
        Figure(
            "Longest stall of the event loop above its idle lag, 1,000 waits",
            "ms",
            max(stall(one), stall(hundred)),
            stall(floor),
            stalls,
            # Of the same machine in the same run: milliseconds alone say more of the machine.
            stall(floor) * MOST_OF_STALL,
        ),
        Figure(
            "Memory of a wait beyond a trigger that only sleeps",
            "KiB",
            (max(one["memory"], hundred["memory"]) - sleep["memory"]) / KIB,
            0,
            memory,
            20,
        ),
    ]


def call_figure(bench: Bench, stub: Stub) -> Figure:
    """Compare what a call costs with the same one over bare requests."""
    found = bench.needed("calls", "calls, one after the other", url=stub.url)
    cost = {name: 1e6 * seconds for name, seconds in found.items()}
    peers = {
        "requests, which reads the environment for each": cost["usual"],
        "this provider, with Airflow's log line on a console": cost["logged"],
    }
    name = "CPU of a call, without its log line"
    return Figure(name, "µs", cost["ours"], cost["bare"], peers, MOST_OF_BARE * cost["bare"])


def exports(bench: Bench, phrase: LocalPhrase) -> list[Figure]:
    """Wait for exports that finish over the run, at most 200 pending; ten more do not finish."""
    jobs = phrase.jobs(1, WAITS)
    phrase.simulator.advance(30)
    phrase.simulator.settings(export_seconds=(100_000, 100_000), pending_limit=200)
    lasting = [phrase.client.exports.start(*jobs[0]) for _ in range(10)]
    phrase.simulator.settings(export_seconds=(3, 9))
    phrase.slow_down()
    phrase.simulator.set_speed(1)
    found = bench.needed("exports", f"{WAITS} waits for exports", jobs=jobs, lasting=lasting, at_once=190)
    phrase.simulator.set_speed(0)
    if found["met"] != WAITS:
        raise SystemExit(f"{WAITS - found['met']} exports were not seen to finish.")
    asked = [request for request in phrase.arrived(found["since"], found["until"]) if _is_async(request)]
    pages = [datetime.fromisoformat(request["time"]) for request in asked if request["query"]]
    polls = [0]
    for before, page in pairwise([pages[0], *pages]):
        # Pages of one poll follow each other closely, polls are 2 s apart.
        polls += [0] if (page - before).total_seconds() > 1 else []
        polls[-1] += 1
    peers = {"one poll each": float(WAITS)}
    return [
        Figure(
            "List pages per interval at most, 1,000 async requests, at most 200 pending",
            "pages",
            max(polls),
            1,
            peers,
            4,
        ),
        Figure(
            "Single reads per finished async request", "reads", (len(asked) - len(pages)) / WAITS, 1, {}, 1
        ),
    ]


def imports(bench: Bench, phrase: LocalPhrase) -> list[Figure]:
    """Wait for imports that take 5 to 20 s, as those of the local Phrase do, with default settings."""
    jobs = phrase.jobs(10, 4, langs=("de",))
    phrase.slow_down()
    told = {"jobs": jobs, "url": phrase.simulator.url, "shortest": 5, "longest": 20}
    delays = bench.needed("imports", f"{len(jobs)} waits for imports", **told)["delays"]
    print(f"  longest {max(delays):.1f} s")
    name = "From the end of an import in Phrase to the event, default settings, median"
    return [Figure(name, "s", median(delays), 0, {}, 5)]


def many(bench: Bench, phrase: LocalPhrase) -> list[Figure]:
    """Wait for 10,000 jobs that people complete from the 20th minute on."""
    speed, minutes, waits = 30, 20, 10_000
    print(f"Creating {waits} jobs …", flush=True)
    jobs = phrase.jobs(100, 100)
    phrase.simulator.settings(
        work_moves=True,
        unassigned_work_moves=True,
        accept_seconds=(60, 120),
        complete_seconds=(60 * minutes, 60 * (minutes + 5)),
    )
    phrase.simulator.advance(20)
    phrase.slow_down()
    phrase.simulator.set_speed(speed)
    found = bench.needed("many", f"{waits} waits, 30 minutes", jobs=jobs, speed=speed, minutes=minutes - 2)
    phrase.simulator.set_speed(0)
    (tasks, memory), (tasks_later, memory_later) = found["samples"][4], found["samples"][-1]
    name = f"{waits:,} waits, 30 minutes of simulated time: "
    return [
        Figure(f"{name}not resumed, or with an error", "waits", waits - found["met"], 0, {}, 0),
        Figure(f"{name}resumed twice", "waits", found["twice"], 0, {}, 0),
        Figure(f"{name}tasks left at the end", "tasks", found["left"], 0, {}, 0),
        Figure(f"{name}tasks that came after minute 5", "tasks", tasks_later - tasks, 0, {}, 0),
        Figure(f"{name}memory since minute 5", "MiB", (memory_later - memory) / MIB, 0, {}, 5),
    ]


def restart(bench: Bench, phrase: LocalPhrase, jobs: list[Job], budget: float) -> list[Figure]:
    """Stop 1,000 waits over 100 projects as a triggerer that restarts does, and begin again."""
    found = bench.needed("restart", f"{len(jobs)} waits begin again", jobs=jobs, speed=10)
    if found["waiting"] != len(jobs):
        raise SystemExit(f"{len(jobs) - found['waiting']} waits ended at the restart.")
    requests = len(phrase.arrived(found["since"], found["until"]))
    name = "Requests in the first minute after a restart, 1,000 jobs of 100 projects"
    return [Figure(name, "requests", requests, 100, {"one poll each": 1000.0}, budget)]


def measure(bench: Bench) -> Sequence[Figure]:
    """Run everything."""
    with running() as stub:
        call, others = call_figure(bench, stub), bench.others(stub)
    with standing() as phrase:
        one, hundred = phrase.jobs(1, WAITS), phrase.jobs(100, WAITS // 100)
        each = phrase.jobs(ALONE, 1, langs=LANGS[:1])
        phrase.simulator.advance(30)
        phrase.slow_down()
        cost = cost_figures(
            bench.ours(phrase, one, INTERVAL, SECONDS),
            bench.ours(phrase, hundred, INTERVAL_100, SECONDS_100),
            bench.alone(phrase, each),
            others,
        )
        again = restart(bench, phrase, hundred, budget=1200)
    with standing() as phrase:
        cost += exports(bench, phrase)
    with standing() as phrase:
        cost += imports(bench, phrase)
    with standing() as phrase:
        return [call, *cost, *again, *many(bench, phrase)]


def _is_async(request: dict[str, Any]) -> bool:
    return "/api2/v1/async" in request["path"]


def main() -> None:
    raise SystemExit(publish("waiting", measure(Bench(make_environment()))))


if __name__ == "__main__":
    main()
