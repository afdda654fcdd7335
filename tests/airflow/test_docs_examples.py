"""The DAGs that the documentation shows, on a real Airflow and a local Phrase."""

from __future__ import annotations

import pytest
from run_dag import DAG_FILE

from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient

pytestmark = pytest.mark.airflow

EXAMPLES = DAG_FILE.parents[1] / "docs/examples"


@pytest.fixture
def folder(simulator, tmp_path):
    """Two source files in a folder, for a Phrase with nothing in it."""
    simulator.reset()
    (tmp_path / "in/guide").mkdir(parents=True)
    (tmp_path / "in/handbook.md").write_text("# Handbook\n\nWelcome to the team.\n")
    (tmp_path / "in/guide/intro.md").write_text("# Introduction\n")
    return tmp_path


def translate(runner, folder):
    """Run the example that translates a folder."""
    params = {
        "source": f"{folder}/in/**/*.md",
        "target_folder": f"{folder}/out",
        "batch_id": "docs",
    }
    return runner.run(params, file=EXAMPLES / "translate_folder.py")


def client_of(simulator):
    return TmsClient.connect(
        ClientSettings(simulator.api_token, simulator.url, simulator.tms_url, "", token_cache=False)
    )


def test_every_example_is_run():
    assert {file.stem for file in EXAMPLES.glob("*.py")} == {
        "add_language",
        "fail_on_rework",
        "name_providers",
        "one_task_for_all",
        "translate_folder",
        "update_changed_files",
        "use_the_client",
        "wait_for_project",
    }


def test_folder_is_translated_once_and_its_project_can_be_waited_for_and_counted(runner, simulator, folder):
    for _ in range(2):
        ended = translate(runner, folder)
        assert ended["state"] == "success", ended
    written = sorted(path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.md"))
    assert written == ["de/guide/intro.md", "de/handbook.md", "pt-BR/guide/intro.md", "pt-BR/handbook.md"]
    assert len(simulator.requests("POST", "/jobs$")) == 2

    project_uid = ended["xcoms"]["create_project"]["return_value"]["project_uid"]
    waited = runner.run({"project_uid": project_uid}, file=EXAMPLES / "wait_for_project.py")
    assert waited["state"] == "success", waited
    assert waited["xcoms"]["all_completed"]["return_value"]["counts"] == {"DELIVERED": 4}
    counted = runner.run({"project_uid": project_uid}, file=EXAMPLES / "use_the_client.py")
    assert sum(counted["xcoms"]["count_jobs"]["return_value"].values()) >= 4


def test_one_task_takes_all_targets_home(runner, simulator, folder):
    params = {
        "source": f"{folder}/in/**/*.md",
        "target_folder": f"{folder}/out",
        "batch_id": "lane",
    }
    # Deferred, it would stay so for half a minute at least.
    ended = runner.run(params, file=EXAMPLES / "one_task_for_all.py", deferrable=False)
    assert ended["state"] == "success", ended
    assert ended["xcoms"]["translate"]["return_value"]["delivered"] == 4
    assert ended["xcoms"]["report"]["return_value"]["up to date"] == 4
    assert len(list((folder / "out").rglob("*.md"))) == 4


def test_language_is_added_without_an_upload_and_somebody_gets_the_work(runner, simulator, folder):
    translate(runner, folder)
    client = client_of(simulator)
    (project,) = client.projects.list("docs")
    uploads = len(simulator.requests("POST", "/jobs$"))
    params = {
        "project_uid": project["uid"],
        "target_langs": ["fr"],
        "job_list": f"{folder}/lists/french.jsonl",
    }
    ended = runner.run(params, file=EXAMPLES / "add_language.py")
    assert ended["state"] == "success", ended
    assert ended["xcoms"]["add_languages"]["return_value"]["cloned"] == 2
    jobs = [job for job in client.jobs.list(project["uid"]) if job["targetLang"] == "fr"]
    assert [(job["imported"], len(job["providers"])) for job in jobs] == [(True, 1), (True, 1)]
    assert len(simulator.requests("POST", "/jobs$")) == uploads


def test_changed_file_is_updated_where_it_is(runner, simulator, folder):
    def run():
        params = {"source": f"{folder}/in/**/*.md", "batch_id": "docs", "on_change": "new_job"}
        ended = runner.run(params, file=EXAMPLES / "update_changed_files.py")
        assert ended["state"] == "success", ended
        return ended["xcoms"]["create_jobs"]["return_value"]

    first = run()
    (folder / "in/handbook.md").write_text("# Handbook\n\nWelcome to the new team.\n")
    second = run()
    same = [row for row in second if row in first]
    assert {row["relative_path"] for row in same} == {"guide/intro.md"}
    assert len(simulator.requests("POST", "/jobs$")) == 3


def test_people_and_vendors_are_assigned_by_name(runner, simulator, folder):
    client = client_of(simulator)
    template = client.templates.resolve("Translation and Revision")["uid"]
    langs = ["de", "pt_br", "fr"]
    project_uid = client.projects.create_from_template(template, name="Named", target_langs=langs)["uid"]
    from phrase_provider.api.tms.job_request import JobRequest

    def source():
        return (folder / "in/handbook.md").open("rb")

    client.jobs.create(project_uid, JobRequest("handbook.md", langs), source)
    ended = runner.run({"project_uid": project_uid}, file=EXAMPLES / "name_providers.py")
    assert ended["state"] == "success", ended
    assert ended["xcoms"]["assign_providers"]["return_value"]["assigned"] == 6
    names = {user["id"]: user["firstName"] for user in client.users.list()} | {"41": "Good Words"}
    assert {
        (part["targetLang"], level): [names[one["id"]] for one in part["providers"]]
        for level in (1, 2)
        for part in client.jobs.list(project_uid, levels=[level])
    } == {
        ("de", 1): ["Tara"],
        ("de", 2): ["Good Words"],
        ("pt_br", 1): ["Paul"],
        ("pt_br", 2): ["Paul"],
        ("fr", 1): ["Tara", "Rita"],
        ("fr", 2): ["Paul"],
    }


def test_rework_fails_the_task_that_asks_for_that(runner, simulator, folder):
    simulator.settings(work_moves=False)
    client = client_of(simulator)
    template = client.templates.get(next(iter(client.templates.list()))["uid"])
    project = client.projects.create_from_template(template["uid"], name="Rework", target_langs=["de"])
    from phrase_provider.api.tms.job_request import JobRequest

    with (folder / "in/handbook.md").open("rb") as source:
        created = client.jobs.create(project["uid"], JobRequest("handbook.md", ["de"]), lambda: source)
    job_uid = created["jobs"][0]["uid"]
    simulator.job(job_uid, "decline")
    params = {"project_uid": project["uid"], "job_uid": job_uid}
    ended = runner.run(params, file=EXAMPLES / "fail_on_rework.py")
    assert ended["state"] == "failed", ended
    assert "DECLINED" in runner.log()
