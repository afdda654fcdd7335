"""What is noted of requests and answers: in memory and in the access log, without secrets."""

from __future__ import annotations

import base64
import json
import stat
import time

import pytest

from phrase_provider.simulator.process import SimulatorProcess


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
        ("GET", 502),
    ]
    upload, token, spoilt = lines[3:]
    assert [line["fault"] for line in lines] == [None] * 5 + [1]
    assert "502 Bad Gateway" in spoilt["response_body"]
    assert upload["body_b64"] == "/wA="
    assert json.loads(upload["response_body"])["asyncRequest"]["action"] == "IMPORT_JOB"
    assert dict(upload["request_headers"])["memsource"] == '{"targetLangs": ["de"]}'
    assert json.loads(token["response_body"])["access_token"] == "***"
    assert simulator.api_token not in text


def lines_of(log, count):
    """Wait until the log has so many lines; some are written when the server sees that the client is gone."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        if len(lines) >= count:
            return lines
        time.sleep(0.01)
    raise AssertionError(f"{log.read_text()} has less than {count} lines")


def test_access_log_has_what_faults_met_and_what_they_sent(connect, tmp_path):
    log = tmp_path / "access.jsonl"
    with SimulatorProcess(access_log=log) as simulator:
        phrase = connect(simulator)
        simulator.fault(path="truncated", truncate=3)
        simulator.fault(path="delayed", delay=0)
        dropping = ["reset_before", "reset_after", "hang", "hang_after"]
        rules = [simulator.fault(path=kind, **{kind: True}) for kind in dropping]
        for kind in dropping:
            phrase.timeout = 0.5 if kind.startswith("hang") else 30
            with pytest.raises(OSError):
                phrase.get(f"v1/projects/{kind}")
            phrase.timeout = 30
        with pytest.raises(OSError, match="broken"):
            phrase.get("v1/projects/truncated")
        phrase.get("v1/projects/delayed")
        found = {line["path"].rpartition("/")[2]: line for line in lines_of(log, 7)}
    assert [(found[kind]["status"], found[kind]["fault"]) for kind in dropping] == [
        (None, rule) for rule in rules
    ]
    assert all("response_body" not in found[kind] for kind in dropping)
    assert (found["truncated"]["status"], found["truncated"]["response_body"]) == (404, '{"e')
    assert (found["delayed"]["status"], found["delayed"]["fault"]) == (404, 2)


def test_what_nothing_answers_is_noted_too_and_pages_are_not(connect, tmp_path):
    with SimulatorProcess(access_log=tmp_path / "access.jsonl") as simulator:
        phrase = connect(simulator)
        for path in ("/v2/projects", "/web", "/web/project2/show/none", "/", "/_simulator/clock"):
            phrase.http.get(f"{simulator.url}{path}", timeout=30)
        noted = [request["path"] for request in simulator.requests()]
    assert noted == ["/idm/oauth/token", "/v2/projects", "/web"]
    assert [line["path"] for line in lines_of(tmp_path / "access.jsonl", 3)] == noted


@pytest.mark.parametrize("there", [False, True])
def test_access_log_is_for_its_owner_alone(tmp_path, there):
    log = tmp_path / "access.jsonl"
    if there:
        log.touch()
        log.chmod(0o644)
    with SimulatorProcess(access_log=log):
        assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_secrets_are_masked_in_every_position(connect, tmp_path):
    log, secret = tmp_path / "access.jsonl", "s3cret"
    nested = {"a": [{"b": {"Password": secret, "apiToken": [secret], "kept": "yes"}}], "token": {"x": secret}}
    headers = {
        "Authorization": secret,
        "Proxy-Authorization": f"Basic {secret}",
        "X-Api-Key": f"{secret} and more",
        "Cookie": f"session={secret}",
        "Memsource": json.dumps({"remoteFile": {"connectorToken": secret, "text": json.dumps(nested)}}),
        "Referer": f"http://user:{secret}@host/?apiToken={secret}",
    }
    query = {"apiToken": secret, "X-Api-Key": secret, "pass%77ord": "kept", "password": secret, "q": "kept"}
    parts = {"password": (None, secret), "file": ("a.bin", b"\xff\x00")}
    with SimulatorProcess(access_log=log) as simulator:
        import requests

        url = f"{simulator.tms_url}/api2/v1/projects"
        with requests.Session() as session:
            session.trust_env = False
            session.post(url, params=query, headers=headers, json=nested, timeout=30)
            session.post(url, json=[json.dumps(nested)], timeout=30)
            session.post(url, data=f'{{"x": {{"password": "{secret}"}}, "x": 1}}', timeout=30)
            session.post(url, data=f'broken {{"api_token": "{secret}"', timeout=30)
            session.post(url, data=f"a=1&api%54oken={secret} x&password={secret}", timeout=30)
            session.post(url, files=parts, timeout=30)
            answer = {"set-cookie": f"session={secret}", "location": f"http://x/?token={secret}"}
            simulator.fault(status=302, headers=answer, body={"refresh_token": secret})
            session.post(url, timeout=30, allow_redirects=False)
        arrived = simulator.requests()
    assert len(lines_of(log, 7)) == len(arrived) == 7
    told = log.read_text() + json.dumps(arrived)
    coded = "".join(part for line in lines_of(log, 7) for part in decoded(line))
    assert secret not in told + coded
    assert json.loads(arrived[0]["body"]) == {
        "a": [{"b": {"Password": "***", "apiToken": "***", "kept": "yes"}}],
        "token": "***",
    }
    assert ["q", "kept"] in arrived[0]["query"]
    assert "a.bin" in coded
    assert dict(arrived[0]["headers"])["proxy-authorization"] == "Basic ***"


def decoded(line):
    return [base64.b64decode(value).decode("latin-1") for key, value in line.items() if key.endswith("_b64")]


def test_bodies_without_secrets_are_noted_as_they_came(phrase):
    sent = '{"n": 1.0e5,  "text": "\\u00e4", "n": 2, "url": "http://host/?q=1"}'
    phrase.call("POST", "v1/projects", data=sent)
    assert phrase.simulator.requests("POST", "projects$")[0]["body"] == sent


def test_traffic_of_a_whole_test_run_can_be_recorded(connect, tmp_path, monkeypatch):
    monkeypatch.setenv("PHRASE_SIMULATOR_TRAFFIC", str(tmp_path / "traffic"))
    for _ in range(2):
        with SimulatorProcess() as simulator:
            connect(simulator)
    logs = list((tmp_path / "traffic").glob("*.jsonl"))
    assert [len(log.read_text().splitlines()) for log in logs] == [1, 1]
