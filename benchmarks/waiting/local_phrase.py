"""Projects and jobs in a simulator, for many waits."""

from __future__ import annotations

import io
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from benchmarks.waiting.stub import LATENCY
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.simulator.process import SimulatorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.waiting.scenarios import Job

LANGS = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
NAME = "AIRFLOW_CONN_PHRASE_DEFAULT"


class LocalPhrase:
    """
    A simulator whose time stands still.

    :param simulator: running.
    """

    def __init__(self, simulator: SimulatorProcess) -> None:
        self.simulator = simulator
        self.client = TmsClient.connect(
            ClientSettings(
                simulator.api_token, simulator.url, simulator.tms_url, simulator.url, token_cache=False
            )
        )

    def jobs(self, projects: int, each: int, langs: tuple[str, ...] = LANGS) -> list[Job]:
        """
        Create projects without workflow steps and jobs in them; the imports have begun.

        :param each: jobs of a project.
        :return: project and uid of each job.
        """
        template = min(self.client.templates.list(), key=lambda item: len(item["templateName"]))["uid"]
        found: list[Job] = []
        for _ in range(projects):
            project = self.client.projects.create_from_template(template, name="Bench", target_langs=LANGS)
            for number in range(each // len(langs)):
                request = JobRequest(f"{number}.md", langs)
                created = self.client.jobs.create(project["uid"], request, lambda: io.BytesIO(b"Hello\n"))
                found += [(project["uid"], part["uid"]) for part in created["jobs"]]
        return found

    def slow_down(self) -> None:
        """Answer everything from now on after the latency of a network."""
        self.simulator.fault(delay=LATENCY, times=None)

    def arrived(self, since: float, until: float) -> list[dict[str, Any]]:
        """Give the API requests between two moments, in epoch seconds, oldest first."""
        first, last = (_iso(moment) for moment in (since, until))
        found = self.simulator.requests(path="^/web/")
        return [request for request in found if first <= request["time"] <= last]


def _iso(moment: float) -> str:
    from datetime import UTC, datetime

    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")


@contextmanager
def standing() -> Iterator[LocalPhrase]:
    """Run a simulator; the environment's default connection leads to it."""
    with SimulatorProcess(speed=0) as simulator:
        simulator.settings(work_moves=False, pending_limit=None)
        connection = json.loads(simulator.airflow_connection())
        connection["extra"]["share_login"] = False
        os.environ[NAME] = json.dumps(connection)
        yield LocalPhrase(simulator)
