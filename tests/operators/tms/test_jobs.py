from __future__ import annotations

import copy
import json
import unicodedata
from urllib.parse import quote

import pytest
from phrase_fixtures import UPLOAD
from task_runs import context

from phrase_provider.exceptions import (
    PhraseInputError,
    PhraseOutcomeUnknownError,
    PhraseServerError,
    PhraseUnsupportedFileError,
)
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator


@pytest.fixture
def memory():
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    yield fs
    fs.store.clear()


def create(project_uid, source, told=None, **arguments):
    task = PhraseTmsCreateJobsOperator(task_id="task", project_uid=project_uid, source=source, **arguments)
    return task.execute(told or context())


def memsource(request):
    return json.loads(dict(request["headers"])["memsource"])


def names(request):
    return dict(request["headers"])["content-disposition"], memsource(request).get("path")


def test_one_task_object_that_runs_twice_gives_the_jobs_of_its_own_run(phrase, folder):
    # As dag.test() has it, when it is called twice in one process.
    task = PhraseTmsCreateJobsOperator(
        task_id="task", project_uid=phrase.project("de"), source=f"{folder}/guide.md"
    )
    rows = task.execute(context())
    assert len(rows) == 1
    assert task.execute(context()) == rows
    assert task.job_uids_to_cancel() == [rows[0]["job_uid"]]


def test_one_file_becomes_a_job_for_each_language(phrase, folder):
    project_uid = phrase.project("de", "pt_br")
    rows = create(project_uid, f"{folder}/guide.md")
    listed = {part["targetLang"]: part["uid"] for part in phrase.client.jobs.list(project_uid)}
    assert rows == [
        {
            "project_uid": project_uid,
            "job_uid": listed[lang],
            "target_lang": lang,
            "source": f"{folder}/guide.md",
            "relative_path": "guide.md",
        }
        for lang in ("de", "pt_br")
    ]
    (upload,) = phrase.sent(**UPLOAD)
    assert upload["body"] == (folder / "guide.md").read_text()
    assert memsource(upload) == {"targetLangs": ["de", "pt_br"], "useProjectFileImportSettings": True}


def test_files_of_a_glob_keep_their_folders(phrase, folder):
    rows = create(phrase.project(), f"{folder}/**/*", target_langs=["de"])
    assert [row["relative_path"] for row in rows] == ["app/strings.json", "guide.md", "web/strings.json"]
    assert len({row["job_uid"] for row in rows}) == 3
    assert [names(upload) for upload in phrase.sent(**UPLOAD)] == [
        ("attachment; filename*=UTF-8''strings.json", "app"),
        ("attachment; filename*=UTF-8''guide.md", None),
        ("attachment; filename*=UTF-8''strings.json", "web"),
    ]


def test_several_files_and_a_base(phrase, folder):
    rows = create(phrase.project("de"), [f"{folder}/web/strings.json"], base=str(folder))
    assert [row["relative_path"] for row in rows] == ["web/strings.json"]


def test_glob_leaves_out_what_is_excluded_and_what_is_empty(phrase, folder):
    (folder / "web/empty.json").touch()
    rows = create(
        phrase.project("de"), f"{folder}/**/*", exclude="*.md\napp", skip_empty="True", base=str(folder)
    )
    assert [row["relative_path"] for row in rows] == ["web/strings.json"]


def test_exclude_that_leaves_nothing_is_refused_before_anything_is_sent(phrase, folder):
    project_uid = phrase.project("de")
    phrase.forget()
    with pytest.raises(PhraseInputError, match="Every file of the source is left out"):
        create(project_uid, f"{folder}/**/*", exclude=["*.md", "*.json"])
    assert phrase.sent() == []


def test_item_of_a_plan_brings_its_targets(phrase, folder):
    plan = PhrasePlanOperator(
        task_id="plan",
        source=f"{folder}/**/*.json",
        target_langs=["de", "pt-BR"],
        target_folder=f"{folder}.out",
    ).execute(context())
    (item,) = [item for item in plan if item["relative_path"] == "web/strings.json"]
    rows = create(phrase.project(), item, target_langs="pt-BR")
    assert [(row["relative_path"], row["target_path"]) for row in rows] == [
        ("web/strings.json", f"{folder}.out/pt-BR/web/strings.json")
    ]


