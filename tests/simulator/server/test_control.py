from __future__ import annotations

import pytest

from phrase_provider.simulator.process import SimulatorError, SimulatorProcess


def control(phrase, method, path, **options):
    return phrase.http.request(method, f"{phrase.simulator.url}/_simulator/{path}", timeout=60, **options)


def test_clock(phrase):
    before = control(phrase, "GET", "clock").json()
    after = control(phrase, "POST", "clock", json={"advance": 90}).json()
    assert (after["epoch"] - before["epoch"], after["speed"]) == (90, 0)
    assert control(phrase, "POST", "clock", json={"speed": 5}).json()["speed"] == 5
    assert control(phrase, "POST", "clock", json={"advance": -1}).status_code == 400


def test_settings_are_checked_and_reset(phrase):
    assert phrase.simulator.settings(page_delay=0.1)["page_delay"] == 0.1
    assert control(phrase, "POST", "settings", json={"colour": "red"}).status_code == 400
    assert control(phrase, "POST", "settings", data=b"[").status_code == 400
    assert control(phrase, "POST", "settings", json={"pending_limit_status": 200}).status_code == 400
    phrase.simulator.reset()
    assert phrase.simulator.settings()["page_delay"] == 0


def test_forced_import_and_export_errors(phrase):
    uid = phrase.project()["uid"]
    phrase.simulator.settings(import_error="Disk full.")
    created = phrase.upload(uid).json()
    phrase.simulator.advance(20)
    assert phrase.job(uid, created["jobs"][0]["uid"])["importStatus"]["errorMessage"] == "Disk full."
    phrase.simulator.settings(import_error=None, export_error="Tags.")
    job = phrase.upload(uid).json()["jobs"][0]["uid"]
    phrase.simulator.job(job, "complete")
    request = phrase.export(uid, job).json()["asyncRequest"]["id"]
    phrase.simulator.advance(15)
    assert phrase.get(f"v1/async/{request}").json()["asyncResponse"]["errorDesc"] == "Tags."


def test_user_role_can_be_null(connect, tmp_path):
    # With a log of its own: the specification, which the recorded traffic keeps to, forbids this.
    with SimulatorProcess(access_log=tmp_path / "access.jsonl") as simulator:
        simulator.settings(user_role=None)
        assert connect(simulator).project()["userRole"] is None


def test_unknown_jobs_and_commands(phrase):
    job = phrase.upload(phrase.project()["uid"]).json()["jobs"][0]["uid"]
    assert control(phrase, "POST", "jobs/none/accept").status_code == 404
    assert control(phrase, "POST", f"jobs/{job}/explode").status_code == 400
    with pytest.raises(SimulatorError, match="commands are accept"):
        phrase.simulator.job(job, "explode")


def test_reset_starts_over_and_keeps_tokens(phrase):
    templates = phrase.templates()
    phrase.project()
    phrase.simulator.fault(times=None, status=500)
    phrase.simulator.reset()
    assert phrase.simulator.requests() == []
    assert phrase.get("v1/projects").json()["totalElements"] == 0
    assert phrase.templates() == templates


def test_strings_is_not_there_yet(phrase):
    answer = phrase.http.get(f"{phrase.simulator.url}/v2/projects", timeout=60)
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "NotFound")
