"""Changed files: one request for each, an answer for each language, and nothing left reopened."""

from __future__ import annotations

import hashlib
import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from source_update_runs import NEW, NEWEST, OLD, PATCH, SEND, File

from phrase_provider.services.tms.updates.update_results import UpdateOutcome

SHA = hashlib.sha256(NEW).hexdigest()


@pytest.fixture
def file(phrase, tmp_path):
    return File(phrase, tmp_path)


@pytest.fixture
def multilingual(phrase):
    """Phrase takes text files for multilingual ones."""
    phrase.simulator.settings(multilingual_files=["*.txt"])


def outcomes(results):
    return {lang: result["outcome"] for lang, result in results.items()}


def uids(request):
    return {job["uid"] for job in json.loads(dict(request["headers"])["memsource"])["jobs"]}


def test_one_request_brings_the_new_source_to_all_languages(phrase, file):
    file.change()
    results = file.update()
    (sent,) = phrase.sent(**SEND)
    assert uids(sent) == {file.parts["de", 1], file.parts["fr", 1]}
    assert file.content("de") == file.content("fr") == NEW
    for lang, result in results.items():
        assert result["outcome"] is UpdateOutcome.UPDATED
        assert (result["project_uid"], result["job_uid"]) == (file.project_uid, file.parts[lang, 2])
        assert (result["sha256"], result["added_words"], result["status"]) == (SHA, 4, "NEW")
        assert result["updated_at"]
        assert result["error"] is None


def test_what_is_open_keeps_its_status(phrase, file):
    file.set_status("ACCEPTED", ("de", 1))
    phrase.forget()
    file.change()
    file.update()
    assert phrase.sent(**PATCH) == []
    assert file.statuses()["de", 1] == "ACCEPTED"


@pytest.mark.parametrize(
    ("first", "second"),
    [("COMPLETED", "ACCEPTED"), ("COMPLETED", "COMPLETED"), ("DELIVERED", "DELIVERED")],
)
def test_what_is_done_is_reopened_in_all_steps(phrase, file, first, second):
    file.set_status(first, ("de", 1))
    file.set_status(second, ("de", 2))
    phrase.forget()
    file.change()
    results = file.update()
    assert outcomes(results) == {"de": "updated", "fr": "updated"}
    assert [json.loads(sent["body"])["status"] for sent in phrase.sent(**PATCH)] == ["ACCEPTED", "NEW"]
    assert file.statuses() == {("de", 1): "ACCEPTED", ("de", 2): "NEW", ("fr", 1): "NEW", ("fr", 2): "NEW"}
    assert file.content() == NEW


def test_job_without_workflow_is_reopened(phrase, tmp_path):
    file = File(phrase, tmp_path, "de", steps=1)
    file.set_status("DELIVERED", ("de", 1))
    file.change()
    assert file.update()["de"]["status"] == "ACCEPTED"


def test_mixed_final_statuses_take_one_request(phrase, tmp_path):
    file = File(phrase, tmp_path, "de", "fr", "ja", "cs")
    file.set_status("COMPLETED", ("de", 1), ("de", 2), ("fr", 1))
    file.set_status("DELIVERED", ("ja", 1), ("ja", 2))
    phrase.forget()
    file.change()
    assert set(outcomes(file.update()).values()) == {"updated"}
    assert len(phrase.sent(**SEND)) == 1
    assert len(phrase.sent(**PATCH)) == 2


def test_cancelled_language_is_left_out_and_named(phrase, file, caplog):
    file.set_status("CANCELLED", ("fr", 2))
    file.change()
    results = file.update()
    assert outcomes(results) == {"de": "updated", "fr": "left out"}
    assert results["fr"]["error"] == f"Job {file.parts['fr', 2]} is cancelled."
    assert "guide.txt in fr is not updated" in caplog.text
    assert uids(phrase.sent(**SEND)[0]) == {file.parts["de", 1]}
    assert (file.content("de"), file.content("fr")) == (NEW, OLD)
    assert file.statuses()["fr", 1] == "NEW"


@pytest.mark.parametrize(
    ("command", "reason"),
    [("split", "is split"), ("make-continuous", "is continuous"), ("from-connector", "is from a connector")],
)
def test_job_that_phrase_does_not_update_is_refused_with_the_reason(phrase, file, command, reason):
    phrase.simulator.job(file.parts["de", 1], command)
    file.change()
    results = file.update()
    assert outcomes(results) == {"de": "refused", "fr": "updated"}
    assert reason in results["de"]["error"]
    assert not results["de"]["can_pass"]


