"""The report on a run: one table for any number of targets, and the colour of the run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lane_runs import SHA, LaneRun
from task_runs import context

from phrase_provider.exceptions import PhraseInputError, PhraseNotDeliveredError
from phrase_provider.operators.tms.run_report import PhraseTmsRunReportOperator
from phrase_provider.services.tms.changes.source_changes import ChangeList
from phrase_provider.services.tms.job_list import JobList

DELIVERED = {
    "status": "DELIVERED",
    "target_sha256": "1",
    "target_source_sha256": SHA,
    "delivered_at": "2026-12-01T03:00:00.000000+00:00",
}


@pytest.fixture
def lane(phrase, tmp_path):
    made = LaneRun(phrase, tmp_path)
    phrase.forget()
    return made


@pytest.fixture
def changes(lane, tmp_path):
    """The run's changes, as the task that planned it tells them."""
    location = f"{tmp_path}/changes.jsonl"
    names = sorted({row["relative_path"] for row in lane.rows})
    ChangeList(location).write(
        {
            "kind": "new",
            "path": f"/src/{name}",
            "relative_path": name,
            "base": "/src",
            "size": 12,
            "sha256": SHA,
            "words": 2,
            "target_langs": ["de", "fr", "ja"],
            "open_langs": [],
            "targets": {},
            "jobs": {},
        }
        for name in names
    )
    return {
        "changes": location,
        "jobs": lane.list,
        "manifest": lane.manifest,
        "run": lane.run,
        "todo": True,
    }


def report(lane, told=None, **arguments):
    task = PhraseTmsRunReportOperator(task_id="report", **arguments)
    return task.execute(told or lane.context)


def test_a_run_that_delivered_everything_is_green(phrase, lane, changes, capsys):
    lane.complete()
    lane.translate()
    phrase.forget()
    result = report(lane, changes=changes)
    assert (result["up to date"], result["failed"], result["taken_over"]) == (6, 0, 0)
    assert len(json.dumps(result)) < 1000
    assert json.loads(Path(result["report"]).read_text())["translations"]["up to date"] == 6
    assert f"Run {lane.run}: 6 of 6 targets are delivered." in capsys.readouterr().out
    assert phrase.sent() == []


def test_lists_may_be_given_without_a_plan(lane):
    lane.add_lines(lane.uids, lane.run, **DELIVERED)
    assert report(lane, jobs=lane.list, manifest=lane.manifest)["up to date"] == 6
    assert report(lane, jobs=lane.rows, manifest=lane.manifest)["up to date"] == 6


def test_rows_without_checksums_count_by_their_jobs(lane):
    known = ("project_uid", "job_uid", "target_lang", "source", "relative_path", "target_path")
    rows = [{name: row[name] for name in known} for row in lane.rows]
    lane.complete(*lane.uids[1:])
    phrase = lane.phrase
    phrase.simulator.job(lane.uids[0], "cancel")
    lane.translate(jobs=rows)
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 6 .*cancelled"):
        report(lane, jobs=rows, manifest=lane.manifest)
    with pytest.raises(PhraseNotDeliveredError, match="6 of 6"):
        report(lane, jobs=[row | {"job_uid": "another"} for row in rows], manifest=lane.manifest)


def test_what_is_not_delivered_fails_the_run_and_is_named(lane, changes, capsys):
    lane.add_lines(lane.uids[2:], lane.run, **DELIVERED)
    lane.add_lines(lane.uids[:1], lane.run, status="CANCELLED", error="the job is cancelled in Phrase")
    lane.add_lines(lane.uids[1:2], lane.run)
    with pytest.raises(PhraseNotDeliveredError, match=r"2 of 6 targets .*cancelled in Phrase.*: missing"):
        report(lane, changes=changes)
    assert "4 of 6 targets are delivered" in capsys.readouterr().out
    told = json.loads(Path(f"{lane.manifest}.runs/{lane.run}/report.json").read_text())
    assert [row["state"] for row in told["rows"][:2]] == ["failed", "missing"]
    assert lane.context["ti"].xcoms["phrase_progress_url"].endswith("/report.json")


def test_an_upload_that_failed_is_named_with_its_reason(lane, changes):
    lane.add_lines(lane.uids[1:], lane.run, **DELIVERED)
    lane.rows[0] |= {"job_uid": None, "outcome": "failed", "error": "no such file type"}
    JobList(lane.list).write(lane.rows)
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 6 .*no such file type"):
        report(lane, changes=changes)


def test_what_the_job_list_lacks_of_the_plan_was_not_done(lane, changes):
    lane.add_lines(lane.uids, lane.run, **DELIVERED)
    JobList(lane.list).write(lane.rows[1:])
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 6 .*Nothing was done about it"):
        report(lane, changes=changes)


def test_a_run_whose_upload_left_no_list_fails(lane, changes):
    Path(lane.list).unlink()
    with pytest.raises(PhraseNotDeliveredError, match="6 of 6 targets are not delivered"):
        report(lane, changes=changes)


def test_a_run_with_nothing_to_do_is_green(lane, changes, capsys):
    ChangeList(changes["changes"]).write([])
    Path(lane.list).unlink()
    assert report(lane, changes=changes | {"todo": False})["up to date"] == 0
    assert "had nothing to do" in capsys.readouterr().out


def test_what_a_newer_run_has_is_not_this_runs_failure(lane, changes, capsys):
    lane.add_lines(lane.uids[2:], lane.run, **DELIVERED)
    lane.add_lines(lane.uids[:2], "newer", status="ACCEPTED")
    assert report(lane, changes=changes)["taken_over"] == 2
    assert "2 were taken over by a newer run" in capsys.readouterr().out


def test_the_first_twenty_are_named_and_the_others_counted(lane, changes, tmp_path):
    rows = [row | {"relative_path": f"{number}.md"} for number in range(10) for row in lane.rows[:3]]
    with pytest.raises(PhraseNotDeliveredError, match="and 10 more") as raised:
        report(lane, jobs=rows, manifest=lane.manifest)
    assert len(str(raised.value)) < 3000


def test_without_plan_and_lists_there_is_nothing_to_report_on(lane):
    with pytest.raises(PhraseInputError, match="There is no manifest to report from"):
        report(lane)
    with pytest.raises(PhraseNotDeliveredError, match="There is no list of jobs to report on"):
        report(lane, told=context(), manifest=lane.manifest)


def test_manifest_of_many_parts_is_compacted_at_the_end(lane, capsys):
    for uid in lane.uids * 9:
        lane.add_lines([uid], lane.run, **DELIVERED)
    assert report(lane, jobs=lane.list, manifest=lane.manifest)["up to date"] == 6
    assert "The manifest is compacted: 54 parts merged" in capsys.readouterr().out
    assert Path(lane.manifest).exists()
