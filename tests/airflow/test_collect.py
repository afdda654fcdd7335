"""The DAG that takes home what is complete in projects of people, on a real Airflow and a local Phrase."""

from __future__ import annotations

from pathlib import Path

import pytest
from run_dag import DAG_FILE, load_dag

from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.hooks.tms import PhraseTmsHook

pytestmark = pytest.mark.airflow

COLLECT = DAG_FILE.with_name("phrase_tms_collect.py")


@pytest.fixture
def client(simulator, monkeypatch):
    simulator.reset()
    simulator.settings(work_moves=False)
    monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", simulator.airflow_connection())
    client = PhraseTmsHook().client
    yield client
    client.close()


@pytest.fixture
def make_project(simulator, client):
    """Make a project as people do, with a file in `de` and `fr`, complete in the first only."""

    def make(name: str, path: str = "docs/a.md") -> tuple[str, list[str]]:
        template = client.templates.resolve("Translation")["uid"]
        langs = ["de", "fr"]
        project = client.projects.create_from_template(template, name=name, target_langs=langs)
        folder, _, file = path.rpartition("/")

        def source():
            return Path(__file__).open("rb")

        created = client.jobs.create(project["uid"], JobRequest(file, langs, folder=folder), source)
        uids = [part["uid"] for part in created["jobs"]]
        simulator.job(uids[0], "complete")
        return project["uid"], uids

    return make


def run(runner, folder, **params):
    return runner.run({"name": "Spring", "target_folder": f"{folder}/out", **params}, file=COLLECT)


def written(folder):
    return sorted(path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.md"))


def status(client, project_uid, job_uid):
    return client.jobs.get(project_uid, job_uid)["status"]


def test_complete_work_is_written_and_delivered_and_the_rest_by_a_later_run(
    runner, simulator, client, make_project, tmp_path
):
    project_uid, (german, french) = make_project("Spring site")
    ended = run(runner, tmp_path)
    assert ended["state"] == "success", ended
    assert len(ended["tasks"]) <= 12
    assert ended["xcoms"]["translate"]["return_value"]["delivered"] == 1
    assert ended["xcoms"]["report"]["return_value"]["up to date"] == 1
    assert written(tmp_path) == ["Spring site/de/docs/a.md"]
    assert (status(client, project_uid, german), status(client, project_uid, french)) == ("DELIVERED", "NEW")

    exports = len(simulator.requests("PUT", "/targetFile$"))
    ended = run(runner, tmp_path)
    assert ended["state"] == "success", ended
    assert (ended["tasks"]["translate"], ended["tasks"]["report"]) == ("skipped", "skipped")
    assert len(simulator.requests("PUT", "/targetFile$")) == exports

    simulator.job(french, "complete")
    assert run(runner, tmp_path)["state"] == "success"
    assert written(tmp_path) == ["Spring site/de/docs/a.md", "Spring site/fr/docs/a.md"]
    assert status(client, project_uid, french) == "DELIVERED"


def test_work_that_was_reopened_and_completed_is_delivered_again(
    runner, simulator, client, make_project, tmp_path
):
    project_uid, (german, _) = make_project("Spring site")
    run(runner, tmp_path)
    (tmp_path / "out/Spring site/de/docs/a.md").write_text("old")
    simulator.job(german, "reject")
    simulator.job(german, "complete")
    ended = run(runner, tmp_path)
    assert ended["state"] == "success", ended
    assert (tmp_path / "out/Spring site/de/docs/a.md").read_text() != "old"
    assert status(client, project_uid, german) == "DELIVERED"


def test_list_alone_exports_nothing(runner, simulator, make_project, tmp_path):
    make_project("Spring site")
    ended = run(runner, tmp_path, list_only=True)
    assert ended["state"] == "success", ended
    assert ended["xcoms"]["collect"]["return_value"]["ready"] == 1
    assert simulator.requests("PUT", "/targetFile$") == []
    assert not list((tmp_path / "out").rglob("*.md"))


def test_two_projects_that_would_write_one_file_are_left_and_the_report_fails(
    runner, client, make_project, tmp_path
):
    pairs = [make_project("Spring site"), make_project("Spring site")]
    make_project("Spring shop")
    ended = run(runner, tmp_path)
    assert ended["state"] == "failed"
    assert (ended["tasks"]["translate"], ended["tasks"]["report"]) == ("success", "failed")
    assert "2 of 3 targets are not delivered" in runner.log()
    assert "would be written to the same file" in runner.log()
    assert written(tmp_path) == ["Spring shop/de/docs/a.md"]
    assert [status(client, project_uid, uids[0]) for project_uid, uids in pairs] == ["COMPLETED"] * 2


@pytest.mark.parametrize("missing", ["name", "target_folder"])
def test_form_that_lacks_what_is_needed_fails_before_anything_is_sent(
    runner, simulator, client, tmp_path, missing
):
    earlier = len(simulator.requests())
    ended = run(runner, tmp_path, **{missing: None})
    assert ended["state"] == "failed"
    assert len(simulator.requests()) == earlier


@pytest.fixture
def is_accepted():
    """Tell whether the form takes values."""
    from airflow.providers.common.compat.sdk import ParamValidationError

    def check(**values) -> bool:
        dag = load_dag(COLLECT)
        for name, value in {"target_folder": "/out", **values}.items():
            dag.params.get_param(name).value = value
        try:
            dag.params.validate()
        except ParamValidationError:
            return False
        return True

    return check


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"client_name": "Acme", "domain_name": "1001", "template": "Translation"},
        {"created_within_hours": 720, "statuses": ["NEW", "COMPLETED_BY_VENDOR"]},
        {"language_format": "posix", "overwrite": True, "max_projects": 1},
    ],
)
def test_form_takes_what_the_operators_take(is_accepted, values):
    assert is_accepted(**values)


@pytest.mark.parametrize(
    "wrong",
    [
        {"target_folder": 7},
        {"created_within_hours": 0},
        {"statuses": ["DONE"]},
        {"language_format": "esperanto"},
        {"max_projects": 0},
        {"phrase_conn_id": ""},
    ],
)
def test_wrong_values_are_refused(is_accepted, wrong):
    assert not is_accepted(**wrong)


def test_chosen_connection_reaches_every_task_and_runs_do_not_overlap():
    dag = load_dag(COLLECT)
    given = [
        task.phrase_conn_id for task in dag.tasks if task.operator_class.__name__.startswith("PhraseTms")
    ]
    assert given == ["{{ setting('phrase_conn_id') }}"] * 3
    assert dag.max_active_runs == 1
    assert not dag.catchup
