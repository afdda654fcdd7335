"""What notes on updates beside a manifest have that it lacks."""

from __future__ import annotations

import hashlib

import pytest
from source_update_runs import NEW, OLD, SEND, File

from phrase_provider.manifest.lines import ManifestKey, written_at
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.services.tms.updates.update_records import record_updates, records_beside

LINE = ManifestKey("guide.txt", "de")


def sha(content):
    return hashlib.sha256(content).hexdigest()


@pytest.fixture
def manifest(tmp_path):
    return Manifest(f"{tmp_path}/phrase-manifest.jsonl")


@pytest.fixture
def file(phrase, tmp_path, manifest):
    """A file that a manifest has; its updates are noted beside that."""
    file = File(phrase, tmp_path, "de")
    file.notes = tmp_path / "phrase-manifest.jsonl.updates"
    uid = file.parts["de", 2]
    line = {"source": "guide.txt", "target_lang": "de", "run": "one", "at": written_at()}
    manifest.add("one", [{**line, "project_uid": file.project_uid, "job_uid": uid, "sha256": sha(OLD)}])
    return file


def recorded(manifest):
    """Record what is not, and give whether something is unfinished."""
    lines = manifest.read()
    unfinished = record_updates(manifest, lines, "two")
    assert manifest.read() == lines
    return unfinished


def test_update_of_a_killed_run_is_recorded(file, manifest):
    file.change()
    file.update()
    assert not recorded(manifest)
    line = manifest.read()[LINE]
    assert (line["sha256"], line["added_words"], line["run"]) == (sha(NEW), 4, "two")
    assert records_beside(manifest).read_all() == {}


def test_nothing_is_written_where_all_is_recorded(file, manifest):
    before = manifest.read()
    assert not recorded(manifest)
    assert manifest.read() == before
    assert len(manifest.parts()) == 1


def test_update_that_took_effect_is_recorded_though_the_file_is_as_before(phrase, file, manifest):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    # The answer gets lost, and so do the looks after it.
    phrase.simulator.fault(**SEND, reset_after=True)
    refusal = {"status": 403, "body": {"errorCode": "AccessDenied"}}
    phrase.simulator.fault(method="POST", path="/jobs/search$", after=1, times=None, **refusal)
    file.change()
    assert file.update()["de"]["outcome"] == "failed"
    phrase.simulator.clear_faults()
    file.change(OLD)
    assert recorded(manifest)
    file.updates().put_back_abandoned(going_on=())
    # Phrase has the other content: what was done before is not done.
    assert file.content() == NEW
    assert file.statuses()["de", 1] == "ACCEPTED"
    assert not recorded(manifest)
    assert manifest.read()[LINE]["sha256"] == sha(NEW)


def test_update_that_did_not_take_effect_is_put_back_and_not_recorded(phrase, file, manifest):
    file.set_status("COMPLETED", ("de", 1), ("de", 2))
    phrase.simulator.fault(**SEND, reset_before=True)
    file.change()
    file.update()
    file.change(OLD)
    assert recorded(manifest)
    file.updates().put_back_abandoned(going_on=())
    assert not recorded(manifest)
    assert manifest.read()[LINE]["sha256"] == sha(OLD)
    assert file.statuses()["de", 1] == "COMPLETED"


def test_update_in_a_project_that_is_gone_is_forgotten(phrase, file, manifest):
    phrase.simulator.fault(**SEND, reset_before=True)
    file.change()
    file.update()
    phrase.client.projects.delete(file.project_uid)
    file.updates().put_back_abandoned(going_on=())
    assert not recorded(manifest)


def test_job_that_another_has_superseded_is_not_recorded(file, manifest):
    file.change()
    file.update()
    line = manifest.read()[LINE]
    manifest.add("x", [{**line, "project_uid": "other", "job_uid": "other", "at": written_at(line)}])
    recorded(manifest)
    assert manifest.read()[LINE]["project_uid"] == "other"
