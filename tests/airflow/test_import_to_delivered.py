"""The example DAG from source files to DELIVERED, on a real Airflow and a local Phrase."""

from __future__ import annotations

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

pytestmark = pytest.mark.airflow

SOURCES = ("web/strings.json", "app/strings.json")
GREEN = {"success"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("files")
    for name in SOURCES:
        (path / "in" / name).parent.mkdir(parents=True)
        (path / "in" / name).write_text(json.dumps({"title": f"Welcome to the {name.split('/')[0]}"}))
    return path


def params(folder, **changes):
    return {
        "source": f"{folder}/in/**/*",
        "template": "Translation",
        "target_langs": ["de", "pt-BR"],
        "batch_id": "spring",
        "target_folder": f"{folder}/out",
        **changes,
    }


def charged(simulator) -> list[str]:
    """Give what Phrase was asked to create."""
    paths = [request["path"] for request in simulator.requests("POST")]
    return [path for path in paths if re.search(r"projects/applyTemplate|/jobs$", path)]


def states(ended, task_id) -> set[str]:
    return {state for name, state in ended["tasks"].items() if name.partition("[")[0] == task_id}


def results(ended, task_id):
    return [
        xcoms["return_value"]
        for name, xcoms in sorted(ended["xcoms"].items())
        if name.partition("[")[0] == task_id
    ]


@pytest.fixture(scope="module")
def delivered(runner, simulator, folder):
    """A run that came to its good end, and what it sent."""
    simulator.reset()
    ended = runner.run(params(folder))
    return ended, simulator.requests()


def test_everything_is_green(delivered):
    ended, _ = delivered
    assert ended["state"] == "success"
    assert set(ended["tasks"].values()) == GREEN
    assert len([name for name in ended["tasks"] if name.startswith("deliver.delivered")]) == 4


def test_every_target_is_written_and_another_than_its_source(delivered, folder):
    targets = {path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.json")}
    assert targets == {f"{lang}/{name}" for lang in ("de", "pt-BR") for name in SOURCES}
    texts = [json.loads(path.read_text())["title"] for path in folder.rglob("*.json")]
    assert len(set(texts)) == len(texts) == 6


def test_phrase_says_delivered_and_so_does_the_report(delivered):
    ended, _ = delivered
    (rows,) = results(ended, "delivery_report")
    assert {(row["source"], row["target_lang"]) for row in rows} == {
        (name, lang) for name in SOURCES for lang in ("de", "pt_br")
    }
    assert {row["status"] for row in rows} == {"DELIVERED"}
    assert all(row["seconds"] > 0 for row in rows)


def test_one_project_and_one_upload_for_each_file(delivered):
    _, requests = delivered
    posts = [request["path"] for request in requests if request["method"] == "POST"]
    assert len([path for path in posts if "projects/applyTemplate" in path]) == 1
    assert len([path for path in posts if path.endswith("/jobs")]) == 2
    assert len([path for path in posts if path.endswith("/setStatus")]) == 4


def test_xcoms_are_small(delivered):
    ended, _ = delivered
    for name, xcoms in ended["xcoms"].items():
        for value in xcoms.values():
            for item in value if isinstance(value, list) else [value]:
                assert len(json.dumps(item)) < 1000, name


def test_links_open_project_and_job(delivered):
    ended, _ = delivered
    (project,) = results(ended, "create_project")
    xcoms = ended["xcoms"]["deliver.translated[0]"]
    assert xcoms["phrase_project_url"].endswith(f"/project2/show/{project['project_uid']}")
    assert xcoms["phrase_job_url"].endswith("/translate")


def _lasting(ended):
    """What another run of the same batch, in whatever mode, has to give again."""
    passing = {"at", "seconds", "counts", "skipmixin_key", "assigned", "already_assigned"}
    return {
        name: {key: _without(value, passing) for key, value in xcoms.items() if key not in passing}
        for name, xcoms in ended["xcoms"].items()
    }


def _without(value, names):
    if isinstance(value, list):
        return [_without(item, names) for item in value]
    if isinstance(value, dict):
        return {key: _without(item, names) for key, item in value.items() if key not in names}
    return value


def test_second_run_finds_everything_and_gives_the_same_without_deferring(
    runner, simulator, folder, delivered
):
    before = len(charged(simulator))
    ended = runner.run(params(folder), deferrable=False)
    assert set(ended["tasks"].values()) == GREEN
    assert len(charged(simulator)) == before == 3
    assert _lasting(ended) == _lasting(delivered[0])


def test_everybody_is_assigned_once(delivered, simulator):
    ended, _ = delivered
    (assigned,) = results(ended, "assign_providers")
    assert assigned == {"projects": 1, "assigned": 4, "already_assigned": 0, "skipped": {}}


def test_jobs_are_left_to_those_who_assign_them_if_the_form_says_so(runner, simulator, folder):
    simulator.reset()
    simulator.settings(unassigned_work_moves=True)
    ended = runner.run(params(folder, batch_id="by-hand", assign_providers=False))
    assert ended["state"] == "success"
    assert states(ended, "assign_providers") == {"skipped"}
    assert simulator.requests("POST", "assignProviders") == []


def test_plan_only_sends_nothing(runner, simulator, folder):
    simulator.reset()
    ended = runner.run(params(folder, plan_only=True))
    assert ended["state"] == "success"
    assert (states(ended, "plan"), states(ended, "create_project"), states(ended, "delivery_report")) == (
        GREEN,
        {"skipped"},
        {"skipped"},
    )
    assert simulator.requests() == []


def test_cancelled_job_holds_no_other_back(runner, simulator, folder):
    simulator.reset()
    simulator.settings(work_moves=False)
    with ThreadPoolExecutor(1) as people:
        work = people.submit(_cancel_one_and_complete_the_others, simulator)
        ended = runner.run(params(folder, batch_id="summer"))
        cancelled = work.result()
    assert ended["state"] == "failed"
    assert sorted(states(ended, "deliver.translated")) == ["failed", "success"]
    (rows,) = results(ended, "delivery_report")
    assert {row["job_uid"]: row["status"] for row in rows}.pop(cancelled) == "CANCELLED"
    assert sorted(row["status"] for row in rows) == ["CANCELLED", *["DELIVERED"] * 3]


def test_file_that_cannot_be_uploaded_holds_no_other_back(runner, simulator, tmp_path):
    simulator.reset()
    for name in ("a.json", "b.mp3", "c.json"):
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / name).write_text(json.dumps({"title": name}))
    ended = runner.run(params(tmp_path, batch_id="autumn"))
    assert ended["state"] == "failed"
    assert states(ended, "create_jobs") == {"failed"}
    assert states(ended, "deliver.delivered") == GREEN
    (rows,) = results(ended, "delivery_report")
    assert {(row["source"], row["status"]) for row in rows} == {
        ("a.json", "DELIVERED"),
        ("b.mp3", "NOT CREATED"),
        ("c.json", "DELIVERED"),
    }
    assert len([path for path in charged(simulator) if path.endswith("/jobs")]) == 3


def _cancel_one_and_complete_the_others(simulator) -> str:
    """Wait for the four jobs, as seen by the tasks that look at them."""
    uids: list[str] = []
    give_up = time.monotonic() + 60
    while len(uids) < 4:
        assert time.monotonic() < give_up
        time.sleep(0.1)
        looks = simulator.requests("GET", r"/jobs/\w+$")
        uids = list(dict.fromkeys(look["path"].rpartition("/")[2] for look in looks))
    for uid in uids[1:]:
        simulator.job(uid, "complete")
    simulator.job(uids[0], "cancel")
    return uids[0]


def test_unknown_template_ends_the_run_before_it_costs_anything(runner, simulator, folder):
    simulator.reset()
    ended = runner.run(params(folder, template="Traduction"))
    assert ended["state"] == "failed"
    assert states(ended, "create_project") == {"failed"}
    assert charged(simulator) == []
    (rows,) = results(ended, "delivery_report")
    assert {row["status"] for row in rows} == {"NOT CREATED"}


def test_what_the_form_offers_reaches_phrase(runner, simulator, tmp_path):
    simulator.reset()
    simulator.settings(unassigned_work_moves=True)
    for name, text in {"a.json": '{"t": "Hello"}', "b.tmp": "no", "c.bak": "no", "empty.json": ""}.items():
        (tmp_path / "in/docs").mkdir(parents=True, exist_ok=True)
        (tmp_path / "in/docs" / name).write_text(text)
    given = params(
        tmp_path,
        source=f"{tmp_path}/in/docs/*",
        base=f"{tmp_path}/in",
        exclude=["*.tmp", "*.bak"],
        skip_empty=True,
        # A language that the template lacks, and so names nobody for.
        target_langs=["cy"],
        due="2031-12-24T17:00:00+01:00",
        pre_translate=True,
        propagate_status=True,
    )
    ended = runner.run(given)
    assert set(ended["tasks"].values()) == GREEN, ended["tasks"]
    ((row,),) = results(ended, "delivery_report")
    assert (row["source"], row["target_lang"], row["status"]) == ("docs/a.json", "cy", "DELIVERED")
    (upload,) = simulator.requests("POST", "/jobs$")
    sent = json.loads(dict(upload["headers"])["memsource"])
    assert (sent["preTranslate"], sent["path"]) == (True, "docs")
    assert sent["workflowSettings"][0]["due"] == "2031-12-24T16:00:00Z"
    (created,) = simulator.requests("POST", "projects/applyTemplate")
    assert json.loads(created["body"])["dateDue"] == "2031-12-24T16:00:00Z"
    (delivered,) = simulator.requests("POST", "/setStatus$")
    assert json.loads(delivered["body"])["propagateStatus"] is True


def test_form_left_as_it_is_asks_for_nothing_more(delivered):
    _, requests = delivered
    uploads = [request for request in requests if request["path"].endswith("/jobs") and request["body"]]
    assert uploads
    for upload in uploads:
        assert (
            not {"preTranslate", "due", "workflowSettings"}
            & json.loads(dict(upload["headers"])["memsource"]).keys()
        )
    bodies = [json.loads(request["body"]) for request in requests if request["path"].endswith("/setStatus")]
    assert {body["propagateStatus"] for body in bodies} == {False}


def test_narrower_glob_of_a_batch_is_refused_unless_it_has_the_base(runner, simulator, folder):
    simulator.reset()
    assert runner.run(params(folder, batch_id="winter"))["state"] == "success"
    before = charged(simulator)
    refused = runner.run(params(folder, batch_id="winter", source=f"{folder}/in/web/*.json"))
    assert states(refused, "create_project") == {"failed"}
    narrow = params(folder, batch_id="winter", source=f"{folder}/in/web/*.json", base=f"{folder}/in")
    assert set(runner.run(narrow)["tasks"].values()) == GREEN
    assert charged(simulator) == before
