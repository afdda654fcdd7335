from __future__ import annotations

import json

import pytest

from phrase_provider.get_provider_info import get_provider_info
from phrase_provider.links import PhraseProgressLink, PhraseTmsJobLink, PhraseTmsProjectLink
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator

LINKS = {
    "phrase_project_url": PhraseTmsProjectLink(),
    "phrase_job_url": PhraseTmsJobLink(),
    "phrase_progress_url": PhraseProgressLink(),
}
BASE = "https://tms.example.test/web"


class Pushed:
    """Takes what a task tells Airflow."""

    def __init__(self) -> None:
        self.xcoms: dict[str, str] = {}

    def xcom_push(self, key: str, value: str) -> None:
        self.xcoms[key] = value


@pytest.fixture
def task(monkeypatch):
    extra = f"tms_url={BASE}".replace(":", "%3A").replace("/", "%2F")
    monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", f"phrase://:token@/?{extra}")
    return PhraseTmsExportTargetFileOperator(task_id="task", project_uid="p", job_uid="j", target_path="t")


def urls(task):
    return {key: link.get_link(task, ti_key=None) for key, link in LINKS.items()}


def test_there_is_no_link_before_the_task_knows_it(task):
    assert urls(task) == dict.fromkeys(LINKS, "")


def test_links_are_pushed_where_airflow_looks_for_them(task):
    pushed = Pushed()
    task.push_links({"ti": pushed}, project_uid="p1", job_uid="j1")
    assert pushed.xcoms == {
        "phrase_project_url": f"{BASE}/project2/show/p1",
        "phrase_job_url": f"{BASE}/job/j1/translate",
    }
    assert urls(task) == {**pushed.xcoms, "phrase_progress_url": ""}


def test_progress_has_a_link_beside_the_others(task):
    pushed = Pushed()
    task.push_links({"ti": pushed}, project_uid="p1")
    task.push_progress_link({"ti": pushed}, "/data/jobs.progress.json")
    assert pushed.xcoms["phrase_progress_url"] == "file:///data/jobs.progress.json"
    assert urls(task)["phrase_project_url"] == pushed.xcoms["phrase_project_url"]


def test_links_lead_to_where_people_open_phrase(task, monkeypatch):
    extra = {"tms_url": "http://proxy/web", "web_url": BASE}
    connection = {"conn_type": "phrase", "password": "token", "extra": extra}
    monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", json.dumps(connection))
    pushed = Pushed()
    task.push_links({"ti": pushed}, project_uid="p1")
    assert pushed.xcoms == {"phrase_project_url": f"{BASE}/project2/show/p1"}


def test_project_alone(task):
    pushed = Pushed()
    task.push_links({"ti": pushed}, project_uid="p1")
    assert list(pushed.xcoms) == ["phrase_project_url"]
    assert urls(task)["phrase_job_url"] == ""


def test_airflow_knows_every_link():
    known = set(get_provider_info()["extra-links"])
    assert known == {f"{type(link).__module__}.{type(link).__name__}" for link in LINKS.values()}
