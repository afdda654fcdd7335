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
        return self.end_of(DAG_ID, self.start(DAG_ID, conf), seconds)

    def unpause(self, dag_id: str) -> None:
        """Let the runs of a DAG begin."""
        self._answer(self._http.patch(f"{self._base}/dags/{dag_id}", json={"is_paused": False}, timeout=60))

    def start(self, dag_id: str, conf: dict[str, Any]) -> str:
        """Start a run and give its id."""
        return self.post(f"dags/{dag_id}/dagRuns", {"logical_date": None, "conf": conf})["dag_run_id"]

    def end_of(self, dag_id: str, run_id: str, seconds: float = 300) -> str:
        """Wait for the end of a run and give its state."""
        give_up = time.monotonic() + seconds
        while (state := self.get(f"dags/{dag_id}/dagRuns/{run_id}")["state"]) not in ("success", "failed"):
            assert time.monotonic() < give_up, f"{run_id} was still {state} after {seconds} s"
            time.sleep(1)
        return state

    def dag_ids(self) -> set[str]:
        """Give the ids of the DAGs that were parsed."""
        return {dag["dag_id"] for dag in self.get("dags?limit=100")["dags"]}

    def instances(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """Give the task instances of a run, whatever their number."""
        found: list[dict[str, Any]] = []
        total = 1
        while len(found) < total:
            at = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances?limit=100&offset={len(found)}"
            page = self.get(at)
            found += page["task_instances"]
            total = page["total_entries"] if page["task_instances"] else 0
        return found

    def tries(self, dag_id: str, run_id: str) -> dict[str, int]:
        """Give the number of tries that each task of a run took, by task id and map index."""
        return {
            f"{ti['task_id']}.{ti['map_index']}": ti["try_number"] for ti in self.instances(dag_id, run_id)
        }

    def states(self, dag_id: str, run_id: str) -> dict[str, str | None]:
        """Give the state of each task of a run that has no mapped ones."""
        return {ti["task_id"]: ti["state"] for ti in self.instances(dag_id, run_id)}

    def mark(self, dag_id: str, run_id: str, task_id: str, state: str) -> None:
        """Do what people do with the buttons "mark as failed" and "mark as success"."""
        path = f"{self._base}/dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}"
        self._answer(self._http.patch(path, json={"new_state": state}, timeout=60))

    def clear(self, dag_id: str, run_id: str, task_id: str) -> None:
        """Do what people do with the button "clear"."""
        body = {"dry_run": False, "dag_run_id": run_id, "task_ids": [task_id], "only_failed": False}
        self.post(f"dags/{dag_id}/clearTaskInstances", body)

    def press_test_button(self, conn_id: str) -> dict[str, Any]:
        """Send what the button "test" of the connection list sends, with nothing that is stored left out."""
        stored = self.get(f"connections/{conn_id}")
        texts = ("connection_id", "conn_type", "description", "extra", "host", "login", "schema")
        form = {name: stored[name] or "" for name in texts}
        return self.post("connections/test", {**form, "password": "***", "port": stored["port"] or 0})

    @staticmethod
    def _answer(response: requests.Response) -> Any:
        assert response.ok, response.text
        return response.json()