@pytest.mark.parametrize("name", ["Größe août.md", "it's (1), 50%; a=b.md"])
def test_name_is_sent_in_ascii_and_kept(phrase, tmp_path, name):
    (tmp_path / "straße").mkdir()
    (tmp_path / "straße" / name).write_text("Hello")
    project_uid = phrase.project("de")
    (row,) = create(project_uid, f"{tmp_path}/straße/{name}", base=str(tmp_path))
    (upload,) = phrase.sent(**UPLOAD)
    headers = dict(upload["headers"])
    assert headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    assert headers["memsource"].isascii()
    part = phrase.client.jobs.get(project_uid, row["job_uid"])
    assert (part["filename"], part["originalFileDirectory"]) == (name, "straße")


@pytest.mark.parametrize("source", ["file://{folder}/guide.md", "memory://in/guide.md"])
def test_source_may_be_a_url(phrase, folder, memory, source):
    memory.pipe({"/in/guide.md": b"Hello from a store"})
    (row,) = create(phrase.project("de"), source.format(folder=folder))
    assert row["relative_path"] == "guide.md"
    assert phrase.sent(**UPLOAD)[0]["body"].startswith(("{", "Hello from"))


def test_source_data_is_sent_for_a_registered_client_only(phrase, folder, connect):
    connect(client_type="EXAMPLE")
    create(phrase.project("de"), f"{folder}/guide.md")
    assert memsource(phrase.sent(**UPLOAD)[0])["sourceData"]["clientType"] == "EXAMPLE"


@pytest.mark.parametrize("chosen", [{"import_settings_uid": "s1"}, {"use_project_import_settings": False}])
def test_other_import_settings_exclude_those_of_the_project(phrase, folder, chosen):
    create(phrase.project("de"), f"{folder}/guide.md", **chosen)
    sent = memsource(phrase.sent(**UPLOAD)[0])
    assert "useProjectFileImportSettings" not in sent
    assert sent.get("importSettings") == ({"uid": "s1"} if "import_settings_uid" in chosen else None)


def test_due_date_is_sent_for_each_workflow_step(phrase, folder):
    project_uid = phrase.project("de", steps=2)
    create(project_uid, f"{folder}/guide.md", due="2026-12-24", pre_translate=True)
    sent = memsource(phrase.sent(**UPLOAD)[0])
    steps = [str(step["id"]) for step in phrase.client.projects.get(project_uid)["workflowSteps"]]
    assert [step["id"] for step in sent["workflowSettings"]] == steps
    assert {step["due"][:10] for step in sent["workflowSettings"]} == {"2026-12-24"}
    assert ("due" not in sent, sent["preTranslate"]) == (True, True)


def test_job_of_the_highest_level_is_returned(phrase, folder):
    project_uid = phrase.project("de", steps=3)
    (row,) = create(project_uid, f"{folder}/guide.md")
    assert phrase.client.jobs.get(project_uid, row["job_uid"])["workflowLevel"] == 3
    assert create(project_uid, f"{folder}/guide.md") == [row]


def test_second_execution_uploads_nothing(phrase, folder):
    project_uid = phrase.project()
    first = create(project_uid, f"{folder}/**/*")
    phrase.forget()
    assert create(project_uid, f"{folder}/**/*") == first
    assert phrase.costly() == []


def test_run_after_another_in_one_process_gives_its_own_jobs(phrase, folder):
    tasks = [
        PhraseTmsCreateJobsOperator(
            task_id="task", project_uid=phrase.project("de"), source=f"{folder}/guide.md"
        )
    ]
    # As Airflow does for each run of `dag.test()`.
    tasks.append(copy.copy(tasks[0]))
    first, again = [task.execute(context()) for task in tasks]
    assert first == again


def test_lost_answer_after_the_effect_is_looked_up(phrase, folder):
    project_uid = phrase.project()
    phrase.simulator.fault(**UPLOAD, reset_after=True)
    rows = create(project_uid, f"{folder}/guide.md")
    assert len(phrase.sent(**UPLOAD)) == 1
    assert {row["job_uid"] for row in rows} == {part["uid"] for part in phrase.client.jobs.list(project_uid)}


@pytest.mark.parametrize("fault", [{"reset_before": True}, {"status": 502}])
def test_unclear_answer_is_not_sent_again_before_a_retry(phrase, folder, fault):
    project_uid = phrase.project("de")
    phrase.simulator.fault(**UPLOAD, **fault)
    with pytest.raises(PhraseOutcomeUnknownError):
        create(project_uid, f"{folder}/guide.md")
    assert len(phrase.sent(**UPLOAD)) == 1
    assert len(create(project_uid, f"{folder}/guide.md")) == 1
    assert len(phrase.sent(**UPLOAD)) == 2


