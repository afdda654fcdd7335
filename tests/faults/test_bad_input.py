"""
Bad input names its cause and its mend, costs nothing and leaves no file.

Proven elsewhere on the same level:

=========================================  ===========================================
two sources with one target, limits        tests/files/test_plan.py
file that vanishes while it is read        tests/files/test_sources.py
name that Phrase would cut                 tests/operators/tms/test_jobs.py
changed file                               tests/services/tms/test_jobs.py
empty batch id, long project name          tests/operators/tms/test_projects.py
export that fails in Phrase                tests/operators/tms/test_exports.py
wrong status word                          tests/operators/tms/test_set_status.py
connection that is badly filled in         tests/hooks/test_phrase.py
=========================================  ===========================================
"""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from task_runs import DEFERRED, POKE, context, run

from phrase_provider.connection_form import unknown_keys
from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseConnectionError,
    PhraseImportError,
    PhraseInputError,
    PhraseJobNotReadyError,
    PhraseTlsError,
    PhraseTransportError,
    PhraseUnsupportedFileError,
)
from phrase_provider.files.sources import MAX_SOURCE_BYTES
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor


def plan(source, folder, **arguments):
    given = {"target_langs": ["de"], "target_folder": f"{folder}/out", **arguments}
    return PhrasePlanOperator(task_id="plan", source=str(source), **given).execute(context())


def upload(project_uid, source, **arguments):
    task = PhraseTmsCreateJobsOperator(
        task_id="upload", project_uid=project_uid, source=str(source), **arguments
    )
    return task.execute(context())


def create_project(**arguments):
    given = {"template": "Translation", "batch_id": "b", **arguments}
    return PhraseTmsCreateProjectFromTemplateOperator(task_id="project", **given).execute(context())


def missing(folder: Path) -> Path:
    return folder / "nowhere.md"


def a_folder(folder: Path) -> Path:
    (folder / "docs").mkdir()
    return folder / "docs"


def nothing_to_match(folder: Path) -> Path:
    return folder / "*.docx"


def empty(folder: Path) -> Path:
    return _file(folder / "empty.md", 0)


def too_large(folder: Path) -> Path:
    return _file(folder / "large.md", MAX_SOURCE_BYTES + 1)


def too_long(folder: Path) -> Path:
    long = folder / ("f" * 200) / ("n" * 60)
    long.parent.mkdir()
    _file(long, 1)
    return folder / "**/*"


