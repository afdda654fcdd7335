from __future__ import annotations

import hashlib
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from airflow.providers.common.compat.sdk import TaskDeferred
from task_runs import DEFERRED, POKE, context, event_of, run

from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.exceptions import (
    PhraseAsyncRequestError,
    PhraseDownloadError,
    PhraseFileTooLargeError,
    PhraseInputError,
    PhraseJobNotReadyError,
    PhraseTimeoutError,
)
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator

START = {"method": "PUT", "path": "/targetFile$"}
DOWNLOAD = {"method": "GET", "path": "downloadTargetFile"}
NAMED = {"Content-Disposition": "filename*=UTF-8''a.md"}
PAGES = ["Text/HTML", "application/xhtml+xml", "text/plain", "application/xml", "application/problem+json"]
both_modes = pytest.mark.parametrize("mode", [POKE, DEFERRED])


@pytest.fixture
def job(phrase):
    """A completed job, whose exports end at once."""
    project_uid, (job_uid,) = phrase.jobs("de")
    phrase.simulator.job(job_uid, "complete")
    phrase.simulator.settings(export_seconds=(0, 0))
    phrase.forget()
    return project_uid, job_uid


@pytest.fixture
def export(job, tmp_path):
    def run_task(mode=POKE, told=None, **arguments):
        given = {
            "project_uid": job[0],
            "job_uid": job[1],
            "target_path": f"{tmp_path}/out/de/a.md",
            "poll_interval": 0.05,
            **arguments,
        }
        return run(PhraseTmsExportTargetFileOperator, mode, told, **given)

    return run_task