def test_refused_upload_is_sent_again_whole(phrase, folder):
    phrase.simulator.fault(**UPLOAD, status=429, headers={"Retry-After": "0"}, times=2)
    create(phrase.project("de"), f"{folder}/guide.md")
    uploads = phrase.sent(**UPLOAD)
    assert len(uploads) == 3
    assert {upload["body"] for upload in uploads} == {(folder / "guide.md").read_text()}


@pytest.mark.parametrize(("first", "then"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_name_is_found_however_its_accents_are_composed(phrase, tmp_path, first, then):
    def written(form):
        path = tmp_path / form / unicodedata.normalize(form, "straße/Größe é.md")
        path.parent.mkdir(parents=True)
        path.write_text("Hello")
        return create(project_uid, str(path), base=str(tmp_path / form))

    project_uid = phrase.project("de")
    (uploaded,), (found,) = written(first), written(then)
    assert found["job_uid"] == uploaded["job_uid"]
    assert len(phrase.sent(**UPLOAD)) == 1


@pytest.fixture
def short_answer(phrase, folder, requests_mock):
    """A project of two languages whose upload is answered as if it had created one job; both are there."""
    requests_mock.real_http = True
    project_uid = phrase.project("de", "pt_br")
    (folder / "guide.md").write_bytes(b"Hello\n\nworld\n")
    uids = phrase.upload(project_uid, "guide.md", ["de", "pt_br"])
    answered = requests_mock.post(
        f"{phrase.simulator.tms_url}/api2/v1/projects/{project_uid}/jobs",
        status_code=201,
        json={"asyncRequest": {"id": "1"}, "jobs": [phrase.client.jobs.get(project_uid, uids[0])]},
    )
    return project_uid, uids, answered


def hide_jobs(phrase, times):
    page = {"content": [], "pageNumber": 0, "pageSize": 50, "totalPages": 0, "numberOfElements": 0}
    phrase.simulator.fault(method="GET", path="/jobs$", status=200, body=page, times=times)


def test_job_that_the_answer_lacks_is_listed(phrase, folder, short_answer):
    project_uid, uids, _ = short_answer
    hide_jobs(phrase, times=2)
    assert [row["job_uid"] for row in create(project_uid, f"{folder}/guide.md")] == uids


def test_job_that_appears_late_is_not_uploaded_again(phrase, folder, short_answer):
    project_uid, uids, answered = short_answer
    hide_jobs(phrase, times=3)
    with pytest.raises(PhraseServerError, match=r"took guide\.md but shows no job for pt_br"):
        create(project_uid, f"{folder}/guide.md")
    assert [row["job_uid"] for row in create(project_uid, f"{folder}/guide.md")] == uids
    assert answered.call_count == 1


def test_page_in_place_of_the_uploaded_source_is_not_compared(phrase, folder):
    project_uid = phrase.project("de")
    first = create(project_uid, f"{folder}/guide.md")
    phrase.forget()
    phrase.simulator.fault(path="/original$", html=200)
    assert create(project_uid, f"{folder}/guide.md") == first
    assert len(phrase.sent("GET", "/original$")) == 2


def test_name_that_only_phrase_could_spoil_stops_the_task_before_the_first_upload(phrase, folder):
    long = {"path": f"{folder}/guide.md", "relative_path": f"{'f' * 300}/guide.md", "size": 1}
    with pytest.raises(PhraseInputError, match="more than 255 characters"):
        create(phrase.project("de"), [f"{folder}/app/strings.json", long])
    assert phrase.sent(**UPLOAD) == []


def test_unsupported_file_type_is_named(phrase, tmp_path):
    (tmp_path / "song.mp3").write_text("la la")
    project_uid = phrase.project("de")
    with pytest.raises(PhraseUnsupportedFileError, match=r"song\.mp3.*file type.*Nothing was charged"):
        create(project_uid, f"{tmp_path}/song.mp3")
    assert list(phrase.client.jobs.list(project_uid)) == []


def test_language_that_the_project_lacks_is_named(phrase, folder):
    with pytest.raises(PhraseInputError, match=r"has no ja, only de, pt_br.*Add the language"):
        create(phrase.project(), f"{folder}/guide.md", target_langs=["de", "ja"])
    assert phrase.sent(**UPLOAD) == []


def test_link_to_the_project(phrase, folder):
    project_uid, told = phrase.project("de"), context()
    create(project_uid, f"{folder}/guide.md", told)
    assert told["ti"].xcoms["phrase_project_url"].endswith(f"/project2/show/{project_uid}")


def test_each_row_is_small(phrase, folder):
    assert all(len(json.dumps(row)) < 1000 for row in create(phrase.project(), f"{folder}/**/*"))
