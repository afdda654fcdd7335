"""What a simulator holds in the end, read over plain HTTP."""

from __future__ import annotations

from typing import Any

import requests

from phrase_provider.simulator.process import SimulatorProcess

_GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"


class PhraseRecords:
    """Reads the projects and jobs of a simulator, all pages of them."""

    def __init__(self, simulator: SimulatorProcess) -> None:
        form = {"grant_type": _GRANT, "subject_token": simulator.api_token}
        token = requests.post(f"{simulator.url}/idm/oauth/token", data=form, timeout=10).json()
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token['access_token']}"
        self._base = f"{simulator.tms_url}/api2"

    def projects(self) -> list[str]:
        """Give the uids of all projects."""
        return [project["uid"] for project in self._pages("v1/projects")]

    def jobs(self, project_uid: str) -> list[dict[str, Any]]:
        """Give the job parts of the first workflow level."""
        return self._pages(f"v2/projects/{project_uid}/jobs")

    def all_jobs(self) -> list[dict[str, Any]]:
        """Give the job parts of all projects, of the first workflow level."""
        return [job for project in self.projects() for job in self.jobs(project)]

    def _pages(self, path: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        number, pages = 0, 1
        while number < pages:
            answer = self._http.get(f"{self._base}/{path}", params={"pageNumber": number}, timeout=10)
            answer.raise_for_status()
            page = answer.json()
            found += page["content"]
            number, pages = number + 1, page["totalPages"]
        return found
