"""Files that have changed since a batch uploaded them."""

from __future__ import annotations

import logging

import pytest
from ledger_thing import Store
from phrase_fixtures import UPLOAD
from source_update_runs import PATCH, SEND
from task_runs import context

from phrase_provider.exceptions import PhraseInputError, PhraseSourceChangedError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.services.tms.duplicates import warn_of_duplicates
from phrase_provider.services.tms.outcomes import Outcomes


class Batch:
    """A project with a file, whose uploads and updates Phrase imports at once."""

    def __init__(self, phrase, folder):
        phrase.simulator.settings(import_seconds=[0, 0])
        self.phrase = phrase
        self.file = folder / "guide.txt"
        self.file.write_text("Good morning\n")
        self.project_uid = phrase.project("de", "fr", steps=2)
        self.told = None

    def create(self, on_change="fail", **arguments):
        """Run the task in a run of its own; gives the uids of its jobs by language."""
        self.told = {**context(), "task_state_store": Store()}
        return self.again(on_change, **arguments)

    def again(self, on_change, **arguments):
        """Try the task of the same run once more."""
        task = PhraseTmsCreateJobsOperator(
            task_id="task",
            project_uid=self.project_uid,
            source=str(self.file),
            on_change=on_change,
            **arguments,
        )
        return {row["target_lang"]: row["job_uid"] for row in task.execute(self.told)}

    def change(self, text="Good evening\n"):
        self.file.write_text(text)
        self.phrase.simulator.advance(60)
        self.phrase.forget()

    def original(self, job_uid):
        with self.phrase.client.jobs.open_original(self.project_uid, job_uid) as pieces:
            return b"".join(pieces).decode()

    def statuses(self):
        """Give how many parts have each status."""
        parts = list(self.phrase.client.jobs.list(self.project_uid))
        return {
            status: sum(part["status"] == status for part in parts)
            for status in {part["status"] for part in parts}
        }


@pytest.fixture
def batch(phrase, tmp_path):
    return Batch(phrase, tmp_path)


def test_changed_file_fails_unless_something_else_is_asked_for(phrase, batch):
    batch.create()
    batch.change()
    with pytest.raises(PhraseSourceChangedError, match=r"guide\.txt"):
        batch.create()
    assert phrase.sent("POST", "/jobs") == []


def test_changed_file_is_updated_where_it_is(phrase, batch):
    jobs = batch.create()
    phrase.change_job(batch.project_uid, jobs["de"], status="DELIVERED")
    batch.change()
    assert batch.create("update") == jobs
    assert len(phrase.sent(**SEND)) == 1
    assert phrase.sent(**UPLOAD) == []
    assert {batch.original(uid) for uid in jobs.values()} == {"Good evening\n"}
    assert phrase.status(batch.project_uid, jobs["de"]) == "NEW"


def test_update_is_made_once(phrase, batch):
    jobs = batch.create()
    batch.change()
    batch.create("update")
    assert batch.again("update") == jobs
    assert batch.create("update") == batch.create("fail") == jobs
    assert len(phrase.sent(**SEND)) == 1


def test_missing_language_is_created_beside_the_update(phrase, batch):
    batch.create(target_langs=["de"])
    batch.change()
    jobs = batch.create("update")
    assert {batch.original(uid) for uid in jobs.values()} == {"Good evening\n"}
    assert (len(phrase.sent(**SEND)), len(phrase.sent(**UPLOAD))) == (1, 1)


def test_update_needs_a_place_for_its_notes(phrase, batch):
    batch.create()
    batch.change()
    batch.told = context()
    with pytest.raises(PhraseInputError, match=r"could not be noted.*Airflow 3\.3"):
        batch.again("update")
    assert phrase.sent("POST", "/jobs") == []


def test_language_that_phrase_does_not_update_fails_the_task_with_the_reason(phrase, batch):
    jobs = batch.create()
    phrase.simulator.job(jobs["fr"], "make-continuous")
    batch.change()
    told = rf"not updated. fr: Job {jobs['fr']} is continuous.*new_job"
    with pytest.raises(PhraseSourceChangedError, match=told) as raised:
        batch.create("update")
    assert not raised.value.can_pass
    assert batch.original(jobs["de"]) == "Good evening\n"
    assert batch.original(jobs["fr"]) == "Good morning\n"
    with pytest.raises(PhraseSourceChangedError, match="is continuous"):
        batch.create("update")
    assert len(phrase.sent(**SEND)) == 1


def test_cancelled_language_is_left_out(phrase, batch):
    jobs = batch.create()
    phrase.change_job(batch.project_uid, jobs["fr"], status="CANCELLED")
    batch.change()
    assert batch.create("update") == jobs
    assert batch.original(jobs["fr"]) == "Good morning\n"


