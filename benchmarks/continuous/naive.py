"""The loop that people write first: one poll each for whatever it waits for, one thing after the other."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import requests

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from phrase_provider.simulator.process import SimulatorProcess

#: Seconds between two rounds of polls.
_INTERVAL = 5
_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"


class NaiveLoop:
    """
    Translates files with a session of `requests` and nothing else.

    :param simulator: the Phrase.
    :param out: folder of the targets.
    """

    def __init__(self, simulator: SimulatorProcess, out: Path) -> None:
        self._out = out
        self._url = f"{simulator.tms_url}/api2"
        self._session = requests.Session()
        form = {"grant_type": _GRANT, "subject_token": simulator.api_token}
        answer = self._session.post(f"{simulator.url}/idm/oauth/token", data=form).json()
        self._session.headers["Authorization"] = f"Bearer {answer['access_token']}"

    def run(self, sources: Iterable[Path], langs: Sequence[str], template_uid: str) -> float:
        """Translate files, and return the seconds that it took."""
        began = time.monotonic()
        body = {"name": "Naive", "targetLangs": list(langs)}
        project = self._call("POST", f"v2/projects/applyTemplate/{template_uid}", json=body)["uid"]
        jobs = [job for source in sources for job in self._upload(project, source, langs)]
        self._each(jobs, lambda job: self._get(project, job)["importStatus"]["status"] == "OK")
        self._call("POST", f"v1/projects/{project}/applyTemplate/{template_uid}/assignProviders")
        self._each(jobs, lambda job: self._get(project, job)["status"] == "COMPLETED")
        exports = {job: self._export(project, job) for job in jobs}
        self._each(jobs, lambda job: self._call("GET", f"v1/async/{exports[job]}")["asyncResponse"])
        for job in jobs:
            self._take(project, job, exports[job])
        return time.monotonic() - began

    def _each(self, jobs: Iterable[str], is_done: Any) -> None:
        left = list(jobs)
        while left := [job for job in left if not is_done(job)]:
            time.sleep(_INTERVAL)

    def _upload(self, project: str, source: Path, langs: Sequence[str]) -> list[str]:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(source.name)}",
            "Memsource": json.dumps({"targetLangs": list(langs)}),
        }
        path = f"v1/projects/{project}/jobs"
        return [
            job["uid"] for job in self._call("POST", path, data=source.read_bytes(), headers=headers)["jobs"]
        ]

    def _get(self, project: str, job: str) -> Any:
        return self._call("GET", f"v1/projects/{project}/jobs/{job}")

    def _export(self, project: str, job: str) -> str:
        started = self._call("PUT", f"v3/projects/{project}/jobs/{job}/targetFile", json={})
        return str(started["asyncRequest"]["id"])

    def _take(self, project: str, job: str, export: str) -> None:
        url = f"{self._url}/v2/projects/{project}/jobs/{job}/downloadTargetFile/{export}"
        answer = self._session.get(url)
        answer.raise_for_status()
        (self._out / f"{job}.md").write_bytes(answer.content)
        body = {"requestedStatus": "DELIVERED"}
        self._call("POST", f"v1/projects/{project}/jobs/{job}/setStatus", json=body)

    def _call(self, method: str, path: str, **request: Any) -> Any:
        answer = self._session.request(method, f"{self._url}/{path}", **request)
        answer.raise_for_status()
        return answer.json() if answer.content else None