def files(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*") if path.is_file()]


@both_modes
def test_target_file_is_written(phrase, export, job, tmp_path, mode):
    target = tmp_path / "out/de/a.md"
    written = export(mode)
    content = target.read_bytes()
    assert written == {
        "project_uid": job[0],
        "job_uid": job[1],
        "target_path": str(target),
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    assert b"Hello" not in content
    assert files(tmp_path) == ["a.md"]
    assert phrase.costly() == ["PUT targetFile"]
    assert len(json.dumps(written)) < 1000


@both_modes
def test_export_is_waited_for(phrase, export, after_request, mode):
    phrase.simulator.settings(export_seconds=(5, 15))
    after_request(r"/async/\d+$", phrase.finish_exports)
    assert export(mode)["size"] > 0
    assert len(phrase.sent("GET", "/async/")) > 1


def test_intervals_may_be_timedeltas(export):
    assert export(poll_interval=timedelta(seconds=0.05), timeout=timedelta(minutes=1))


def test_target_may_lie_in_an_object_store(export):
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    written = export(target_path="memory://bucket/de/a.md")
    assert written["target_path"] == "memory://bucket/de/a.md"
    assert len(fs.cat("/bucket/de/a.md")) == written["size"]
    fs.store.clear()


@both_modes
@pytest.mark.parametrize(
    "fault",
    [
        {"truncate": 3},
        {"truncate": 0},
        {"reset_after": True},
        {"reset_before": True},
        {"status": 503},
        {"html": 200},
        {"status": 400},
        {"status": 404},
        {"status": 410},
        {"status": 200, "body": ""},
        {"status": 202},
        {"status": 204},
        {"status": 206, "body": "Hello", "headers": {"Content-Range": "bytes 0-4/50000"}},
        {"status": 200, "body": "", "headers": NAMED},
        {"status": 206, "body": "Hello", "headers": NAMED},
        {"status": 200, "body": "Hello", "headers": {**NAMED, "Content-Encoding": "gzip"}},
        *({"html": 200, "headers": {"Content-Type": kind}} for kind in PAGES),
    ],
)
def test_broken_download_starts_a_new_export(phrase, export, tmp_path, mode, fault):
    phrase.simulator.fault(**DOWNLOAD, **fault)
    assert export(mode)["size"] == (tmp_path / "out/de/a.md").stat().st_size > 3
    assert files(tmp_path) == ["a.md"]
    assert len(phrase.sent(**START)) == 2
    downloads = [request["path"].rpartition("/")[2] for request in phrase.sent(**DOWNLOAD)]
    assert len(downloads) == len(set(downloads)) == 2


@both_modes
@pytest.mark.parametrize("fault", [{"status": 204}, {"status": 200, "body": "", "headers": NAMED}])
def test_empty_answers_never_end_green(phrase, export, tmp_path, mode, fault):
    phrase.simulator.fault(**DOWNLOAD, **fault, times=None)
    with pytest.raises(PhraseDownloadError, match="start the export again"):
        export(mode)
    assert len(phrase.sent(**START)) == 3
    assert files(tmp_path) == []


@both_modes
def test_target_beyond_the_limit_of_the_connection_is_not_exported_again(
    phrase, export, tmp_path, connect, mode
):
    connect(max_download_size=1)
    project_uid = phrase.project("de")
    created = phrase.client.jobs.create(
        project_uid, JobRequest("a.txt", ["de"]), lambda: io.BytesIO(b"A line.\n" * 140_000)
    )
    job_uid = created["jobs"][0]["uid"]
    phrase.import_files()
    phrase.simulator.job(job_uid, "complete")
    with pytest.raises(PhraseFileTooLargeError, match=r"larger than the 1 MiB.*max_download_size"):
        export(mode, project_uid=project_uid, job_uid=job_uid)
    assert len(phrase.sent("PUT", f"{job_uid}/targetFile$")) == 1
    assert files(tmp_path) == []


@pytest.mark.parametrize("status", [404, 410])
def test_task_that_is_resumed_twice_exports_twice(phrase, job, tmp_path, status):
    phrase.simulator.settings(used_download_status=status)
    given = {"project_uid": job[0], "job_uid": job[1], "target_path": f"{tmp_path}/a.md"}

    def task(deferrable):
        return PhraseTmsExportTargetFileOperator(task_id="task", deferrable=deferrable, **given)

    with pytest.raises(TaskDeferred) as deferred:
        task(True).execute(context())
    event = event_of(deferred.value.trigger)
    first, second = (task(False).execute_complete(context(), event) for _ in range(2))
    assert first == second
    assert [request["status"] for request in phrase.sent(**DOWNLOAD)] == [200, status, 200]
    assert phrase.costly() == ["PUT targetFile"] * 2


@both_modes
@pytest.mark.parametrize("status", [400, 404])
def test_download_before_the_file_is_there_starts_a_new_export(phrase, export, after_request, mode, status):
    phrase.simulator.settings(early_download_status=status, export_seconds=(5, 15))
    # What is told to have ended has not: another node of Phrase lags behind.
    ended = {"id": "1", "action": "EXPORT_COMPLETE_FILE", "asyncResponse": {"errorCode": None}}
    phrase.simulator.fault(method="GET", path=r"/async/\d+$", status=200, body=ended)
    after_request(START["path"], phrase.finish_exports, method="PUT", count=2)
    assert export(mode)["size"] > 3
    assert [request["status"] for request in phrase.sent(**DOWNLOAD)] == [status, 200]
    assert phrase.costly() == ["PUT targetFile"] * 2


@both_modes
def test_attempts_are_limited_and_leave_no_part_of_the_file(phrase, export, tmp_path, mode):
    phrase.simulator.fault(**DOWNLOAD, truncate=3, times=None)
    with pytest.raises(PhraseDownloadError, match="start the export again"):
        export(mode, attempts=2)
    assert len(phrase.sent(**START)) == 2
    assert files(tmp_path) == []


def test_failed_download_keeps_the_file_that_was_there(phrase, export, tmp_path):
    target = tmp_path / "out/de/a.md"
    target.parent.mkdir(parents=True)
    target.write_text("of last week")
    phrase.simulator.fault(**DOWNLOAD, truncate=3, times=None)
    with pytest.raises(PhraseDownloadError):
        export()
    assert target.read_text() == "of last week"
    assert files(tmp_path) == ["a.md"]


@both_modes
def test_second_execution_exports_anew(phrase, export, mode):
    first = export(mode)
    assert export(mode) == first
    assert phrase.costly() == ["PUT targetFile"] * 2


@both_modes
def test_export_that_fails_in_phrase_is_told(phrase, export, job, tmp_path, mode):
    phrase.simulator.job(job[1], "fail-export")
    with pytest.raises(PhraseAsyncRequestError, match=r"tags are missing.*run QA"):
        export(mode)
    assert phrase.sent(**DOWNLOAD) == []
    assert files(tmp_path) == []


@both_modes
def test_job_that_is_not_imported_is_not_exported(phrase, tmp_path, mode):
    project_uid = phrase.project("de")
    (job_uid,) = phrase.upload(project_uid)
    with pytest.raises(PhraseJobNotReadyError, match="JOB_NOT_READY"):
        run(
            PhraseTmsExportTargetFileOperator,
            mode,
            project_uid=project_uid,
            job_uid=job_uid,
            target_path=f"{tmp_path}/a.md",
        )
    assert (len(phrase.sent(**START)), phrase.sent(**DOWNLOAD)) == (1, [])
    assert files(tmp_path) == []


@both_modes
def test_export_that_takes_too_long_ends_the_wait(phrase, export, mode):
    phrase.simulator.settings(export_seconds=(5, 15))
    with pytest.raises(PhraseTimeoutError, match=r"async request .* is running"):
        export(mode, timeout=0.2)
    assert phrase.sent(**DOWNLOAD) == []


def test_target_that_cannot_be_written_stops_before_the_export(phrase, export, tmp_path):
    (tmp_path / "out").write_text("a file in the way")
    with pytest.raises(PhraseInputError, match=r"Nothing can be written.*another target folder"):
        export()
    assert phrase.sent() == []


def test_folder_in_the_place_of_the_target_stops_before_the_export(phrase, export, tmp_path):
    with pytest.raises(PhraseInputError, match="is a folder"):
        export(target_path=str(tmp_path))
    assert phrase.sent() == []


@both_modes
def test_links_to_project_and_job(export, job, mode):
    told = context()
    export(mode, told)
    assert told["ti"].xcoms["phrase_project_url"].endswith(f"/project2/show/{job[0]}")
    assert told["ti"].xcoms["phrase_job_url"].endswith(f"/job/{job[1]}/translate")


def test_links_open_without_a_token(export, job):
    told = context()
    export(POKE, told)
    for key in ("phrase_project_url", "phrase_job_url"):
        page = requests.get(told["ti"].xcoms[key], timeout=60)
        assert page.status_code == 200
        assert job[1] in page.text
