"""Several runs of one batch: one after the other, and at the same moment."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from phrase_fixtures import UPLOAD
from task_process import TaskRun

from phrase_provider.exceptions import PhraseOutcomeUnknownError, PhraseSourceChangedError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

CREATE = {"method": "POST", "path": "applyTemplate"}
LANGS = ["de", "pt_br"]


class Run:
    """A DAG run that creates the project of a batch and the jobs of its files."""

    def __init__(self, source, folder):
        folder.mkdir()
        self._source = source
        self.project = TaskRun(folder / f"{folder.name}-project", self._project)
        self.jobs = TaskRun(folder / f"{folder.name}-jobs", self._jobs)

    def __call__(self):
        self.project_uid = self.project.run()["project_uid"]
        return self.jobs.run()

    def _project(self):
        return PhraseTmsCreateProjectFromTemplateOperator(
            task_id="project", template="Translation", batch_id="web-42", target_langs=LANGS
        )

    def _jobs(self):
        return PhraseTmsCreateJobsOperator(
            task_id="jobs", project_uid=self.project_uid, source=f"{self._source}/**/*"
        )


@pytest.fixture
def source(tmp_path):
    """Two files with the same content in different folders."""
    for folder in ("app", "web"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        (tmp_path / "in" / folder / "strings.json").write_text('{"title": "Welcome"}')
    return tmp_path / "in"


@pytest.fixture
def start(phrase, source, tmp_path):
    phrase.template()  # What is imported at first use is loaded now.
    return lambda name: Run(source, tmp_path / name)


@pytest.fixture
def two_runs(start):
    """Two runs that have agreed on the project."""
    runs = start("one"), start("two")
    for run in runs:
        run.project_uid = run.project.run()["project_uid"]
    return runs


def projects(phrase):
    return [project["uid"] for project in phrase.client.projects.list()]


def jobs(phrase, run):
    return {part["uid"] for part in phrase.client.jobs.list(run.project_uid)}


def wait_until(there):
    give_up = time.monotonic() + 60
    while not there():
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_second_run_creates_nothing(phrase, start):
    first = start("one")()
    phrase.forget()
    assert start("two")() == first
    assert phrase.costly() == []


def test_same_content_in_different_folders_is_two_jobs(phrase, start):
    run = start("one")
    rows = run()
    assert [(row["relative_path"], row["target_lang"]) for row in rows] == [
        (f"{folder}/strings.json", lang) for folder in ("app", "web") for lang in LANGS
    ]
    assert len(jobs(phrase, run)) == 4


def test_changed_content_is_refused_with_what_can_be_done(phrase, start, source):
    start("one")()
    (source / "web/strings.json").write_text('{"title": "Goodbye"}')
    phrase.forget()
    told = r"web/strings\.json has changed.*Nothing was sent.*another batch id.*update the source"
    with pytest.raises(PhraseSourceChangedError, match=told):
        start("two")()
    assert phrase.costly() == []


def test_new_file_of_the_batch_is_uploaded_alone(phrase, start, source):
    first = start("one")()
    (source / "new.json").write_text('{"title": "New"}')
    phrase.forget()
    rows = start("two")()
    assert [row for row in rows if row["relative_path"] != "new.json"] == first
    assert [upload["body"] for upload in phrase.sent(**UPLOAD)] == ['{"title": "New"}']


def test_both_creates_take_effect_after_their_tasks_are_gone(phrase, start):
    runs = start("one"), start("two")
    phrase.simulator.fault(**CREATE, late=1, times=2)
    for run in runs:
        with pytest.raises(PhraseOutcomeUnknownError):
            run.project.run()
    wait_until(lambda: len(projects(phrase)) == 2)
    one, other = [run.project.run() for run in runs]
    assert one == other
    assert projects(phrase) == [one["project_uid"]]


def test_run_that_is_killed_before_it_sees_the_other_project(phrase, start):
    one, other = start("one"), start("two")
    phrase.simulator.fault(**CREATE, late=1.5)
    with pytest.raises(PhraseOutcomeUnknownError):
        one.project.run()
    other.project.kill_when(hold="before done")
    (earlier,) = projects(phrase)
    wait_until(lambda: len(projects(phrase)) == 2)
    assert other.project.run()["project_uid"] == earlier
    assert len(projects(phrase)) == 2, "what another run has made is left alone"
    assert one.project.run()["project_uid"] == earlier
    assert projects(phrase) == [earlier]


def test_later_project_that_is_not_empty_stays(phrase, start, capsys):
    one, other = start("one"), start("two")
    phrase.simulator.fault(**CREATE, late=1)
    with pytest.raises(PhraseOutcomeUnknownError):
        one.project.run()
    earlier = other.project.run()["project_uid"]
    wait_until(lambda: len(projects(phrase)) == 2)
    (later,) = set(projects(phrase)) - {earlier}
    phrase.upload(later)
    assert one.project.run()["project_uid"] == earlier
    assert set(projects(phrase)) == {earlier, later}
    assert f"Project {later} is of batch 'web-42' too" in capsys.readouterr().out


def test_many_runs_at_the_same_moment_keep_one_project_and_none_fails(phrase, start):
    runs = [start(f"run-{number}") for number in range(8)]
    phrase.simulator.fault(**CREATE, times=8, delay=1)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda run: run.project.run()["project_uid"], runs))
    assert projects(phrase) == list(set(found))
    # How many do not see each other depends on the machine.
    assert 2 <= len(phrase.sent(**CREATE)) <= 8


def upload_at_once(phrase, runs, delay=1.2):
    """Run the uploads of two runs, so that no one sees the jobs of the other before its own is sent."""
    phrase.simulator.fault(**UPLOAD, times=2, delay=delay)
    with ThreadPoolExecutor(2) as pool:
        return [run.result() for run in [pool.submit(run.jobs.run) for run in runs]]


def test_two_uploads_at_the_same_moment_leave_one_job_each(phrase, two_runs, capsys):
    one, other = upload_at_once(phrase, two_runs)
    assert one == other
    assert jobs(phrase, two_runs[0]) == {row["job_uid"] for row in one}
    assert "nobody works on it, and it is removed" in capsys.readouterr().out
    phrase.forget()
    assert [run.jobs.run() for run in two_runs] == [one, other]
    assert phrase.costly() == []


def test_all_levels_of_the_later_job_are_removed(phrase, source, tmp_path):
    (source / "web/strings.json").unlink()
    runs = Run(source, tmp_path / "one"), Run(source, tmp_path / "two")
    for run in runs:
        run.project_uid = phrase.project("de", steps=3) if run is runs[0] else runs[0].project_uid
    upload_at_once(phrase, runs)
    assert len(jobs(phrase, runs[0])) == 3


@pytest.mark.parametrize("worked_on", [False, True])
def test_run_that_is_killed_before_it_removes_its_own_jobs(phrase, tmp_path, once, capsys, worked_on):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.md").write_bytes(b"Hello\n\nworld\n")
    run = Run(tmp_path / "in", tmp_path / "one")
    run.project_uid = phrase.project("de")
    # The first upload to arrive is that of the task.
    phrase.simulator.fault(**UPLOAD, delay=2)
    once(lambda: phrase.sent(**UPLOAD), phrase.upload, run.project_uid)
    run.jobs.kill_when(hold="after done")
    earlier, later = [part["uid"] for part in phrase.client.jobs.list(run.project_uid)]
    if worked_on:
        phrase.import_files()
        phrase.simulator.job(later, "accept")
    (row,) = run.jobs.run()
    assert row["job_uid"] == earlier
    assert jobs(phrase, run) == ({earlier, later} if worked_on else {earlier})
    assert f"Job {later} has the file and language of {earlier}" in capsys.readouterr().out


def test_upload_whose_maker_nobody_knows_stays_and_is_told(phrase, source, two_runs, capsys):
    (source / "web/strings.json").unlink()
    one, other = two_runs
    phrase.simulator.fault(**UPLOAD, late=1)
    with pytest.raises(PhraseOutcomeUnknownError):
        one.jobs.run()
    rows = other.jobs.run()
    wait_until(lambda: len(jobs(phrase, one)) == 4)
    assert one.jobs.run() == rows
    assert len(jobs(phrase, one)) == 4
    assert capsys.readouterr().out.count("Delete it in Phrase if nobody needs it") == 2


def test_different_content_at_the_same_moment_is_told(phrase, source, two_runs, tmp_path):
    (source / "app/strings.json").unlink()
    (tmp_path / "other/web").mkdir(parents=True)
    (tmp_path / "other/web/strings.json").write_text('{"title": "Goodbye"}')
    two_runs[1]._source = tmp_path / "other"
    with pytest.raises(PhraseSourceChangedError, match=r"differ in content.*a batch id for each content"):
        upload_at_once(phrase, two_runs)
    assert len(jobs(phrase, two_runs[0])) == 4


def test_different_content_that_appears_after_the_check_is_told(phrase, two_runs, source, tmp_path):
    (tmp_path / "other/web").mkdir(parents=True)
    (tmp_path / "other/web/strings.json").write_text('{"title": "Goodbye"}')
    one, other = two_runs
    other._source = tmp_path / "other"
    phrase.simulator.fault(**UPLOAD, delay=1.5)
    with ThreadPoolExecutor(1) as pool:
        # It has checked both files, and uploads the first.
        run = pool.submit(one.jobs.run)
        time.sleep(0.7)
        other.jobs.run()
        with pytest.raises(PhraseSourceChangedError, match=r"web/strings\.json has changed"):
            run.result()
    assert len(phrase.sent(**UPLOAD)) == 2


def test_content_of_each_upload_is_compared(phrase, tmp_path):
    source, project_uid = tmp_path / "a.md", phrase.project("de", "pt_br")

    def upload(name, content, *langs):
        source.write_text(content)
        task = PhraseTmsCreateJobsOperator(
            task_id="jobs", project_uid=project_uid, source=str(source), target_langs=langs
        )
        return TaskRun(tmp_path / name, lambda: task).run()

    upload("one", "first", "de")
    phrase.simulator.advance(60)
    upload("two", "second", "pt_br")
    for name, content in [("three", "first"), ("four", "second")]:
        with pytest.raises(PhraseSourceChangedError):
            upload(name, content, "de", "pt_br")
    assert len(phrase.sent(**UPLOAD)) == 2
