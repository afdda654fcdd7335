"""What a run does in Phrase about each source that is new, open, wanted in more languages, or gone."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from task_process import FileStore, TaskRun
from task_runs import context

from phrase_provider.exceptions import (
    PhraseInputError,
    PhraseKilledError,
    PhraseOutcomeUnknownError,
    PhraseUnsupportedFileError,
    PhraseUploadsFailedError,
)
from phrase_provider.files import stamps
from phrase_provider.manifest.lines import renewed
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.operators.tms.changes import PhraseTmsPlanChangesOperator
from phrase_provider.operators.tms.sync_sources import PhraseTmsSyncSourcesOperator
from phrase_provider.services.tms.job_list import JobList

UPLOAD = {"method": "POST", "path": "/jobs$"}
SEND = {"method": "POST", "path": "/jobs/source$"}
CLONE = {"method": "POST", "path": "/jobs/clone$"}
WRITES = {"POST", "PUT", "PATCH", "DELETE"}


class Night:
    """A DAG run that plans the changes of a site, and may then synchronize them several times."""

    def __init__(self, site, name, **plan):
        self.site = site
        self.context = context()
        self.context["ti"].run_id = name
        (site.folder / name).mkdir()
        self.context["task_state_store"] = FileStore(site.folder / name)
        self.planned = PhraseTmsPlanChangesOperator(task_id="changes", **site.plan | plan).execute(
            self.context
        )

    def task(self, **arguments):
        given = {name: self.planned[name] for name in ("changes", "jobs", "manifest")}
        given["project_uid"] = self.site.project_uid
        return PhraseTmsSyncSourcesOperator(task_id="sync", **given | arguments)

    def sync(self, **arguments):
        """Give what the task returns, without the path and what is 0."""
        row = self.task(**arguments).execute(self.context)
        assert row["jobs"] == self.planned["jobs"]
        return {name: number for name, number in row.items() if name != "jobs" and number}

    def rows(self):
        return {
            (row["relative_path"], row["target_lang"]): row for row in JobList(self.planned["jobs"]).read()
        }


class Site:
    """A folder of sources that is translated night by night."""

    def __init__(self, phrase, folder, *langs):
        self.folder = folder
        self.project_uid = phrase.project(*langs)
        self.manifest = Manifest(f"{folder}/out/phrase-manifest.jsonl")
        self.plan = {
            "source": f"{folder}/in/**/*",
            "target_langs": list(langs),
            "target_folder": f"{folder}/out",
            "batch_id": "site",
        }

    def write(self, *names, text="This is {}"):
        for name in names:
            path = self.folder / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text.format(name))

    def night(self, name, **plan):
        return Night(self, name, **plan)

    def lines(self):
        return {tuple(key): line for key, line in self.manifest.read().items()}

    def deliver(self, run="lane"):
        """Write to the manifest what the batch lane does, when all is home."""
        lines = []
        for line in self.manifest.read().values():
            target = Path(self.folder / "out" / line["target_lang"] / line["source"])
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("Translated")
            facts = {
                "status": "DELIVERED",
                "delivered_at": line["at"],
                "target_path": str(target),
                "target_sha256": hashlib.sha256(b"Translated").hexdigest(),
                "target_source_sha256": line["sha256"],
            }
            lines.append(renewed(line, run, facts))
        self.manifest.add(run, lines)


@pytest.fixture
def site(phrase, tmp_path, monkeypatch):
    # Files of a test are as fresh as they can be.
    monkeypatch.setattr(stamps, "SETTLING", -60)
    site = Site(phrase, tmp_path, "de", "fr")
    site.write("a.md", "x/b.md")
    return site


def written(phrase):
    return [
        f"{each['method']} {each['path'].rpartition('/')[2]}"
        for each in phrase.sent()
        if each["method"] in WRITES
    ]


def bodies(phrase):
    return sorted(upload["body"].removeprefix("This is ") for upload in phrase.sent(**UPLOAD))


def test_new_sources_are_uploaded_listed_and_noted(phrase, site):
    night = site.night("one")
    assert night.sync() == {"created": 4}
    assert bodies(phrase) == ["a.md", "x/b.md"]
    listed = {part["uid"] for part in phrase.client.jobs.list(site.project_uid)}
    rows, lines = night.rows(), site.lines()
    assert {row["job_uid"] for row in rows.values()} == listed
    assert rows.keys() == lines.keys() == {(n, lang) for n in ("a.md", "x/b.md") for lang in ("de", "fr")}
    for key, row in rows.items():
        line = lines[key]
        assert (line["job_uid"], line["project_uid"]) == (row["job_uid"], site.project_uid)
        assert line["sha256"] == row["sha256"] == hashlib.sha256(f"This is {key[0]}".encode()).hexdigest()
        assert line["status"] == "NEW"
        assert row["outcome"] == "created"
        assert row["target_path"] == f"{site.folder}/out/{key[1]}/{key[0]}"


def test_next_night_takes_over_what_is_open_and_sends_nothing(phrase, site):
    site.night("one").sync()
    before = site.lines()
    night = site.night("two")
    phrase.forget()
    assert night.sync(project_uid=None) == {"adopted": 4}
    assert phrase.sent() == []
    lines = site.lines()
    assert {line["run"] for line in lines.values()} == {night.planned["run"]}
    assert {key: line["job_uid"] for key, line in lines.items()} == {
        key: line["job_uid"] for key, line in before.items()
    }
    assert {row["outcome"] for row in night.rows().values()} == {"adopted"}


def test_cleared_task_takes_no_line_from_the_tasks_after_it(phrase, site):
    night = site.night("one")
    night.sync()
    site.deliver(run=night.planned["run"])
    before = site.lines()
    phrase.forget()
    assert night.sync() == {"created": 4}
    assert written(phrase) == []
    assert site.lines() == before


def test_two_runs_that_planned_the_same_upload_it_once(phrase, site):
    one, two = site.night("one"), site.night("two")
    one.sync()
    phrase.forget()
    assert two.sync() == {"created": 4}
    assert written(phrase) == []
    assert {key: row["job_uid"] for key, row in one.rows().items()} == {
        key: row["job_uid"] for key, row in two.rows().items()
    }


def test_run_that_was_planned_before_an_update_takes_over_what_was_updated(phrase, changed):
    (changed.folder / "in/a.md").write_text("This is a.md")
    early = changed.night("two")
    changed.write("a.md", text="This is a.md\n\nwith another line")
    late = changed.night("three")
    late.sync()
    assert early.sync() == {"adopted": 4}
    row, line = early.rows()["a.md", "de"], changed.lines()["a.md", "de"]
    assert row["sha256"] == line["sha256"] == late.rows()["a.md", "de"]["sha256"]
    assert row["job_uid"] == line["job_uid"]


def test_source_that_fails_for_good_holds_no_other_back_and_is_told(phrase, site):
    site.write("c.mp3")
    night = site.night("one")
    night.context["ti"].max_tries = 4
    assert night.sync() == {"created": 4, "failed": 2}
    row = night.rows()["c.mp3", "de"]
    assert row["job_uid"] is None
    assert "cannot import c.mp3" in row["error"]
    assert "cannot import c.mp3" in site.lines()["c.mp3", "de"]["error"]


def test_what_can_pass_fails_the_task_while_it_has_tries_left(phrase, site):
    night = site.night("one")
    night.context["ti"].max_tries = 1
    phrase.simulator.fault(**UPLOAD, reset_before=True)
    with pytest.raises(PhraseOutcomeUnknownError, match="not known whether POST"):
        night.sync()
    (noted,) = {line["source"] for line in site.lines().values() if line.get("job_uid")}
    phrase.forget()
    night.context["ti"].try_number = 2
    assert night.sync() == {"created": 4}
    assert len(phrase.sent(**UPLOAD)) == 1
    assert noted not in bodies(phrase)
    assert not any(line["error"] for line in site.lines().values())


def test_last_try_succeeds_if_anything_did(phrase, site):
    night = site.night("one")
    phrase.simulator.fault(**UPLOAD, reset_before=True)
    assert night.sync() == {"created": 2, "failed": 2}


def test_last_try_fails_if_nothing_succeeded(phrase, site):
    night = site.night("one")
    phrase.simulator.fault(**UPLOAD, reset_before=True, times=None)
    with pytest.raises(PhraseOutcomeUnknownError, match=r"2 of 2 files failed"):
        night.sync()
    site.write("c.mp3")
    phrase.simulator.clear_faults()
    for name in ("a.md", "x/b.md"):
        (site.folder / "in" / name).unlink()
    with pytest.raises(PhraseUnsupportedFileError):
        site.night("two").sync()


def test_source_that_is_gone_since_the_plan_fails_alone(phrase, site):
    night = site.night("one")
    (site.folder / "in/a.md").unlink()
    assert night.sync() == {"created": 2, "failed": 2}
    assert "does not exist" in night.rows()["a.md", "de"]["error"]


def test_source_that_changed_since_the_plan_is_sent_as_it_is(phrase, site):
    night = site.night("one")
    site.write("a.md", text="Longer than it was before")
    night.sync()
    assert "Longer than it was before" in bodies(phrase)
    expected = hashlib.sha256(b"Longer than it was before").hexdigest()
    assert site.lines()["a.md", "de"]["sha256"] == expected


def test_new_sources_need_a_project(phrase, site):
    night = site.night("one")
    phrase.forget()
    with pytest.raises(PhraseInputError, match="no project for them"):
        night.sync(project_uid=None)
    assert written(phrase) == []


def test_language_is_added_by_cloning(phrase, site):
    site.night("one").sync()
    phrase.import_files()
    night = site.night("two", target_langs=["de", "fr", "ja"])
    phrase.forget()
    assert night.sync(project_uid=None) == {"cloned": 2, "adopted": 4}
    assert phrase.sent(**UPLOAD) == []
    assert len(phrase.sent(**CLONE)) == 1
    lines = site.lines()
    assert {row["job_uid"] for row in night.rows().values()} == {line["job_uid"] for line in lines.values()}
    assert lines["a.md", "ja"]["sha256"] == lines["a.md", "de"]["sha256"]


def test_language_of_a_source_whose_jobs_have_other_content_is_uploaded(phrase, site):
    site.night("one").sync()
    phrase.import_files()
    site.write("a.md", text="Changed")
    night = site.night("two", target_langs=["ja"])
    phrase.forget()
    # A new file of a project without the language gives it that, too.
    assert night.sync() == {"created": 1, "cloned": 1}
    assert bodies(phrase) == ["Changed"]


def test_language_of_an_archived_project_is_uploaded_to_another(phrase, site):
    site.night("one").sync()
    phrase.import_files()
    phrase.change_project(site.project_uid, archived=True)
    site.project_uid = phrase.project("de", "fr", "ja")
    night = site.night("two", target_langs=["de", "fr", "ja"])
    assert night.sync() == {"created": 2, "adopted": 4}
    assert site.lines()["a.md", "ja"]["project_uid"] == site.project_uid


@pytest.fixture
def changed(phrase, site):
    """A site whose first source has changed since it was imported."""
    phrase.simulator.settings(import_seconds=[0, 0])
    site.night("one").sync()
    # Updates have another time than the upload.
    phrase.simulator.advance(60)
    site.write("a.md", text="This is a.md\n\nwith another line")
    phrase.forget()
    return site


def test_changed_source_is_updated_where_its_jobs_are(phrase, changed):
    before = changed.lines()
    night = changed.night("two")
    assert night.sync(project_uid=None) == {"updated": 2, "adopted": 2}
    assert (len(phrase.sent(**SEND)), phrase.sent(**UPLOAD)) == (1, [])
    rows, lines = night.rows(), changed.lines()
    expected = hashlib.sha256((changed.folder / "in/a.md").read_bytes()).hexdigest()
    for lang in ("de", "fr"):
        line = lines["a.md", lang]
        assert line["job_uid"] == rows["a.md", lang]["job_uid"] == before["a.md", lang]["job_uid"]
        assert line["sha256"] == rows["a.md", lang]["sha256"] == expected
        assert line["added_words"] > 0
        assert rows["a.md", lang]["outcome"] == "updated"


def test_cleared_update_sends_nothing_again(phrase, changed):
    night = changed.night("two")
    night.sync()
    phrase.forget()
    assert night.sync() == {"updated": 2, "adopted": 2}
    assert written(phrase) == []


def test_update_that_failed_is_tried_again_alone(phrase, changed):
    night = changed.night("two")
    night.context["ti"].max_tries = 1
    phrase.simulator.fault(
        **SEND, status=503, times=None, body={"errorCode": "Down", "errorDescription": "No"}
    )
    with pytest.raises(PhraseUploadsFailedError, match=r"a\.md is not updated in"):
        night.sync()
    assert changed.lines()["a.md", "de"]["error"]
    phrase.simulator.clear_faults()
    night.context["ti"].try_number = 2
    assert night.sync() == {"updated": 2, "adopted": 2}
    assert not changed.lines()["a.md", "de"]["error"]


def test_cancelled_language_is_left_out_named_and_not_asked_for_again(phrase, changed):
    phrase.simulator.job(changed.lines()["a.md", "fr"]["job_uid"], "cancel")
    night = changed.night("two")
    assert night.sync() == {"updated": 1, "adopted": 2, "failed": 1}
    assert "is cancelled" in night.rows()["a.md", "fr"]["error"]
    assert changed.lines()["a.md", "fr"]["status"] == "CANCELLED"
    assert changed.night("three").planned["changed"] == 0


def test_changed_source_fails_alone_when_that_is_asked_for(phrase, changed):
    night = changed.night("two")
    assert night.sync(on_change="fail") == {"adopted": 2, "failed": 2}
    assert "on_change" in night.rows()["a.md", "de"]["error"]
    assert written(phrase) == []


def test_new_job_takes_the_place_of_the_unfinished_one(phrase, changed):
    before = changed.lines()
    night = changed.night("two")
    assert night.sync(on_change="new_job") == {"created": 2, "adopted": 2}
    assert (len(phrase.sent(**UPLOAD)), phrase.sent(**SEND)) == (1, [])
    lines = changed.lines()
    for lang in ("de", "fr"):
        assert lines["a.md", lang]["job_uid"] == night.rows()["a.md", lang]["job_uid"]
        assert lines["a.md", lang]["job_uid"] != before["a.md", lang]["job_uid"]
        assert phrase.status(changed.project_uid, before["a.md", lang]["job_uid"]) == "CANCELLED"
        assert phrase.status(changed.project_uid, lines["a.md", lang]["job_uid"]) == "NEW"


def test_new_job_is_made_once_also_by_a_run_that_planned_the_same(phrase, changed):
    one, two = changed.night("two"), changed.night("three")
    one.sync(on_change="new_job")
    phrase.forget()
    assert one.sync(on_change="new_job") == two.sync(on_change="new_job") == {"created": 2, "adopted": 2}
    assert written(phrase) == []
    assert one.rows()["a.md", "de"]["job_uid"] == two.rows()["a.md", "de"]["job_uid"]


def test_changed_source_of_an_archived_project_gets_a_new_job(phrase, changed):
    phrase.change_project(changed.project_uid, archived=True)
    changed.project_uid = phrase.project("de", "fr")
    assert changed.night("two").sync() == {"created": 2, "adopted": 2}
    assert changed.lines()["a.md", "de"]["project_uid"] == changed.project_uid
    assert phrase.sent(**SEND) == []


def test_changed_source_in_one_more_language_is_updated_and_cloned(phrase, changed):
    night = changed.night("two", target_langs=["de", "fr", "ja"])
    assert night.sync() == {"updated": 2, "adopted": 2, "cloned": 2}
    assert (len(phrase.sent(**SEND)), phrase.sent(**UPLOAD)) == (1, [])


def test_source_that_is_being_translated_is_updated_when_that_rests(phrase, changed):
    old = changed.lines()["a.md", "de"]["sha256"]
    phrase.simulator.job(changed.lines()["a.md", "de"]["job_uid"], "accept")
    night = changed.night("two")
    assert night.sync(quiet_minutes=30) == {"adopted": 4}
    assert phrase.sent(**SEND) == []
    assert night.rows()["a.md", "de"]["sha256"] == changed.lines()["a.md", "de"]["sha256"] == old
    assert changed.night("three").planned["changed"] == 1


@pytest.fixture
def gone(phrase, site):
    """A site whose first source was delivered, and is gone."""
    site.night("one").sync()
    phrase.import_files()
    site.deliver()
    (site.folder / "in/a.md").unlink()
    phrase.forget()
    return site


def statuses(phrase, site):
    return {part["filename"]: part["status"] for part in phrase.client.jobs.list(site.project_uid)}


def test_deleted_source_is_only_reported_by_default(phrase, gone):
    night = gone.night("two")
    assert not night.planned["todo"]
    assert night.sync() == {}
    assert written(phrase) == []
    assert (gone.folder / "out/de/a.md").exists()


def test_open_jobs_of_a_deleted_source_are_cancelled_when_asked(phrase, gone):
    assert gone.night("two", on_delete="cancel").sync(on_delete="cancel") == {"deleted": 2}
    assert statuses(phrase, gone) == {"a.md": "CANCELLED", "b.md": "NEW"}
    assert (gone.folder / "out/de/a.md").exists()
    assert gone.lines()["a.md", "de"]["deleted_at"]
    assert gone.night("three", on_delete="cancel").planned["deleted"] == 0


def test_targets_of_a_deleted_source_are_removed_when_asked(phrase, gone):
    (gone.folder / "out/fr/a.md").write_text("Somebody has changed it")
    gone.night("two", on_delete="remove").sync(on_delete="remove")
    assert not (gone.folder / "out/de/a.md").exists()
    assert (gone.folder / "out/fr/a.md").read_text() == "Somebody has changed it"
    assert (gone.folder / "out/de/x/b.md").exists()


def test_completed_jobs_of_a_deleted_source_are_left(phrase, gone):
    job_uid = gone.lines()["a.md", "de"]["job_uid"]
    phrase.simulator.job(job_uid, "complete")
    gone.night("two", on_delete="cancel").sync(on_delete="cancel")
    assert phrase.status(gone.project_uid, job_uid) == "COMPLETED"


def test_unknown_word_is_refused_before_anything_is_sent(phrase, site):
    night = site.night("one")
    phrase.forget()
    with pytest.raises(PhraseInputError, match="on_delete is 'purge'"):
        night.sync(on_delete="purge")
    assert phrase.sent() == []


def test_many_results_are_noted_as_they_come(phrase, site):
    site.write(*(f"{number}.md" for number in range(120)))
    site.night("one").sync()
    parts = [part for part in site.manifest.parts() if "-dag.one-" in part]
    assert len(parts) >= 3
    assert len(site.lines()) == 2 * 122


def test_what_fails_for_all_new_sources_holds_back_nothing_else(phrase, changed):
    changed.write("new.md", "newer.md")
    night = changed.night("two")
    assert night.sync(project_uid=None) == {"updated": 2, "adopted": 2, "failed": 4}
    assert "no project for them" in night.rows()["new.md", "de"]["error"]
    assert night.sync() == {"created": 4, "updated": 2, "adopted": 2}


def test_outage_sends_no_more_of_another_kind(phrase, changed):
    changed.write("new.md")
    phrase.simulator.fault(**SEND, status=401, times=None, body={"errorCode": "AuthUnauthorized"})
    phrase.simulator.fault(path="projects/[^/]+$", method="GET", status=401, times=None)
    night = changed.night("two", target_langs=["de", "fr", "ja"])
    phrase.forget()
    assert night.sync()["failed"] > 0
    assert phrase.sent(**UPLOAD) == phrase.sent(**CLONE) == []


@pytest.mark.parametrize("cancel", [False, True])
def test_task_that_is_killed_while_it_uploads_ends_with_what_is_under_way(phrase, site, once, cancel):
    site.write(*(f"{number}.md" for number in range(60)))
    phrase.simulator.fault(**UPLOAD, delay=0.5, times=None)
    night = site.night("one")
    task = night.task(cancel_on_kill=cancel)
    once(lambda: len(phrase.sent(**UPLOAD)) >= 3, task.on_kill)
    with pytest.raises(PhraseKilledError):
        task.execute(night.context)
    uploads = len(phrase.sent(**UPLOAD))
    assert 3 <= uploads < 30
    assert bool(phrase.sent("POST", "/setStatus$")) is cancel
    assert len([line for line in site.lines().values() if line.get("job_uid")]) == 2 * uploads
    phrase.simulator.clear_faults()
    assert night.sync()["created"] == 2 * 62


def test_task_that_is_killed_sends_nothing_more_and_goes_on_when_it_is_cleared(phrase, site):
    site.write(*(f"{number}.md" for number in range(60)))
    night = site.night("one")
    task = night.task()
    task.on_kill()
    with pytest.raises(PhraseKilledError):
        task.execute(night.context)
    assert phrase.sent(**UPLOAD) == []
    assert night.sync() == {"created": 2 * 62}


@pytest.mark.parametrize("hold", ["before pending", "after pending", "before done", "after done"])
def test_killed_upload_is_found_by_the_next_try(phrase, site, tmp_path, hold):
    night = site.night("one")
    run = TaskRun(tmp_path / "run", night.task)
    run.context = night.context
    run.kill_when(hold=hold)
    row = run.run()
    assert (row["created"], row["failed"]) == (4, 0)
    # Four, whatever was sent before: each file in each language once.
    assert len({part["uid"] for part in phrase.client.jobs.list(site.project_uid)}) == 4
    assert {row["job_uid"] for row in night.rows().values()} == {
        line["job_uid"] for line in site.lines().values()
    }


def test_killed_update_is_sent_once(phrase, changed, tmp_path):
    night = changed.night("two")
    run = TaskRun(tmp_path / "run", night.task)
    run.context = night.context
    phrase.simulator.fault(**SEND, delay=30)
    run.kill_when(lambda: phrase.sent(**SEND))
    phrase.simulator.clear_faults()
    row = run.run()
    assert (row["updated"], row["failed"]) == (2, 0)
    assert (
        changed.lines()["a.md", "de"]["sha256"]
        == hashlib.sha256((changed.folder / "in/a.md").read_bytes()).hexdigest()
    )


def finish(phrase, site, lang, *levels, status):
    """Set the status of the parts of a language, in some workflow steps."""
    for part in list(phrase.client.jobs.list(site.project_uid)):
        step = part["workflowStep"]
        if part["targetLang"] == lang and (step["workflowLevel"] if step else 1) in levels:
            phrase.change_job(site.project_uid, part["uid"], status=status)


def test_jobs_in_every_state_take_one_request_for_each_changed_source(phrase, site):
    site.project_uid = phrase.project("de", "fr", "ja", "cs", steps=2)
    site.plan["target_langs"] = ["de", "fr", "ja", "cs"]
    site.write(*(f"{number}.md" for number in range(4)))
    phrase.simulator.settings(import_seconds=[0, 0])
    site.night("one").sync()
    finish(phrase, site, "fr", 1, status="ACCEPTED")
    finish(phrase, site, "ja", 1, status="COMPLETED")
    finish(phrase, site, "cs", 1, 2, status="DELIVERED")
    phrase.simulator.advance(60)
    site.write(*(f"{number}.md" for number in range(4)), text="This is {}\n\nwith another line")
    phrase.forget()
    assert site.night("two").sync() == {"updated": 16, "adopted": 8}
    assert len(phrase.sent(**SEND)) == 4
    assert phrase.sent(**UPLOAD) == []
    parts = list(phrase.client.jobs.list(site.project_uid))
    changed_ones = [part for part in parts if part["filename"][0].isdigit()]
    assert {part["status"] for part in changed_ones} == {"NEW", "ACCEPTED"}
    # Read after the updates have ended: nothing of them is done.
    assert {line["status"] for key, line in site.lines().items() if key[0][0].isdigit()} == {"NEW"}


def test_source_that_changes_back_after_a_kill_is_brought_back(phrase, changed, tmp_path):
    before = (changed.folder / "in/a.md").read_text().partition("\n")[0]
    run = TaskRun(tmp_path / "run", (night := changed.night("two")).task)
    run.context = night.context
    # Phrase takes the source, and the task does not live to hear it.
    phrase.simulator.fault(**SEND, hang_after=True)
    run.kill_when(lambda: phrase.sent(**SEND))
    phrase.simulator.clear_faults()
    changed.write("a.md", text=before)
    phrase.simulator.advance(60)
    third = changed.night("three")
    assert (third.planned["todo"], third.planned["changed"]) == (True, 0)
    third.sync()
    phrase.simulator.advance(60)
    fourth = changed.night("four")
    assert fourth.planned["changed"] == 1
    assert fourth.sync()["updated"] == 2
    uid = changed.lines()["a.md", "de"]["job_uid"]
    with phrase.client.jobs.open_original(changed.project_uid, uid) as pieces:
        assert b"".join(pieces).decode() == before
    phrase.forget()
    fifth = changed.night("five")
    assert fifth.planned["changed"] == 0
    fifth.sync()
    assert written(phrase) == []