def test_update_of_a_file_that_is_as_before_again_is_put_back(phrase, batch):
    jobs = batch.create()
    phrase.change_job(batch.project_uid, jobs["de"], status="COMPLETED")
    batch.change()
    phrase.simulator.fault(**SEND, reset_before=True)
    with pytest.raises(PhraseSourceChangedError) as raised:
        batch.create("update")
    assert raised.value.can_pass
    assert phrase.status(batch.project_uid, jobs["de"]) == "NEW"
    batch.file.write_text("Good morning\n")
    assert batch.again("update") == jobs
    assert phrase.status(batch.project_uid, jobs["de"]) == "COMPLETED"


def test_new_jobs_supersede_those_that_are_not_done(phrase, batch):
    former = batch.create()
    phrase.change_job(batch.project_uid, former["de"], status="DELIVERED")
    batch.change()
    jobs = batch.create("new_job")
    assert jobs.keys() == former.keys()
    assert not set(jobs.values()) & set(former.values())
    assert {batch.original(uid) for uid in jobs.values()} == {"Good evening\n"}
    assert phrase.status(batch.project_uid, former["de"]) == "DELIVERED"
    assert phrase.status(batch.project_uid, former["fr"]) == "CANCELLED"
    assert batch.statuses() == {"NEW": 4, "CANCELLED": 3, "DELIVERED": 1}


@pytest.mark.parametrize("on_change", ["new_job", "update", "fail"])
def test_newest_jobs_count_from_then_on(phrase, batch, on_change):
    former = batch.create()
    phrase.change_job(batch.project_uid, former["de"], status="DELIVERED")
    batch.change()
    jobs = batch.create("new_job")
    phrase.forget()
    assert batch.create(on_change) == jobs
    assert phrase.costly() == []
    assert phrase.sent(**PATCH) == []


def test_cancelling_is_made_up_for_after_a_kill(phrase, batch):
    former = batch.create()
    batch.change()
    phrase.simulator.fault(**PATCH, times=None, status=403, body={"errorCode": "AccessDenied"})
    with pytest.raises(Exception, match="AccessDenied"):
        batch.create("new_job")
    phrase.simulator.clear_faults()
    jobs = batch.again("new_job")
    assert len(phrase.sent(**UPLOAD)) == 1
    assert {phrase.status(batch.project_uid, uid) for uid in former.values()} == {"CANCELLED"}
    assert {phrase.status(batch.project_uid, uid) for uid in jobs.values()} == {"NEW"}


def test_third_content_supersedes_the_second(phrase, batch):
    batch.create()
    batch.change("Second\n")
    second = batch.create("new_job")
    batch.change("Third\n")
    third = batch.create("new_job")
    assert {batch.original(uid) for uid in third.values()} == {"Third\n"}
    assert {phrase.status(batch.project_uid, uid) for uid in second.values()} == {"CANCELLED"}


def test_content_that_comes_back_gets_new_jobs_where_its_own_were_cancelled(phrase, batch):
    first = batch.create()
    batch.change("Second\n")
    second = batch.create("new_job")
    batch.change("Good morning\n")
    third = batch.create("new_job")
    assert not set(third.values()) & {*first.values(), *second.values()}
    assert {batch.original(uid) for uid in third.values()} == {"Good morning\n"}


@pytest.mark.parametrize("on_change", ["none", "Update it"])
def test_unknown_word_is_refused_before_anything_is_sent(phrase, batch, on_change):
    phrase.forget()
    with pytest.raises(PhraseInputError, match="on_change is"):
        batch.create(on_change)
    assert phrase.costly() == []


def test_word_may_be_written_in_any_case(batch):
    assert batch.create("Update")


def test_superseded_jobs_are_no_duplicates_and_cancelled_ones_are_not_reported(phrase, batch):
    former = batch.create()
    phrase.change_job(batch.project_uid, former["de"], status="DELIVERED")
    batch.change()
    jobs = batch.create("new_job")
    log = Log()
    warn_of_duplicates(phrase.client, batch.project_uid, log)
    assert log.warnings == []
    outcomes = Outcomes(phrase.client, batch.project_uid)
    assert outcomes.earlier("guide.txt", "fr") == jobs["fr"]


@pytest.mark.parametrize("on_change", ["new_job", "update", "fail"])
def test_job_with_the_content_of_the_file_counts_before_a_later_one(phrase, batch, on_change):
    first = batch.create()
    phrase.change_job(batch.project_uid, first["de"], status="COMPLETED")
    phrase.upload(batch.project_uid, "guide.txt", ["de", "fr"], content=batch.file.read_bytes())
    assert batch.create(on_change) == first


def test_second_job_with_the_same_content_is_a_duplicate(phrase, batch):
    first = batch.create(target_langs=["de"])
    content = batch.file.read_bytes()
    phrase.upload(batch.project_uid, "guide.txt", ["de"], content=content)
    log = Log()
    warn_of_duplicates(phrase.client, batch.project_uid, log)
    [warning] = log.warnings
    assert first["de"] in warning


class Log(logging.Logger):
    def __init__(self):
        super().__init__("test")
        self.warnings = []

    def warning(self, message, *args):
        self.warnings.append(message % args)
