"""Files uploaded several at a time: each for itself, and with few looks at Phrase."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from phrase_fixtures import until
from task_process import FileStore

from phrase_provider.exceptions import (
    PhraseOutcomeUnknownError,
    PhraseSourceChangedError,
    PhraseUnsupportedFileError,
)
from phrase_provider.files.sources import find_sources
from phrase_provider.idempotency.ledger import Ledger
from phrase_provider.services.tms.job_upload import JobOptions
from phrase_provider.services.tms.jobs import JobCreator
from phrase_provider.services.tms.uploads import Uploads

UPLOAD = {"method": "POST", "path": "/jobs$"}
LIST = {"method": "GET", "path": "/jobs$"}
COUNT = {"method": "GET", "path": "/async/status$"}


@pytest.fixture
def write(tmp_path):
    """Writes files, each of which holds its own name."""

    def make(*names):
        for name in names:
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"This is {name}")

    return make


@pytest.fixture
def store(tmp_path):
    (tmp_path / "state").mkdir()
    return FileStore(tmp_path / "state")


@pytest.fixture
def uploads(phrase, store, tmp_path):
    """Makes the uploads of one try of a task: all files of the folder, or some."""

    def make(project_uid, *langs, task="task", glob="**/*"):
        ledger = Ledger(task, store)
        project = phrase.client.projects.get(project_uid)
        log = logging.getLogger("test")
        creator = JobCreator(phrase.client, project, JobOptions(), ledger, log, base_is_given=True)
        sources = find_sources(f"{tmp_path}/in/{glob}", base=f"{tmp_path}/in")
        return Uploads(creator, sources, langs or ("de",), log, independent=True)

    return make


def create(made):
    """Give the path and job uid of each file that is in Phrase."""
    made.check()
    return {source.relative_path: rows[0]["job_uid"] for source, rows in made.create_all() if rows}


def answered(phrase):
    return [bool(upload["status"]) for upload in phrase.sent(**UPLOAD)].count(True)


def bodies(phrase):
    return sorted(upload["body"].removeprefix("This is ") for upload in phrase.sent(**UPLOAD))


def test_others_are_uploaded_while_one_takes_long(phrase, connect, uploads, write):
    connect(timeout=60)
    write("a.md", "b.md", "c.md", "d.md")
    made = uploads(phrase.project("de"))
    phrase.simulator.fault(**UPLOAD, delay=5)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(create, made)
        assert until(lambda: answered(phrase) >= 3)
        assert [each["status"] for each in phrase.sent(**UPLOAD)].count(None) == 1
        assert sorted(running.result()) == ["a.md", "b.md", "c.md", "d.md"]


def test_each_file_is_uploaded_once_and_what_is_there_is_found(phrase, uploads, write):
    names = [f"{number}/guide.md" for number in range(12)]
    write(*names)
    project_uid = phrase.project("de")
    first = create(uploads(project_uid))
    assert bodies(phrase) == sorted(names)
    phrase.forget()
    assert create(uploads(project_uid)) == create(uploads(project_uid, task="other")) == first
    assert phrase.costly() == []


@pytest.mark.parametrize("name", ["{}/index.md", "{}.md"])
def test_looks_at_phrase_do_not_grow_with_each_file(phrase, uploads, write, name):
    write(*(name.format(number) for number in range(60)))
    project_uid = phrase.project("de", "pt_br", "fr", "ja")
    phrase.forget()
    assert len(create(uploads(project_uid, "de", "pt_br", "fr", "ja"))) == 60
    assert len(phrase.sent(**UPLOAD)) == 60
    # The whole project, at most five pages, for the check and around each of the two batches.
    assert len(phrase.sent(**LIST)) <= 4 * 5
    assert len(phrase.sent(**COUNT)) < 30


def test_file_that_is_refused_holds_no_other_back(phrase, uploads, write, tmp_path):
    write("a.md", "b.md")
    project_uid = phrase.project("de")
    create(uploads(project_uid))
    (tmp_path / "in/a.md").write_text("Changed")
    write("c.md", "d.mp3")
    phrase.forget()
    made = uploads(project_uid)
    assert sorted(create(made)) == ["b.md", "c.md"]
    failed = {source.relative_path: type(error) for source, error in made.failed.items()}
    assert failed == {"a.md": PhraseSourceChangedError, "d.mp3": PhraseUnsupportedFileError}
    assert made.left == []
    assert bodies(phrase) == ["c.md", "d.mp3"]


def test_lost_answer_is_looked_up_and_not_sent_again(phrase, uploads, write):
    write(*(f"{number}.md" for number in range(5)))
    project_uid = phrase.project("de")
    phrase.simulator.fault(**UPLOAD, reset_after=True, times=2)
    found = create(uploads(project_uid))
    assert len(found) == 5
    assert len(phrase.sent(**UPLOAD)) == 5
    assert {part["uid"] for part in phrase.client.jobs.list(project_uid)} == set(found.values())


def test_outage_ends_the_uploads_and_the_next_try_goes_on(phrase, uploads, write):
    write(*(f"{number}.md" for number in range(40)))
    project_uid = phrase.project("de")
    phrase.simulator.fault(**UPLOAD, reset_before=True, times=None)
    made = uploads(project_uid)
    assert create(made) == {}
    assert {type(error) for error in made.failed.values()} == {PhraseOutcomeUnknownError}
    # Five in a row end it; some are under way then.
    assert 5 <= len(made.failed) <= 5 + 8
    assert len(made.left) == 40 - len(made.failed)
    assert made.error().can_pass
    phrase.simulator.clear_faults()
    assert len(create(uploads(project_uid))) == 40


def test_two_runs_at_the_same_moment_agree_on_one_job_for_each_file(phrase, uploads, write):
    write(*(f"{number}.md" for number in range(6)))
    project_uid = phrase.project("de", steps=2)
    runs = [uploads(project_uid, task="one"), uploads(project_uid, task="two")]
    phrase.simulator.fault(**UPLOAD, times=12, delay=1.5)
    with ThreadPoolExecutor(2) as pool:
        one, other = [run.result() for run in [pool.submit(create, run) for run in runs]]
    assert one == other
    # Of each file the parts of both workflow steps.
    assert len({part["uid"] for part in phrase.client.jobs.list(project_uid)}) == 12
    assert phrase.sent(**UPLOAD)


def test_limit_of_pending_requests_is_kept_by_all_threads_together(phrase, uploads, write, monkeypatch):
    monkeypatch.setattr("phrase_provider.services.tms.async_starts.HOLD_OFF", (0.05, 0.1))
    monkeypatch.setattr("phrase_provider.services.tms.async_starts.MAX_TURN_WAIT", 60.0)
    write(*(f"{number}.md" for number in range(8)))
    project_uid = phrase.project("de")
    phrase.simulator.settings(pending_limit=5)
    made = uploads(project_uid)
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(create, made)
        # Nine tenths of five.
        assert until(lambda: answered(phrase) >= 5)
        assert until(lambda: running.done() or phrase.import_files())
        assert len(running.result()) == 8
    assert phrase.sent(**COUNT)


def test_check_knows_files_of_the_same_name_as_files_of_their_own(phrase, uploads, write):
    write("app/index.md")
    project_uid = phrase.project("de")
    create(uploads(project_uid))
    write("web/index.md")
    phrase.forget()
    made = uploads(project_uid, glob="web/*")
    made.check(known_paths=["app/index.md"])
    assert [rows[0]["relative_path"] for _, rows in made.create_all()] == ["web/index.md"]
    assert phrase.sent("GET", "/original$") == []