def _file(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


bad_sources = pytest.mark.parametrize(
    ("make", "cause", "mend"),
    [
        (missing, r"nowhere\.md does not exist", "Check the path"),
        (a_folder, "docs is a folder", r"Name its files: .*/docs/\*\*/\*"),
        (nothing_to_match, r"nothing matches .*\*\.docx", "Check the glob"),
        (empty, r"empty\.md is empty", "Fill the file or leave it out"),
        (too_large, r"large\.md has 1,000,000,001 bytes, Phrase takes 1,000,000,000", "Split the file"),
        (too_long, "take 261 characters, Phrase keeps 255", "Shorten the name"),
    ],
)


@bad_sources
def test_bad_source_stops_the_plan(phrase, tmp_path, make, cause, mend):
    with pytest.raises(PhraseInputError, match=f"{cause}.*{mend}"):
        plan(make(tmp_path), tmp_path)
    assert phrase.sent() == []
    assert not (tmp_path / "out").exists()


@bad_sources
def test_bad_source_is_not_uploaded(phrase, tmp_path, make, cause, mend):
    with pytest.raises(PhraseInputError, match=f"{cause}.*{mend}"):
        upload("p", make(tmp_path))
    assert phrase.sent() == []


def test_one_bad_source_among_good_ones_stops_all(phrase, tmp_path):
    (tmp_path / "good.md").write_text("Hello")
    empty(tmp_path)
    with pytest.raises(PhraseInputError, match=r"empty\.md is empty"):
        upload("p", tmp_path / "*.md")
    assert phrase.sent() == []


@pytest.fixture
def good(tmp_path):
    (tmp_path / "good.md").write_text("Hello")
    return tmp_path / "good.md"


@pytest.mark.parametrize("langs", [[], "", " "])
def test_no_target_language(phrase, good, langs):
    project_uid = phrase.project()
    phrase.forget()
    for task in (
        lambda: plan(good, good.parent, target_langs=langs),
        lambda: create_project(target_langs=langs),
        lambda: upload(project_uid, good, target_langs=langs),
    ):
        with pytest.raises(PhraseInputError, match=r"No target language is given.*at least one"):
            task()
    assert phrase.costly() == []


def test_language_that_the_project_lacks(phrase, good):
    project_uid = phrase.project("de")
    phrase.forget()
    with pytest.raises(PhraseInputError, match=r"has no ja, only de.*Add the language"):
        upload(project_uid, good, target_langs=["ja"])
    assert phrase.costly() == []


def test_unknown_template(phrase):
    with pytest.raises(PhraseInputError, match=r"'Traduction'.*Check the spelling.*There are: Translation,"):
        create_project(template="Traduction")
    assert phrase.costly() == []


def test_ambiguous_template(phrase):
    twins = [{"uid": uid, "templateName": "Web"} for uid in ("t1", "t2")]
    page = {"content": twins, "pageNumber": 0, "pageSize": 50, "totalPages": 1, "numberOfElements": 2}
    phrase.simulator.fault(path="projectTemplates$", status=200, body=page)
    with pytest.raises(PhraseInputError, match=r"2 project templates are named 'Web': t1, t2.*Give the uid"):
        create_project(template="Web")
    assert phrase.costly() == []


def test_unknown_connection(phrase):
    with pytest.raises(PhraseConnectionError, match=r"no Airflow connection 'nowhere'.*Create it"):
        create_project(phrase_conn_id="nowhere")
    assert phrase.sent() == []


def _connect(monkeypatch, url, password="simulator-token", **extra):
    told = {"platform_url": url, "tms_url": f"{url}/web", "retries": 0, **extra}
    assert unknown_keys(told) == []
    connection = {"conn_type": "phrase", "password": password, "extra": told}
    monkeypatch.setenv("AIRFLOW_CONN_PHRASE_DEFAULT", json.dumps(connection))


def test_wrong_token(phrase, monkeypatch):
    _connect(monkeypatch, phrase.simulator.url, "token-not-to-be-seen")
    with pytest.raises(
        PhraseAuthenticationError, match=r"refused the Platform API token.*Make a new one"
    ) as caught:
        create_project()
    assert "not-to-be-seen" not in f"{caught.value!r} {caught.value}"
    assert [request["path"] for request in phrase.sent()] == ["/idm/oauth/token"]


def test_host_that_refuses(phrase, monkeypatch):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        _connect(monkeypatch, f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(PhraseTransportError, match=r"ConnectionRefusedError.*Check the URLs"):
            create_project()


def test_host_that_never_answers(phrase, monkeypatch):
    _connect(monkeypatch, phrase.simulator.url, timeout=1)
    phrase.simulator.fault(hang=True)
    with pytest.raises(PhraseTransportError, match=r"No answer in time.*Raise the timeout"):
        create_project()
    assert phrase.costly() == []


def test_tls_error(phrase, monkeypatch):
    _connect(monkeypatch, phrase.simulator.url.replace("http:", "https:"))
    with pytest.raises(PhraseTlsError, match=r"TLS failed.*CA bundle"):
        create_project()
    assert phrase.sent() == []


def test_unsupported_file_type(phrase, tmp_path):
    project_uid = phrase.project("de")
    (tmp_path / "song.mp3").write_text("la la")
    with pytest.raises(PhraseUnsupportedFileError, match=r"song\.mp3.*Convert the file.*Nothing was charged"):
        upload(project_uid, tmp_path / "song.mp3")
    assert list(phrase.client.jobs.list(project_uid)) == []


@pytest.mark.parametrize("mode", [POKE, DEFERRED])
def test_import_error(phrase, mode):
    phrase.simulator.settings(import_error="no filter for this")
    project_uid, uids = phrase.jobs("de")
    phrase.forget()
    with pytest.raises(PhraseImportError, match=r"a\.md .*no filter for this.*Correct the file"):
        run(PhraseTmsJobsImportedSensor, mode, project_uid=project_uid, job_uids=uids)
    assert phrase.costly() == []


def _blocked(folder: Path) -> str:
    (folder / "out").write_text("a file in the way")
    return f"{folder}/out/de/a.md"


@pytest.mark.parametrize("folder", [_blocked, lambda _: "/proc/nowhere/a.md"])
def test_target_folder_that_is_not_writable(phrase, good, tmp_path, folder):
    target = folder(tmp_path)
    with pytest.raises(PhraseInputError, match=r"Nothing can be written in .*another target folder"):
        plan(good, tmp_path, target_folder=target, target_naming="{lang}.md")
    with pytest.raises(PhraseInputError, match=r"Nothing can be written in .*another target folder"):
        run(PhraseTmsExportTargetFileOperator, project_uid="p", job_uid="j", target_path=target)
    assert phrase.sent() == []


def test_export_of_a_job_that_is_not_imported(phrase, tmp_path):
    project_uid = phrase.project("de")
    (uid,) = phrase.upload(project_uid)
    phrase.forget()
    with pytest.raises(PhraseJobNotReadyError, match="still being imported: wait for the import"):
        run(
            PhraseTmsExportTargetFileOperator,
            project_uid=project_uid,
            job_uid=uid,
            target_path=f"{tmp_path}/a.md",
        )
    assert phrase.costly() == ["PUT targetFile"]
    assert list(tmp_path.iterdir()) == []
