"""
`make bench-simulator`: how quickly the local Phrase starts, and answers for a project of 10,000 jobs.

A webhook is subscribed and hears of every job. The clients are processes of their own, on the same cores as
the simulator.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from benchmarks.report import Figure, publish
from phrase_provider.simulator.process import SimulatorProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LANGUAGES = ["de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl"]
CLIENTS = 4
STARTS, PAGES = 5, 200
RATE = 300
"""Requests per second that are wanted."""
LEAST = "v1/auth/whoAmI"
"""The request that asks for least, which is the floor of the others."""


@dataclass
class Phrase:
    """A client that does nothing but send: the least that costs cores beside the simulator."""

    url: str
    token: str

    def __post_init__(self) -> None:
        self._connection = HTTPConnection(urlsplit(self.url).netloc, timeout=30)

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        """
        Send a request.

        :param path: below `/web/api2`.
        :param headers: names with underscores.
        :return: JSON of the answer.
        """
        given = {"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request(method, f"/web/api2/{path}", body, given)
        with self._connection.getresponse() as response:
            answer = response.read()
        if response.status >= 400:
            raise SystemExit(f"{method} {path}: {response.status} {answer.decode()}")
        return json.loads(answer) if answer else None


def connect(simulator: SimulatorProcess) -> Phrase:
    """Exchange the API token."""
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": simulator.api_token,
    }
    connection = HTTPConnection(urlsplit(simulator.url).netloc, timeout=30)
    content = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/idm/oauth/token", urlencode(form), content)
    return Phrase(simulator.url, json.load(connection.getresponse())["access_token"])


@contextmanager
def receiver() -> Iterator[str]:
    """A server that takes every message; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def fill(phrase: Phrase, jobs: int) -> tuple[str, str]:
    """
    Make a project with so many jobs.

    :return: uids of the project and of one job.
    """
    (template, *_) = phrase.call("GET", "v1/projectTemplates?sort=templateName&direction=asc")["content"]
    path = f"v2/projects/applyTemplate/{template['uid']}"
    project = phrase.call("POST", path, json.dumps({"name": "Many", "targetLangs": LANGUAGES}).encode())[
        "uid"
    ]
    for number in range(jobs // len(LANGUAGES)):
        created = phrase.call(
            "POST",
            f"v1/projects/{project}/jobs",
            b"Hello world\n",
            Content_Type="application/octet-stream",
            Content_Disposition=f"filename*=UTF-8''{number}.txt",
            Memsource=json.dumps({"targetLangs": LANGUAGES}),
        )
    return project, created["jobs"][0]["uid"]


def timed(action: Callable[[], object]) -> float:
    """Return how many seconds an action takes."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def start() -> None:
    with SimulatorProcess():
        pass


def poll(phrase: Phrase, paths: list[str], requests: int) -> None:
    """Send requests one after the other, as one client does."""
    for number in range(requests):
        phrase.call("GET", paths[number % len(paths)])


def per_request(phrase: Phrase, paths: list[str], requests: int) -> float:
    """Return how many milliseconds a request takes when clients share a number of them."""
    fork = multiprocessing.get_context("fork")
    arguments = (Phrase(phrase.url, phrase.token), paths, requests // CLIENTS)
    clients = [fork.Process(target=poll, args=arguments) for _ in range(CLIENTS)]

    def run() -> None:
        for client in clients:
            client.start()
        for client in clients:
            client.join()

    seconds = timed(run)
    if any(client.exitcode for client in clients):
        raise SystemExit("A client failed.")
    return 1000 * seconds / requests


def p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-simulator", description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000, help="jobs in the project")
    parser.add_argument("--requests", type=int, default=3_000, help="requests that the clients share")
    arguments = parser.parse_args()
    bare = median(
        timed(lambda: subprocess.run([sys.executable, "-c", ""], check=True)) for _ in range(STARTS)
    )
    started = median(timed(start) for _ in range(STARTS))
    with receiver() as url, SimulatorProcess() as simulator:
        simulator.settings(quota_per_minute=None, pending_limit=None, unassigned_work_moves=True)
        phrase = connect(simulator)
        webhook = {"url": url, "events": ["JOB_CREATED", "JOB_STATUS_CHANGED"]}
        phrase.call("POST", "v2/webhooks", json.dumps(webhook).encode())
        project, job = fill(phrase, arguments.jobs)
        page = f"v2/projects/{project}/jobs?pageNumber={arguments.jobs // 50 // 2}"
        pages = [1000 * timed(lambda: phrase.call("GET", page)) for _ in range(PAGES)]
        least = [1000 * timed(lambda: phrase.call("GET", LEAST)) for _ in range(PAGES)]
        several = per_request(phrase, [page, f"v1/projects/{project}/jobs/{job}", LEAST], arguments.requests)
        floor = per_request(phrase, [LEAST], arguments.requests)
        told = len(simulator.deliveries())
    print(f"{told} webhook calls went out meanwhile")
    figures = [
        Figure("Start until the first answer", "s", started, bare, {}, goal=2),
        Figure(
            f"List page of {arguments.jobs} jobs, median", "ms", median(pages), median(least), {}, goal=20
        ),
        Figure(f"List page of {arguments.jobs} jobs, p95", "ms", p95(pages), p95(least), {}, goal=20),
        Figure(f"A request of {CLIENTS} clients at once", "ms", several, floor, {}, goal=1000 / RATE),
    ]
    raise SystemExit(publish("simulator", figures))


if __name__ == "__main__":
    main()