def test_job_that_was_deleted_needs_a_new_one(phrase, file):
    phrase.delete_job(file.project_uid, file.parts["de", 2])
    file.change()
    results = file.update()
    assert outcomes(results) == {"de": "needs a new job", "fr": "updated"}
    assert "was deleted" in results["de"]["error"]


def test_jobs_of_an_archived_project_need_new_ones(phrase, file):
    phrase.change_project(file.project_uid, archived=True)
    phrase.forget()
    file.change()
    assert set(outcomes(file.update()).values()) == {"needs a new job"}
    assert phrase.sent(**SEND) == []


def test_jobs_of_a_deleted_project_need_new_ones(phrase, file):
    phrase.client.projects.delete(file.project_uid)
    file.change()
    assert set(outcomes(file.update()).values()) == {"needs a new job"}


def test_job_that_a_person_has_renamed_is_updated_where_it_is(phrase, file):
    renamed = file.path.with_name("renamed.txt")
    file.path.rename(renamed)
    file.path = renamed
    file.change()
    changed = file.changed()
    source = type(changed.source)(str(renamed), "renamed.txt", len(NEW))
    results = file.updates().update(type(changed)(source, changed.sha256, changed.jobs))
    assert {result["outcome"] for result in results} == {"updated"}


def test_import_that_fails_puts_the_statuses_back(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    file.set_status("DELIVERED", ("fr", 1), ("fr", 2))
    before = file.statuses()
    phrase.simulator.job(file.parts["de", 1], "fail-update-source")
    file.change()
    results = file.update()
    assert outcomes(results) == {"de": "failed", "fr": "failed"}
    assert "could not import the new source of guide.txt: The file cannot be read" in results["de"]["error"]
    assert file.statuses() == before
    assert file.noted() == []
    assert outcomes(file.update()) == {"de": "updated", "fr": "updated"}


def test_refused_update_puts_the_statuses_back(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2), ("fr", 1))
    before = file.statuses()
    phrase.simulator.fault(**SEND, status=400, body={"errorCode": "InvalidArguments"})
    file.change()
    assert set(outcomes(file.update()).values()) == {"failed"}
    assert file.statuses() == before
    assert file.noted() == []


def test_what_a_person_has_moved_meanwhile_is_not_put_back(phrase, file, after_request):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    phrase.simulator.fault(**SEND, status=400, body={"errorCode": "InvalidArguments"})
    file.change()
    after_request("/jobs/source$", file.set_status, "CANCELLED", ("de", 2), method="POST")
    phrase.simulator.fault(method="POST", path="/jobs/search$", after=1, delay=1)
    file.update()
    assert file.statuses()["de", 1] == "COMPLETED"
    assert file.statuses()["de", 2] == "CANCELLED"


def test_statuses_that_cannot_be_put_back_now_are_put_back_by_the_next_run(phrase, file, caplog):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    before = file.statuses()
    phrase.simulator.fault(**SEND, status=400, body={"errorCode": "InvalidArguments"})
    phrase.simulator.fault(**PATCH, after=2, times=None, status=403, body={"errorCode": "AccessDenied"})
    file.change()
    file.update()
    assert "stand reopened without a new source" in caplog.text
    phrase.simulator.clear_faults()
    file.updates().put_back_abandoned(going_on=())
    assert file.statuses() == before
    assert file.noted() == []


