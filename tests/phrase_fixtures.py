"""A local Phrase whose time stands still, for the tests of what Airflow runs."""

from __future__ import annotations

import io
import json
import re
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any

import pytest
import tenacity

from phrase_provider.simulator.process import SimulatorProcess

#: An upload, for :meth:`Phrase.sent`.
UPLOAD = {"method": "POST", "path": "/jobs$"}
#: What Phrase charges for, or keeps.
COSTLY = re.compile(r"applyTemplate|/jobs$|/jobs/clone$|/setStatus$|/targetFile$")


class Phrase:
    """
    Prepares what a test needs in Phrase, lets people there do something, and tells what was sent.

    :param simulator: its clock stands still.
    """

    def __init__(self, simulator: SimulatorProcess) -> None:
        self.simulator = simulator
        self._seen = 0

    @cached_property
    def client(self) -> Any:
        from phrase_provider.hooks.tms import PhraseTmsHook

        return PhraseTmsHook().client

    def template(self, steps: int = 1) -> dict[str, Any]:
        """Give the template with so many workflow steps."""
        return sorted(self.client.templates.list(), key=lambda item: len(item["templateName"]))[steps - 1]

    def project(self, *langs: str, steps: int = 1) -> str:
        template = self.template(steps)["uid"]
        langs = langs or ("de", "pt_br")
        return self.client.projects.create_from_template(template, name="Project", target_langs=langs)["uid"]

    def change_project(self, project_uid: str, **fields: Any) -> None:
        self._person("PATCH", f"/api2/v1/projects/{project_uid}", fields)

    def change_job(self, project_uid: str, job_uid: str, **fields: Any) -> None:
        self._person("PATCH", f"/api2/v1/projects/{project_uid}/jobs/{job_uid}", fields)

    def upload(
        self,
        project_uid: str,
        name: str = "a.md",
        langs: Sequence[str] = ("de",),
        content: bytes = b"Hello\n\nworld\n",
    ) -> list[str]:
        """Create the jobs of a file; gives the uids of all their parts."""
        from phrase_provider.api.tms.job_request import JobRequest

        request = JobRequest(name, langs)
        created = self.client.jobs.create(project_uid, request, lambda: io.BytesIO(content))
        return [part["uid"] for part in created["jobs"]]

    def delete_job(self, project_uid: str, job_uid: str) -> None:
        self._person("DELETE", f"/api2/v1/projects/{project_uid}/jobs/batch", {"jobs": [{"uid": job_uid}]})

    def jobs(self, *langs: str) -> tuple[str, list[str]]:
        """Make a project with an imported job for each language; gives their uids."""
        langs = langs or ("de",)
        project_uid = self.project(*langs)
        uids = self.upload(project_uid, langs=langs)
        self.import_files()
        return project_uid, uids

    def analyse(self, *job_uids: str) -> str:
        """Start an analysis of jobs; gives the id with which its creation answers."""
        from phrase_provider.api.endpoint import Endpoint
        from phrase_provider.api.session import Call

        body = {"jobs": [{"uid": uid} for uid in job_uids], "type": "PreAnalyse"}
        call = Call(Endpoint("POST", "/api2/v1/analyses/byLanguages"), body=body)
        return self.client.session.json(call)["analyses"][0]["analyse"]["id"]

    def _person(self, method: str, path: str, body: dict[str, Any]) -> None:
        """Do what people do in Phrase, and this package never does."""
        from phrase_provider.api.endpoint import Endpoint
        from phrase_provider.api.session import Call

        success = 204 if method == "DELETE" else 200
        self.client.session.json(Call(Endpoint(method, path, success=success), body=body))

    def import_files(self) -> None:
        self.simulator.advance(20)

    def finish_exports(self) -> None:
        self.simulator.advance(15)

    def status(self, project_uid: str, job_uid: str) -> str:
        return self.client.jobs.get(project_uid, job_uid)["status"]

    def forget(self) -> None:
        """Tell from now on only what is sent after this."""
        self._seen = len(self.simulator.requests())

    def sent(self, method: str | None = None, path: str = "") -> list[dict[str, Any]]:
        """
        Give the requests since :meth:`forget`.

        :param method: only this one.
        :param path: only paths in which this regular expression is found.
        """
        return [
            request
            for request in self.simulator.requests()[self._seen :]
            if method in (None, request["method"]) and re.search(path, request["path"])
        ]

    def costly(self) -> list[str]:
        """Give what changed something or cost money since :meth:`forget`, as `METHOD last-part-of-path`."""
        return [
            f"{request['method']} {request['path'].rpartition('/')[2]}"
            for request in self.sent()
            if request["method"] in ("POST", "PUT", "DELETE") and COSTLY.search(request["path"])
        ]


@pytest.fixture(scope="session")
def standing_simulator() -> Iterator[SimulatorProcess]:
    with SimulatorProcess(speed=0) as simulator:
        yield simulator


@pytest.fixture
def connect(standing_simulator: SimulatorProcess, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Fills in the connection `phrase_default`; called again, in another way."""

    from phrase_provider.connection_form import unknown_keys

    def fill_in(**changes: Any) -> None:
        told = json.loads(standing_simulator.airflow_connection())
        told["extra"] |= {"timeout": 5, "retries": 2} | changes
        assert unknown_keys(told["extra"]) == []
        monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", json.dumps(told))

    return fill_in


@pytest.fixture
def phrase(
    standing_simulator: SimulatorProcess,
    connect: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Phrase]:
    """An empty Phrase, which the connection `phrase_default` leads to; a lost answer is looked up at once."""
    connect()
    # What the processes of a host share is not shared between tests.
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path_factory.mktemp("host")))
    monkeypatch.setenv("AIRFLOW__PHRASE__RECONCILIATION_TIMEOUT", "0")
    # Of a second; what Phrase names is waited for in full.
    monkeypatch.setattr("phrase_provider.api.retries._backoff", tenacity.wait_random(0.05, 0.1))
    standing_simulator.reset()
    standing_simulator.settings(work_moves=False)
    phrase = Phrase(standing_simulator)
    yield phrase
    phrase.client.close()


def until(seen: Callable[[], object]) -> bool:
    """Wait, in this thread, until something can be seen; for a minute at most. Tells whether it was."""
    give_up = time.monotonic() + 60
    while not (there := seen()) and time.monotonic() < give_up:
        time.sleep(0.02)
    return bool(there)


@pytest.fixture
def once() -> Iterator[Callable[..., None]]:
    """Does something as soon as something else can be seen, while the test waits; which must be seen."""
    threads: list[threading.Thread] = []
    missed: list[object] = []

    def later(seen: Callable[[], object], do: Callable[..., object], *args: Any) -> None:
        def watch() -> None:
            if not until(seen):
                missed.append(do)
            # Even then, so that the wait of the test ends.
            do(*args)

        threads.append(threading.Thread(target=watch))
        threads[-1].start()

    yield later
    for thread in threads:
        thread.join()
    assert missed == []


@pytest.fixture
def after_request(phrase: Phrase, once: Callable[..., None]) -> Callable[..., None]:
    """Does something as soon as Phrase has answered requests that are sent from now on."""

    def later(path: str, do: Callable[..., object], *args: Any, method: str = "GET", count: int = 1) -> None:
        earlier = len(phrase.simulator.requests(method, path))

        def answered() -> bool:
            new = phrase.simulator.requests(method, path)[earlier:]
            return len([request for request in new if request["status"]]) >= count

        once(answered, do, *args)

    return later
