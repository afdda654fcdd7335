from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from phrase_provider.simulator.process import SimulatorProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"


class Phrase:
    """Plain HTTP to a simulator; knows addresses and headers, no rules."""

    def __init__(self, simulator: SimulatorProcess) -> None:
        import requests

        self.simulator = simulator
        self.timeout = 30.0
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {self.exchange().json()['access_token']}"

    def exchange(self, **form: str) -> Any:
        import requests

        fields = {"grant_type": GRANT, "subject_token": self.simulator.api_token, **form}
        return requests.post(f"{self.simulator.url}/idm/oauth/token", data=fields, timeout=60)

    def call(self, method: str, path: str, **options: Any) -> Any:
        url = f"{self.simulator.tms_url}/api2/{path}"
        return self.http.request(method, url, timeout=self.timeout, **options)

    def get(self, path: str, **query: Any) -> Any:
        return self.call("GET", path, params=query)

    def templates(self) -> list[dict[str, Any]]:
        return self.get("v1/projectTemplates", sort="templateName", direction="asc").json()["content"]

    def project(self, steps: int = 1, **body: Any) -> dict[str, Any]:
        answer = self.call(
            "POST",
            f"v2/projects/applyTemplate/{self.templates()[steps - 1]['uid']}",
            json={"name": "Project", **body},
        )
        assert answer.status_code == 201
        return answer.json()

    def upload(self, project: str, name: str = "a.txt", content: bytes = b"Hello\n", **metadata: Any) -> Any:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"filename*=UTF-8''{quote(name)}",
            "Memsource": json.dumps({"targetLangs": ["de"], **metadata}),
        }
        return self.call("POST", f"v1/projects/{project}/jobs", data=content, headers=headers)

    def job(self, project: str, uid: str) -> dict[str, Any]:
        return self.get(f"v1/projects/{project}/jobs/{uid}").json()

    def jobs(self, project: str, **query: Any) -> list[dict[str, Any]]:
        return self.get(f"v2/projects/{project}/jobs", **query).json()["content"]

    def export(self, project: str, uid: str) -> Any:
        return self.call("PUT", f"v3/projects/{project}/jobs/{uid}/targetFile")

    def download(self, project: str, uid: str, request: str) -> Any:
        return self.get(f"v2/projects/{project}/jobs/{uid}/downloadTargetFile/{request}")

    def set_status(self, project: str, uid: str, status: str) -> Any:
        return self.call(
            "POST", f"v1/projects/{project}/jobs/{uid}/setStatus", json={"requestedStatus": status}
        )


@pytest.fixture(scope="session")
def standing_simulator() -> Iterator[SimulatorProcess]:
    """Its time stands still, so that tests move it; people work though nobody has assigned them."""
    with SimulatorProcess(speed=0, settings={"unassigned_work_moves": True}) as simulator:
        yield simulator


@pytest.fixture
def simulator(standing_simulator: SimulatorProcess) -> SimulatorProcess:
    standing_simulator.reset()
    return standing_simulator


@pytest.fixture(scope="session")
def connect() -> Callable[[SimulatorProcess], Phrase]:
    return Phrase


@pytest.fixture
def phrase(simulator: SimulatorProcess) -> Phrase:
    return Phrase(simulator)


@pytest.fixture
def target(phrase: Phrase) -> Callable[..., bytes]:
    """Take a file the whole way through the simulator, to the target file."""

    def take(name: str, content: str | bytes, language: str = "pt_br") -> bytes:
        uid = phrase.project()["uid"]
        content = content.encode() if isinstance(content, str) else content
        job = phrase.upload(uid, name, content, targetLangs=[language]).json()["jobs"][0]["uid"]
        phrase.simulator.job(job, "complete")
        request = phrase.export(uid, job).json()["asyncRequest"]["id"]
        phrase.simulator.advance(15)
        return phrase.download(uid, job, request).content

    return take
