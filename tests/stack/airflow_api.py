"""What a test asks of a running Airflow, over its REST API."""

from __future__ import annotations

import time
from typing import Any

import requests

DAG_ID = "phrase_tms_import_to_delivered"


class AirflowApi:
    """
    A login of the admin user.

    :param url: Airflow's.
    """

    def __init__(self, url: str) -> None:
        self._base = f"{url}/api/v2"
        self._http = requests.Session()
        login = requests.post(
            f"{url}/auth/token", json={"username": "admin", "password": "admin"}, timeout=30
        )
        login.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {login.json()['access_token']}"

    def get(self, path: str) -> Any:
        return self._answer(self._http.get(f"{self._base}/{path}", timeout=30))

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._answer(self._http.post(f"{self._base}/{path}", json=body, timeout=60))

    def run_dag(self, conf: dict[str, Any], seconds: float = 300) -> str:
        """Run the example DAG to its end and give its state."""
        runs = f"dags/{DAG_ID}/dagRuns"
        run = self.post(runs, {"logical_date": None, "conf": conf})
        give_up = time.monotonic() + seconds
        while run["state"] not in ("success", "failed"):
            assert time.monotonic() < give_up, f"the run was still {run['state']} after {seconds} s"
            time.sleep(1)
            run = self.get(f"{runs}/{run['dag_run_id']}")
        return run["state"]

    @staticmethod
    def _answer(response: requests.Response) -> Any:
        assert response.ok, response.text
        return response.json()
