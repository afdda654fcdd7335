"""The batch lane: every target goes its own way, and nothing is done twice when nothing failed."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from airflow.sdk import DAG
from lane_runs import DOWNLOAD, PATCH, SHA, START, LaneRun
from task_runs import DEFERRED, POKE

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseInputError, PhraseNotDeliveredError
from phrase_provider.operators.tms.translate import PhraseTmsTranslateOperator

both_modes = pytest.mark.parametrize("mode", [POKE, DEFERRED])


@pytest.fixture
def lane(phrase, tmp_path):
    made = LaneRun(phrase, tmp_path)
    phrase.forget()
    return made


@both_modes
def test_targets_are_written_delivered_and_recorded(phrase, lane, mode):
    lane.complete()
    result = lane.translate(mode)
    assert {**result, "progress": ""} == {
        "targets": 6,
        "delivered": 6,
        "failed": 0,
        "ended": 0,
        "taken_over": 0,
        "progress": "",
    }
    assert len(json.dumps(result)) < 1000
    assert lane.statuses() == ["DELIVERED"] * 6
    assert len(lane.written()) == 6
    for row in lane.rows:
        line = lane.lines()[row["job_uid"]]
        content = Path(row["target_path"]).read_bytes()
        assert line["target_sha256"] == hashlib.sha256(content).hexdigest()
        assert (line["status"], line["target_source_sha256"], line["run"]) == ("DELIVERED", SHA, lane.run)
        assert line["delivered_at"]
        assert line["error"] is None


@both_modes
def test_a_late_language_holds_no_other_back(phrase, lane, after_request, mode):
    late = [row["job_uid"] for row in lane.rows if row["target_lang"] == "ja"]
    lane.complete(*set(lane.uids) - set(late))
    after_request(PATCH["path"], lane.complete, *late, method="PATCH")
    assert lane.translate(mode)["delivered"] == 6
    assert len(phrase.sent(**START)) == len(phrase.sent(**DOWNLOAD)) == 6
    assert len(phrase.sent(**PATCH)) == 2


@both_modes
def test_jobs_of_several_projects_go_together(phrase, tmp_path, mode):
    lane = LaneRun(phrase, tmp_path, files=1)
    lane.add_project(1, steps=2)
    lane.complete()
    phrase.forget()
    assert lane.translate(mode)["delivered"] == 6
    assert lane.statuses() == ["DELIVERED"] * 6
    assert len(phrase.sent(**PATCH)) == 1


def test_a_target_takes_little_more_than_three_requests(phrase, tmp_path):
    lane = LaneRun(phrase, tmp_path, files=12, langs=("de", "fr", "pt_br", "ja", "cs", "es", "it", "nl"))
    lane.complete()
    phrase.forget()
    assert lane.translate(DEFERRED)["delivered"] == 96
    kinds = Counter(
        (request["method"], request["path"].rpartition("/")[2].strip("0123456789"))
        for request in phrase.sent()
    )
    assert kinds["PUT", "targetFile"] == 96
    assert kinds["PATCH", "jobs"] == 1
    assert len(phrase.sent(**DOWNLOAD)) == 96
    assert len(phrase.sent("GET", r"/async/\d+$")) == 96
    assert len(phrase.sent()) <= 3.2 * 96


def test_a_second_run_over_the_same_jobs_exports_nothing(phrase, lane):
    lane.complete()
    lane.translate()
    phrase.forget()
    assert lane.translate()["delivered"] == 6
    assert phrase.costly() == []
    assert phrase.sent(**PATCH) == []


def test_what_is_delivered_without_a_recorded_target_is_exported_again(phrase, lane):
    lane.complete()
    lane.translate()
    (part,) = Path(f"{lane.manifest}.d").iterdir()
    part.unlink()
    phrase.forget()
    assert lane.translate()["delivered"] == 6
    assert phrase.costly() == ["PUT targetFile"] * 6
    assert phrase.sent(**PATCH) == []
    assert all(line["target_sha256"] for line in lane.lines().values())


def test_what_was_made_from_an_earlier_source_is_exported_again(phrase, lane):
    lane.complete()
    lane.add_lines(lane.uids, lane.run, target_sha256="0", target_source_sha256="1", delivered_at="2026")
    assert lane.translate()["delivered"] == 6
    assert phrase.costly() == ["PUT targetFile"] * 6


@both_modes
def test_a_cancelled_job_ends_alone(phrase, lane, mode):
    cancelled, *others = lane.uids
    phrase.simulator.job(cancelled, "cancel")
    lane.complete(*others)
    result = lane.translate(mode)
    assert (result["delivered"], result["ended"]) == (5, 1)
    assert phrase.sent("PUT", cancelled) == []
    line = lane.lines()[cancelled]
    assert (line["status"], line.get("target_sha256")) == ("CANCELLED", None)
    assert "cancelled" in line["error"]


@both_modes
def test_a_job_that_is_cancelled_while_others_are_waited_for_ends_alone(phrase, lane, after_request, mode):
    first, late, *others = lane.uids
    lane.complete(*others)

    def go_on():
        phrase.simulator.job(first, "cancel")
        lane.complete(late)

    after_request(PATCH["path"], go_on, method="PATCH")
    result = lane.translate(mode)
    assert (result["delivered"], result["ended"]) == (5, 1)
    assert len(phrase.sent(**START)) == 5


@both_modes
@pytest.mark.parametrize("sent_back", ["reject", "decline"])
def test_rework_is_waited_for_and_not_delivered_meanwhile(
    phrase, lane, after_request, mode, sent_back, capsys
):
    rework, *others = lane.uids
    lane.complete(*others)
    phrase.simulator.job(rework, sent_back)
    # Not before the lane has looked again after it has delivered the others.
    after_request("/api2/v2/projects/.*/jobs$", lane.complete, rework, count=5)
    assert lane.translate(mode)["delivered"] == 6
    assert "rework 1" in capsys.readouterr().out
    assert len(phrase.sent(**START)) == 6


def test_a_job_that_is_rejected_after_its_export_is_not_delivered(phrase, lane, after_request):
    lane.complete()
    rejected = lane.uids[0]
    phrase.simulator.fault(**DOWNLOAD, delay=1.5)
    after_request(START["path"], phrase.simulator.job, rejected, "reject", method="PUT", count=6)
    after_request(PATCH["path"], lane.complete, rejected, method="PATCH")
    assert lane.translate()["delivered"] == 6
    bodies = [json.loads(request["body"]) for request in phrase.sent(**PATCH)]
    assert [len(body["jobs"]) for body in bodies] == [5, 1]
    assert len(phrase.sent("PUT", rejected)) == 2


def test_an_import_that_failed_is_named(phrase, tmp_path):
    lane = LaneRun(phrase, tmp_path, files=1)
    phrase.simulator.settings(import_error="no such filter")
    lane.add_project(1, ("de",))
    *good, bad = lane.uids
    lane.complete(*good)
    result = lane.translate()
    assert (result["delivered"], result["ended"]) == (3, 1)
    line = lane.lines()[bad]
    assert line["status"] == "IMPORT FAILED"
    assert "no such filter" in line["error"]


def test_a_deleted_job_is_named(phrase, lane):
    deleted, *others = lane.uids
    lane.complete(*others)
    phrase.delete_job(lane.project_uid, deleted)
    result = lane.translate()
    assert (result["delivered"], result["ended"]) == (5, 1)
    assert "deleted" in lane.lines()[deleted]["error"]


@both_modes
def test_an_export_that_fails_holds_no_other_back(phrase, lane, mode):
    lane.complete()
    phrase.simulator.job(lane.uids[0], "fail-export")
    result = lane.translate(mode)
    assert (result["delivered"], result["failed"]) == (5, 1)
    assert "tags are missing" in lane.lines()[lane.uids[0]]["error"]
    assert len(phrase.sent(**START)) == 6


def test_what_may_pass_fails_the_task_while_there_are_tries_left(phrase, lane):
    lane.complete()
    lane.context["ti"].max_tries = 1
    phrase.simulator.job(lane.uids[0], "fail-export")
    with pytest.raises(PhraseNotDeliveredError, match=r"1 of 6 targets .* 00\.md \(de\): .*tags") as raised:
        lane.translate()
    assert raised.value.can_pass
    phrase.forget()
    lane.context["ti"].try_number = 2
    # The next try goes on with that one alone.
    assert lane.translate()["delivered"] == 6
    assert phrase.costly() == ["PUT targetFile"]


def test_a_task_that_delivers_nothing_fails(phrase, lane):
    for uid in lane.uids:
        phrase.simulator.job(uid, "cancel")
    with pytest.raises(PhraseNotDeliveredError, match="6 of 6 targets are not delivered") as raised:
        lane.translate()
    assert not raised.value.can_pass


@both_modes
@pytest.mark.parametrize("fault", [{"truncate": 3}, {"reset_after": True}, {"html": 200}])
def test_a_broken_download_starts_a_new_export_of_that_job_alone(phrase, lane, mode, fault):
    lane.complete()
    phrase.simulator.fault(**DOWNLOAD, **fault)
    assert lane.translate(mode)["delivered"] == 6
    assert len(phrase.sent(**START)) == len(phrase.sent(**DOWNLOAD)) == 7
    assert all(Path(row["target_path"]).stat().st_size > 3 for row in lane.rows)


def test_exports_wait_for_their_turn(phrase, lane):
    lane.complete()
    phrase.simulator.settings(pending_limit=4, export_seconds=(5, 15))
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(lane.translate)
        while not done.done():
            phrase.finish_exports()
            time.sleep(0.1)
    assert done.result()["delivered"] == 6
    assert {request["status"] for request in phrase.sent(**START)} == {202}
    assert len(phrase.sent(**START)) == 6


def test_one_look_at_the_count_serves_many_starts(phrase, lane):
    lane.complete()
    lane.translate()
    assert len(phrase.sent("GET", "/async/status$")) == 1


def test_a_start_whose_answer_is_lost_does_no_harm(phrase, lane):
    lane.complete()
    phrase.simulator.fault(**START, reset_after=True)
    assert lane.translate()["delivered"] == 6


def test_statuses_whose_answer_is_lost_are_set_again(phrase, lane):
    lane.complete()
    phrase.simulator.fault(**PATCH, reset_after=True)
    assert lane.translate()["delivered"] == 6
    assert len(phrase.sent(**PATCH)) == 2
    assert len(phrase.sent(**START)) == 6


def test_mails_are_wanted_and_sent_once_for_each_target(phrase, lane):
    lane.complete()
    assert lane.translate(notify_owner=True)["delivered"] == 6
    bodies = [json.loads(request["body"]) for request in phrase.sent("POST", "/setStatus$")]
    assert bodies == [{"requestedStatus": "DELIVERED", "notifyOwner": True, "propagateStatus": False}] * 6
    assert phrase.sent(**PATCH) == []


def test_a_target_that_cannot_be_written_costs_no_export(phrase, lane, tmp_path):
    lane.complete()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/de").write_text("a file in the way")
    result = lane.translate()
    assert (result["delivered"], result["failed"]) == (4, 2)
    assert len(phrase.sent(**START)) == 4


def test_what_a_newer_run_has_is_left_to_it(phrase, lane):
    lane.complete()
    lane.add_lines(lane.uids, lane.run)
    lane.add_lines(lane.uids[:2], "newer")
    result = lane.translate()
    assert (result["delivered"], result["taken_over"]) == (4, 2)
    assert len(phrase.sent(**START)) == 4
    assert {lane.lines()[uid]["run"] for uid in lane.uids[:2]} == {"newer"}


def test_a_run_that_is_overtaken_while_it_exports_records_nothing_of_it(phrase, lane, after_request):
    lane.complete()
    phrase.simulator.fault(**DOWNLOAD, delay=1.5)
    after_request(START["path"], lane.add_lines, lane.uids[:2], "newer", method="PUT", count=6)
    result = lane.translate()
    assert (result["delivered"], result["taken_over"]) == (4, 2)
    assert {lane.lines()[uid]["run"] for uid in lane.uids[:2]} == {"newer"}
    assert lane.statuses().count("COMPLETED") == 2


def test_lines_keep_what_others_know(phrase, lane):
    lane.complete()
    lane.add_lines(lane.uids, lane.run, added_words=7, updated_at="2026-12-01", path="/src/a.md")
    lane.translate()
    for line in lane.lines().values():
        assert (line["added_words"], line["updated_at"], line["path"]) == (7, "2026-12-01", "/src/a.md")


def test_without_a_manifest_a_file_beside_the_list_records_what_was_written(phrase, lane):
    lane.complete()
    assert lane.translate(manifest=None)["delivered"] == 6
    phrase.forget()
    assert lane.translate(manifest=None)["delivered"] == 6
    assert phrase.costly() == []
    assert Path(f"{lane.list}.written.d").is_dir()


def test_rows_may_be_given_as_they_are(phrase, lane):
    lane.complete()
    known = ("project_uid", "job_uid", "target_lang", "source", "relative_path", "target_path")
    rows = [{name: row[name] for name in known} for row in lane.rows]
    assert lane.translate(jobs=[rows[:3], rows[3:]])["delivered"] == 6
    phrase.forget()
    assert lane.translate(jobs=rows)["delivered"] == 6
    assert phrase.costly() == []


def test_rows_without_a_place_to_record_are_refused(phrase, lane):
    with pytest.raises(PhraseInputError, match=r"no place to record.*Give a manifest"):
        lane.translate(jobs=lane.rows, manifest=None)
    assert phrase.sent() == []


def test_rows_without_a_target_are_refused(phrase, lane):
    lane.rows[0]["target_path"] = None
    with pytest.raises(PhraseInputError, match="Nobody says where"):
        lane.translate(jobs=lane.rows)
    assert phrase.sent() == []


@both_modes
def test_the_wait_ends_at_its_time_and_names_what_is_open(phrase, lane, mode):
    lane.complete(*lane.uids[:4])
    result = lane.translate(mode, timeout=2)
    assert (result["delivered"], result["failed"]) == (4, 2)
    assert "the wait for it ended on" in lane.lines()[lane.uids[5]]["error"]
    assert "NEW" in lane.lines()[lane.uids[5]]["error"]


def test_progress_is_a_file_a_link_and_a_line(phrase, lane, capsys):
    cancelled, *others = lane.uids
    phrase.simulator.job(cancelled, "cancel")
    lane.complete(*others)
    result = lane.translate()
    progress = json.loads(Path(result["progress"]).read_text())
    assert progress["line"] == "de 1/2, fr 2/2, ja 2/2, ended 1"
    assert progress["languages"]["de"] == {"targets": 2, "delivered": 1}
    assert progress["counts"] == {"delivered": 5, "ended": 1}
    (trouble,) = progress["targets"]
    assert (trouble["job_uid"], trouble["target_lang"]) == (cancelled, "de")
    assert progress["line"] in capsys.readouterr().out
    assert lane.context["ti"].xcoms["phrase_progress_url"] == f"file://{result['progress']}"


def test_overdue_work_is_counted(phrase, lane, after_request):
    late = lane.uids[0]
    phrase.change_job(lane.project_uid, late, status="ACCEPTED", dateDue="2020-01-01T00:00:00Z")
    lane.complete(*lane.uids[1:])
    seen = []

    def look():
        seen.append(json.loads(Path(f"{lane.folder}/jobs.progress.json").read_text()))
        lane.complete(late)

    after_request("/api2/v2/projects/.*/jobs$", look, count=6)
    assert lane.translate()["delivered"] == 6
    assert "overdue 1" in seen[0]["line"]
    assert "next look" in seen[0]["line"]


def test_tries_are_ten_more_unless_somebody_says_otherwise(lane):
    assert PhraseTmsTranslateOperator(task_id="task", jobs=lane.list).retries == 10
    with DAG("dag", schedule=None, default_args={"retries": 2}):
        assert PhraseTmsTranslateOperator(task_id="task", jobs=lane.list).retries == 2


def test_statuses_that_phrase_refuses_are_told_with_its_reason(phrase, lane):
    lane.complete()
    refused = {"updated": 0, "errors": [{"code": "AccessDenied", "message": "no right"}]}
    phrase.simulator.fault(**PATCH, status=200, body=refused)
    with pytest.raises(PhraseNotDeliveredError, match="6 of 6"):
        lane.translate()
    errors = {line["error"] for line in lane.lines().values()}
    assert errors == {"the job is COMPLETED, and could not be set to DELIVERED. AccessDenied: no right"}
    assert all(line.get("target_sha256") is None for line in lane.lines().values())


def test_a_status_that_phrase_refuses_holds_no_other_back(phrase, lane):
    lane.complete()
    # Phrase does not tell which job its error is of.
    refused = {"updated": 5, "errors": [{"code": "AccessDenied", "message": "no right"}]}
    phrase.simulator.fault(**PATCH, status=200, body=refused)
    for uid in lane.uids[1:]:
        phrase.client.jobs.set_status(lane.project_uid, uid, JobStatus.DELIVERED)
    result = lane.translate()
    assert (result["delivered"], result["failed"]) == (5, 1)
    assert "AccessDenied" in lane.lines()[lane.uids[0]]["error"]
