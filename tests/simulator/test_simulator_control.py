from __future__ import annotations

import json

import pytest

from phrase_provider.simulator.process import SimulatorError, SimulatorProcess


def control(phrase, method, path, **options):
    return phrase.http.request(method, f"{phrase.simulator.url}/_simulator/{path}", timeout=5, **options)


def test_requests_tell_what_arrived_without_secrets(phrase):
    phrase.get("v1/projects", name="x y", statuses=["NEW", "ASSIGNED"])
    phrase.project()
    arrived = phrase.simulator.requests(method="GET", path="/projects$")
    assert [(request["path"], request["status"]) for request in arrived] == [("/web/api2/v1/projects", 200)]
    assert arrived[0]["query"] == [["name", "x y"], ["statuses", "NEW"], ["statuses", "ASSIGNED"]]
    assert dict(arrived[0]["headers"])["authorization"] == "Bearer ***"
    created = phrase.simulator.requests(method="POST", path="applyTemplate")[0]
    assert (json.loads(created["body"]), created["bodySize"]) == (
        {"name": "Project"},
        len('{"name": "Project"}'),
    )
    token = phrase.simulator.requests(path="^/idm/")[0]
    assert "subject_token=***" in token["body"]
    assert phrase.simulator.api_token not in json.dumps(phrase.simulator.requests())


@pytest.mark.parametrize("password", ["pass&word", 'pass"word', "pass\\", "pässword"])
def test_secrets_are_masked_whatever_they_hold(phrase, password):
    phrase.call("POST", "v2/webhooks", json={"name": "before", "secretToken": password, "url": "after"})
    phrase.call(
        "POST", "v2/webhooks", data=json.dumps({"secretToken": password}, ensure_ascii=False).encode()
    )
    told = [request["body"] for request in phrase.simulator.requests(path="webhooks")]
    assert [json.loads(body)["secretToken"] for body in told] == ["***", "***"]
    assert json.loads(told[0]) == {"name": "before", "secretToken": "***", "url": "after"}


def test_secrets_in_urls_that_requests_name_are_masked(phrase):
    url = "http://user:s3cret@127.0.0.1:9/hook?run=1&token=s3cret#end"
    phrase.upload(phrase.project()["uid"], callbackUrl=url)
    phrase.call("POST", "v2/webhooks", json={"url": url, "events": ["JOB_CREATED"]})
    uploaded, subscribed = phrase.simulator.requests("POST", "jobs$|webhooks$")
    masked = "http://***@127.0.0.1:9/hook?run=1&token=***#end"
    assert json.loads(dict(uploaded["headers"])["memsource"])["callbackUrl"] == masked
    assert json.loads(subscribed["body"])["url"] == masked


def test_dropped_requests_are_told_with_their_fault(phrase):
    rule = phrase.simulator.fault(reset_before=True)
    with pytest.raises(OSError, match="reset"):
        phrase.get("v1/projects")
    assert [(r["status"], r["fault"]) for r in phrase.simulator.requests(path="projects")] == [(None, rule)]


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
    answer = phrase.http.get(f"{phrase.simulator.url}/v2/projects", timeout=5)
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "NotFound")


def test_access_log_has_a_line_for_every_exchange(connect, tmp_path):
    with SimulatorProcess(access_log=tmp_path / "access.jsonl") as simulator:
        phrase = connect(simulator)
        phrase.upload(phrase.project()["uid"], content=b"\xff\x00")
        phrase.exchange()
        phrase.simulator.fault(html=True)
        phrase.get("v1/projects")
    text = (tmp_path / "access.jsonl").read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["method"], line["status"]) for line in lines] == [
        ("POST", 200),
        ("GET", 200),
        ("POST", 201),
        ("POST", 201),
        ("POST", 200),
    ]
    upload, token = lines[3:]
    assert upload["body_b64"] == "/wA="
    assert json.loads(upload["response_body"])["asyncRequest"]["action"] == "IMPORT_JOB"
    assert dict(upload["request_headers"])["memsource"] == '{"targetLangs": ["de"]}'
    assert json.loads(token["response_body"])["access_token"] == "***"
    assert simulator.api_token not in text


def test_traffic_of_a_whole_test_run_can_be_recorded(connect, tmp_path, monkeypatch):
    monkeypatch.setenv("PHRASE_SIMULATOR_TRAFFIC", str(tmp_path / "traffic"))
    for _ in range(2):
        with SimulatorProcess() as simulator:
            connect(simulator)
    logs = list((tmp_path / "traffic").glob("*.jsonl"))
    assert [len(log.read_text().splitlines()) for log in logs] == [1, 1]
