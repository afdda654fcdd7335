"""
`make bench-token`: how often a thousand task processes of one host exchange the API token.

Each process is forked, as Airflow's LocalExecutor does, makes a client of its own and asks Phrase who it
is. Beside it: the same with an exchange in every process. A local Phrase counts the exchanges.
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
import time
from dataclasses import replace

from benchmarks.report import Figure, publish
from phrase_provider.api.auth.exchange import EXCHANGE
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.simulator.process import SimulatorProcess

AT_ONCE = 16


def task(settings: ClientSettings) -> None:
    """What a task does first: get a token and make a call with it."""
    TmsClient.connect(settings).users.who_am_i()


def exchanges(settings: ClientSettings, processes: int) -> int:
    """
    Run tasks in a process each and count the token exchanges.

    :param settings: addresses of a simulator.
    :param processes: how many.
    """
    with SimulatorProcess() as phrase:
        there = replace(settings, api_token=phrase.api_token, platform_url=phrase.url, tms_url=phrase.tms_url)
        started = time.monotonic()
        fork = multiprocessing.get_context("fork")
        with fork.Pool(AT_ONCE, maxtasksperchild=1) as pool:
            pool.map(task, [there] * processes, chunksize=1)
        print(f"{processes} processes in {time.monotonic() - started:.0f} s", flush=True)
        return len(phrase.requests(method=EXCHANGE.method, path=EXCHANGE.path))


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-token", description=__doc__)
    parser.add_argument("--processes", type=int, default=1000, help="task processes")
    processes = parser.parse_args().processes
    settings = ClientSettings(api_token="", platform_url="", tms_url="", strings_url="")
    with tempfile.TemporaryDirectory() as folder:
        # The shared token lives in the temporary directory; this run starts without one.
        tempfile.tempdir = folder
        ours = exchanges(settings, processes)
        alone = exchanges(replace(settings, token_cache=False), processes)
    peers = {"an exchange per process": alone}
    figure = Figure(f"Token exchanges of {processes} processes", "exchanges", ours, 1, peers, goal=1)
    raise SystemExit(publish("token", [figure]))


if __name__ == "__main__":
    main()