def test_language_that_cannot_be_reopened_is_refused_and_the_others_go_on(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    before = file.statuses()
    phrase.simulator.settings(strict_transitions=True)
    file.change()
    results = file.update()
    assert outcomes(results) == {"de": "refused", "fr": "updated"}
    assert "could not be reopened: it is COMPLETED" in results["de"]["error"]
    assert uids(phrase.sent(**SEND)[0]) == {file.parts["fr", 1]}
    assert file.statuses() == before


def test_language_of_which_one_step_cannot_be_reopened_is_put_back_in_the_others(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    before = file.statuses()
    refused = {"updated": 0, "errors": [{"code": "AccessDenied", "message": "no", "args": {}}]}
    phrase.simulator.fault(**PATCH, after=1, status=200, body=refused)
    file.change()
    results = file.update()
    assert outcomes(results) == {"de": "refused", "fr": "updated"}
    assert "AccessDenied: no" in results["de"]["error"]
    assert file.statuses() == before


def test_nothing_is_sent_where_no_language_can_be_reopened(phrase, file):
    file.set_status("DELIVERED", *file.parts)
    phrase.simulator.settings(strict_transitions=True)
    file.change()
    assert set(outcomes(file.update()).values()) == {"refused"}
    assert phrase.sent(**SEND) == []
    assert file.noted() == []


@pytest.mark.parametrize("kind", [{"reset_after": True}, {"status_after": 502}, {"html_after": 502}])
def test_lost_answer_is_looked_up_and_not_sent_again(phrase, file, kind):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    phrase.simulator.fault(**SEND, **kind)
    file.change()
    assert set(outcomes(file.update()).values()) == {"updated"}
    assert len(phrase.sent(**SEND)) == 1
    assert len(phrase.sent("GET", "/original$")) == 1
    assert file.content() == NEW


def test_request_that_got_lost_is_sent_by_the_next_try_alone(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    phrase.simulator.fault(**SEND, reset_before=True)
    file.change()
    results = file.update()
    assert set(outcomes(results).values()) == {"failed"}
    assert results["de"]["can_pass"]
    assert file.statuses()["de", 1] == "ACCEPTED"
    assert set(outcomes(file.update()).values()) == {"updated"}
    assert len(phrase.sent(**SEND)) == 2
    assert file.content() == NEW


def test_update_that_a_run_has_made_is_not_made_by_the_next(phrase, file):
    file.change()
    first = file.update()
    phrase.forget()
    assert file.update() == first
    assert phrase.sent(**SEND) == []
    file.updates().settle(file.changed())
    assert file.noted() == []


def test_file_that_changes_twice_ends_in_the_last_content(phrase, file):
    file.set_status("DELIVERED", ("de", 1), ("de", 2))
    file.change(NEW)
    file.update()
    file.change(NEWEST)
    results = file.update()
    assert set(outcomes(results).values()) == {"updated"}
    assert results["de"]["sha256"] == hashlib.sha256(NEWEST).hexdigest()
    assert results["de"]["added_words"] == 3
    assert file.content() == NEWEST
    assert len(phrase.sent(**SEND)) == 2


def test_change_while_an_update_runs_waits_for_its_end(phrase, file, after_request):
    phrase.simulator.settings(import_seconds=[30, 30])
    file.change(NEW)
    file.updates().start(file.changed())
    file.path.write_bytes(NEWEST)
    phrase.forget()
    after_request("/jobs/search$", phrase.simulator.advance, 60, method="POST")
    started = file.updates().start(file.changed())
    phrase.simulator.advance(60)
    results = file.updates().finish(started)
    assert {result["outcome"] for result in results} == {"updated"}
    assert file.content() == NEWEST


def test_statuses_of_an_update_that_took_effect_are_not_put_back_by_a_later_one(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    file.change(NEW)
    file.update()
    phrase.simulator.job(file.parts["de", 1], "fail-update-source")
    file.change(NEWEST)
    assert set(outcomes(file.update()).values()) == {"failed"}
    assert file.statuses()["de", 1] == "ACCEPTED"
    assert file.content() == NEW


def test_file_that_changes_while_it_is_sent_is_known_by_what_was_sent(phrase, file):
    file.change(NEW)
    changed = file.changed()
    same_size = NEW.replace(b"new", b"old")
    file.path.write_bytes(same_size)
    results = file.updates().update(changed)
    assert results[0]["sha256"] == hashlib.sha256(same_size).hexdigest()
    assert file.content() == same_size


def test_file_of_another_size_is_not_sent_and_nothing_stays_reopened(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    before = file.statuses()
    file.change(NEW)
    changed = file.changed()
    file.path.write_bytes(NEW + b"more\n")
    results = file.updates().update(changed)
    assert {(result["outcome"], result["can_pass"]) for result in results} == {("failed", True)}
    assert file.statuses() == before


def test_jobs_in_several_projects_are_updated_where_they_are(phrase, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    one, two = File(phrase, tmp_path / "one", "de"), File(phrase, tmp_path / "two", "fr")
    one.change()
    changed = one.changed()
    jobs = {**changed.jobs, **two.changed().jobs}
    results = one.updates().update(type(changed)(changed.source, changed.sha256, jobs))
    assert [result["outcome"] for result in results] == ["updated", "updated"]
    assert len(phrase.sent(**SEND)) == 2
    assert one.content("de") == two.content("fr") == NEW


def test_pre_translation_is_asked_for(phrase, file):
    file.change()
    file.update(pre_translate=True, post_analysis=False)
    (sent,) = phrase.sent(**SEND)
    memsource = json.loads(dict(sent["headers"])["memsource"])
    assert (memsource["preTranslate"], memsource["allowAutomaticPostAnalysis"]) == (True, False)


def test_providers_are_mailed_once_when_asked_for(phrase, file):
    file.change()
    file.update(email_template_id="7001")
    file.update(email_template_id="7001")
    (sent,) = phrase.sent("POST", "/notifyAssigned$")
    assert {job["uid"] for job in json.loads(sent["body"])["jobs"]} == {
        file.parts["de", 1],
        file.parts["fr", 1],
    }


def test_nobody_is_mailed_otherwise(phrase, file):
    file.change()
    file.update()
    assert phrase.sent("POST", "/notifyAssigned$") == []


def test_words_that_an_update_added_are_logged(phrase, file, caplog):
    caplog.set_level(logging.INFO)
    file.change()
    file.update()
    assert "Updated the source of guide.txt; words added: de 4, fr 4." in caplog.text


def test_words_that_cannot_be_counted_hold_nothing_back(phrase, file):
    phrase.simulator.fault(
        method="POST", path="segmentsCount$", times=None, status=403, body={"errorCode": "X"}
    )
    file.change()
    result = file.update()["de"]
    assert (result["outcome"], result["added_words"]) == ("updated", None)


@pytest.mark.parametrize(("setting", "warned"), [(False, True), (True, False)])
def test_project_that_does_not_bring_later_steps_back_is_warned_of(phrase, file, caplog, setting, warned):
    settings = {"propagateTranslationsToLowerWfDuringUpdateSource": setting}
    phrase.change_project(file.project_uid, projectWorkflowSettings=settings)
    file.change()
    file.update()
    assert ("propagateTranslationsToLowerWfDuringUpdateSource" in caplog.text) is warned


@pytest.mark.usefixtures("multilingual")
def test_multilingual_file_is_updated_with_all_its_languages(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2), ("fr", 1))
    file.change()
    assert set(outcomes(file.update()).values()) == {"updated"}
    assert len(phrase.sent(**SEND)) == 1


@pytest.mark.usefixtures("multilingual")
def test_multilingual_file_with_a_cancelled_language_is_refused_and_put_back(file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    file.set_status("CANCELLED", ("fr", 1))
    before = file.statuses()
    file.change()
    assert outcomes(file.update()) == {"de": "failed", "fr": "left out"}
    assert file.statuses() == before


def test_update_that_is_not_wanted_any_more_is_put_back(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    before = file.statuses()
    phrase.simulator.fault(**SEND, reset_before=True)
    file.change()
    file.update()
    file.change(OLD)
    file.updates().put_back_abandoned(going_on=["guide.txt"])
    assert file.statuses() != before
    file.updates().put_back_abandoned(going_on=[])
    assert file.statuses() == before


def test_language_that_phrase_does_not_update_any_more_is_put_back(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2), ("fr", 1), ("fr", 2))
    phrase.simulator.fault(**SEND, reset_before=True)
    file.change()
    file.update()
    phrase.simulator.job(file.parts["fr", 1], "make-continuous")
    assert outcomes(file.update()) == {"de": "updated", "fr": "refused"}
    statuses = file.statuses()
    assert statuses["fr", 1] == statuses["fr", 2] == "COMPLETED"
    assert (statuses["de", 1], statuses["de", 2]) == ("ACCEPTED", "NEW")


def test_two_runs_at_the_same_moment_end_in_one_update(phrase, file):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    phrase.simulator.settings(import_seconds=[5, 5])
    phrase.simulator.set_speed(10)
    file.change()
    try:
        with ThreadPoolExecutor(2) as pool:
            runs = [pool.submit(file.update) for _ in range(2)]
            results = [run.result() for run in runs]
    finally:
        phrase.simulator.set_speed(0)
    assert [outcomes(result) for result in results] == [{"de": "updated", "fr": "updated"}] * 2
    assert file.content() == NEW
    statuses = file.statuses()
    assert (statuses["de", 1], statuses["de", 2]) == ("ACCEPTED", "NEW")
    taken = [sent for sent in phrase.sent(**SEND) if sent["status"] == 200]
    assert len(taken) <= 2
