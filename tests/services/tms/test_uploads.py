"""One task for all files of a plan: what a failure leaves, and how much it asks of Phrase."""

from __future__ import annotations

import unicodedata

import pytest
from phrase_fixtures import UPLOAD
from task_process import TaskRun
from task_runs import context

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseOutcomeUnknownError,
    PhraseSourceChangedError,
    PhraseUnsupportedFileError,
    PhraseUploadsFailedError,
)
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator

LANGS = ("de", "pt_br", "fr", "ja")


@pytest.fixture
def task(phrase, tmp_path):
    """Makes the task for all files of a folder, each of which holds its own name."""

    def make(*names, langs=("de",)):
        folder = tmp_path / "in"
        for name in names:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(f"This is {name}")
        project_uid = phrase.project(*langs)

        def operator():
            return PhraseTmsCreateJobsOperator(
                task_id="jobs", project_uid=project_uid, source=f"{folder}/**/*"
            )

        operator.project_uid, operator.folder = project_uid, folder
        return operator

    return make


def uploaded(phrase):
    return [upload["body"].removeprefix("This is ") for upload in phrase.sent(**UPLOAD)]


def kept(run):
    """What the other tasks of the run get, though this one failed."""
    return [row["relative_path"] for row in run.context["ti"].xcoms.get("return_value", [])]


def test_file_that_failed_does_not_lose_the_others_and_is_continued_alone(phrase, task, tmp_path):
    run = TaskRun(tmp_path / "run", task("a.md", "b.md", "c.md"))
    phrase.simulator.fault(**UPLOAD, reset_before=True)
    with pytest.raises(PhraseOutcomeUnknownError, match=r"^a\.md: .*not known whether POST") as caught:
        run.run()
    assert caught.value.can_pass
    assert uploaded(phrase) == ["a.md", "b.md", "c.md"]
    assert kept(run) == ["b.md", "c.md"]
    phrase.forget()
    assert [row["relative_path"] for row in run.run()] == ["a.md", "b.md", "c.md"]
    assert uploaded(phrase) == ["a.md"]
    assert phrase.sent("GET", "/original$") == []


def test_each_file_that_failed_is_named_with_its_reason(phrase, task, tmp_path):
    run = TaskRun(tmp_path / "run", task("a.md", "b.mp3", "c.md"))
    phrase.simulator.fault(**UPLOAD, reset_before=True)
    told = r"^2 of 3 files failed\. a\.md: It is not known.*; Phrase cannot import b\.mp3.*clear this task"
    with pytest.raises(PhraseUploadsFailedError, match=told) as caught:
        run.run()
    assert caught.value.can_pass
    assert kept(run) == ["c.md"]


def test_files_that_fail_for_good_are_not_tried_again(phrase, task, tmp_path):
    run = TaskRun(tmp_path / "run", task("a.mp3", "b.mp3", "c.md"))
    with pytest.raises(PhraseUnsupportedFileError, match=r"2 of 3 files failed.*a\.mp3.*b\.mp3") as caught:
        run.run()
    assert not caught.value.can_pass
    assert kept(run) == ["c.md"]


def test_changed_file_lets_those_that_are_there_go_on_and_nothing_new_be_sent(phrase, task, tmp_path):
    make = task("a.md", "b.md")
    TaskRun(tmp_path / "one", make).run()
    (make.folder / "a.md").write_text("Changed")
    (make.folder / "new.md").write_text("New")
    run = TaskRun(tmp_path / "two", make)
    phrase.forget()
    with pytest.raises(PhraseSourceChangedError, match=r"a\.md .*Not uploaded: 1 more \(new\.md\)"):
        run.run()
    assert phrase.costly() == []
    assert kept(run) == ["b.md"]


def test_outage_is_not_met_by_every_file(phrase, task, tmp_path):
    names = [f"{number}.md" for number in range(9)]
    run = TaskRun(tmp_path / "run", task(*names))
    phrase.simulator.fault(**UPLOAD, reset_before=True, times=None)
    with pytest.raises(PhraseOutcomeUnknownError, match=r"5 of 9 files failed.*Not uploaded: 4 more \(5\.md"):
        run.run()
    assert len(phrase.sent(**UPLOAD)) == 5
    phrase.simulator.clear_faults()
    assert [row["relative_path"] for row in run.run()] == names


def test_refused_token_is_not_tried_for_every_file(phrase, task, tmp_path):
    run = TaskRun(tmp_path / "run", task("a.md", "b.md", "c.md"))
    refused = {"errorCode": "AuthUnauthorized", "errorDescription": "No"}
    phrase.simulator.fault(**UPLOAD, status=401, body=refused, times=None)
    with pytest.raises(PhraseAuthenticationError, match=r"a\.md.*Not uploaded: 2 more \(b\.md, c\.md\)"):
        run.run()
    assert set(uploaded(phrase)) == {"a.md"}


def requests_of_second_run(phrase, make):
    make().execute(context())
    phrase.forget()
    assert len(make().execute(context())) == 60 * len(LANGS)
    assert phrase.costly() == []
    return len(phrase.sent())


@pytest.mark.parametrize("name", ["guide", "größe", "ガイド"])
def test_second_run_of_sixty_files_asks_once_for_all_of_them(phrase, task, name):
    names = [f"{folder}/{name}-{number}.md" for folder in ("app", "web") for number in range(30)]
    make = task(*(unicodedata.normalize("NFD", name) for name in names), langs=LANGS)
    # The token, the project, its list in five pages, and the content of each file.
    assert requests_of_second_run(phrase, make) <= 60 + 7


def test_large_project_is_asked_by_name(phrase, task):
    make = task("a.md")
    for number in range(120):
        phrase.upload(make.project_uid, f"{number}.md")
    make().execute(context())
    phrase.forget()
    make().execute(context())
    assert len(phrase.sent("GET", "/jobs$")) == 2


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_file_of_a_large_project_is_found_however_its_name_was_sent(phrase, task, form):
    make = task(unicodedata.normalize("NFD", "größe.md"))
    for number in range(120):
        phrase.upload(make.project_uid, f"{number}.md")
    (earlier,) = phrase.upload(make.project_uid, unicodedata.normalize(form, "größe.md"))
    (make.folder / unicodedata.normalize("NFD", "größe.md")).write_bytes(b"Hello\n\nworld\n")
    phrase.forget()
    (row,) = make().execute(context())
    assert row["job_uid"] == earlier
    assert phrase.costly() == []
