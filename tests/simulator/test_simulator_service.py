"""The simulator as a service: whom it answers, what it sends where, and the bounds of what it is told."""

from __future__ import annotations

import socket

import pytest
from message_receiver import Receiver

from phrase_provider.simulator.process import SimulatorError, SimulatorProcess

PATHS = ("/", "/web/api2/v1/projects", "/_simulator/settings", "/static/style.css", "/idm/oauth/token")


def status(simulator, path, host):
    """Ask under a host name; gives the status of the answer."""
    address, port = simulator.url.removeprefix("http://").split(":")
    name = "" if host is None else f"Host: {host}\r\n"
    version = "1.0" if host is None else "1.1"
    with socket.create_connection((address, int(port)), timeout=30) as connection:
        connection.sendall(f"GET {path} HTTP/{version}\r\n{name}Connection: close\r\n\r\n".encode())
        return int(connection.makefile("rb").readline().split()[1])


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A simulator with a log of its own: the specification has no answer for a foreign name."""
    with SimulatorProcess(access_log=tmp_path_factory.mktemp("log") / "access.jsonl") as simulator:
        yield simulator


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8900",
        "localhost.evil.example",
        "evil-localhost",
        "",
        "[",
        "127.0.0.1.evil",
    ],
)
def test_name_of_a_web_site_is_refused_everywhere(asked, path, host):
    assert status(asked, path, host) == 421


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8900", "phrase.localhost", "127.0.0.1:1", "[::1]:8900", "192.168.0.7:80", None],
)
def test_this_machine_and_addresses_are_answered(simulator, host):
    assert status(simulator, "/_simulator/clock", host) == 200


def test_further_names_are_answered_on_request():
    with SimulatorProcess(allow_host="Simulator") as simulator:
        found = [status(simulator, "/", host) for host in ("simulator:8900", "other:8900")]
    assert found == [200, 421]


def test_refusal_of_a_name_tells_how_to_allow_it(phrase):
    headers = {"Host": "simulator"}
    answer = phrase.http.get(f"{phrase.simulator.url}/_simulator/clock", headers=headers, timeout=30)
    assert "--allow-host" in answer.json()["errorDescription"]


BACKTRACKING = ["(a+)+$", "(a|a)+$", "(.*a){20}$", "^(([a-z])+.)+[A-Z]([a-z])+$"]


@pytest.mark.parametrize("pattern", BACKTRACKING)
def test_no_pattern_of_a_rule_or_a_search_runs_away(phrase, pattern):
    """Python's own engine would not come back from these."""
    phrase.simulator.fault(path=pattern, status=500)
    assert phrase.get(f"v1/projects/{'a' * 1000}!").status_code == 404
    assert phrase.simulator.requests(path=pattern) == []


@pytest.mark.parametrize("pattern", ["(", "(?=a)", r"(a)\1", "a" * 201, "((a{99}){99}){99}"])
def test_patterns_that_cannot_be_linear_are_refused(phrase, pattern):
    with pytest.raises(SimulatorError, match="path"):
        phrase.simulator.fault(path=pattern, status=500)
    with pytest.raises(SimulatorError, match="path"):
        phrase.simulator.requests(path=pattern)


def test_usual_patterns_are_found(phrase):
    phrase.get("v1/projects/x1")
    for pattern in ("/projects", "^/web", r"x\d$", "(?i)PROJECTS", "none|projects", ".*"):
        phrase.simulator.fault(path=pattern, status=418)
        assert phrase.get("v1/projects/x1").status_code == 418
        assert phrase.simulator.requests(method="GET", path=pattern)


@pytest.mark.parametrize(
    "rule", [{"delay": 86401}, {"late": 1e300}, {"delay": float("inf")}, {"late": float("nan")}]
)
def test_faults_last_a_day_at_most(phrase, rule):
    with pytest.raises(SimulatorError, match=r"late|delay"):
        phrase.simulator.fault(**rule)


def test_rules_are_bounded_in_number(phrase):
    url = f"{phrase.simulator.url}/_simulator/faults"
    rules = [phrase.http.post(url, json={"status": 500}, timeout=30).status_code for _ in range(1001)]
    assert rules == [201] * 1000 + [400]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"speed": 1_000_001}),
        ("clock", {"advance": 1e12}),
        ("settings", {"page_delay": 1e9}),
        ("settings", {"token_seconds": 10**12}),
        ("settings", {"login_seconds": 10**12}),
    ],
)
def test_time_is_bounded(phrase, path, body):
    answer = phrase.http.post(f"{phrase.simulator.url}/_simulator/{path}", json=body, timeout=30)
    assert answer.status_code == 400


def test_clock_stops_before_dates_end(phrase):
    uid = phrase.project()["uid"]
    phrase.upload(uid)
    for _ in range(800):
        phrase.simulator.advance(10 * 365 * 86400)
    phrase.simulator.set_speed(1_000_000)
    assert phrase.jobs(uid)[0]["status"]
    now = phrase.http.get(f"{phrase.simulator.url}/_simulator/clock", timeout=30).json()["now"]
    assert now.startswith("9000-01-01")
    assert phrase.project()["dateCreated"].startswith("9000-01-01")


@pytest.mark.parametrize("speed", ["-1", "1000001", "inf", "nan", "quick"])
def test_speed_of_the_command_line_is_bounded(speed):
    with pytest.raises(SimulatorError, match="--speed"), SimulatorProcess(speed=speed):
        pass


def chunked(size):
    """Give a body whose length no header tells."""
    return iter([b"a" * 1000] * (size // 1000))


@pytest.mark.parametrize("shape", [lambda size: b"a" * size, chunked])
def test_uploads_have_a_limit(phrase, shape):
    project = phrase.project()["uid"]
    phrase.simulator.settings(upload_limit=500_000)
    assert phrase.upload(project, content=shape(500_000)).status_code == 201
    refused = phrase.upload(project, content=shape(900_000))
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "InvalidArguments")
    assert "more than 500000 bytes" in refused.json()["errorDescription"]
    assert phrase.get("v1/projects").status_code == 200
    assert len(phrase.jobs(project)) == 1


@pytest.mark.parametrize("shape", [lambda size: b" " * size, chunked])
@pytest.mark.parametrize("path", ["web/api2/v3/projects", "_simulator/settings", "idm/oauth/token"])
def test_other_requests_have_a_limit(phrase, path, shape):
    content = shape(17_000_000)
    answer = phrase.http.post(f"{phrase.simulator.url}/{path}", data=content, timeout=60)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "InvalidArguments")
    assert "bytes" in answer.json()["errorDescription"]


ELSEWHERE = [
    "http://phrase.invalid/hook",
    "http://192.0.2.1/hook",
    "http://0.0.0.0:{port}/hook",
    "http://127.0.0.1.phrase.invalid:{port}/",
    "http://127.0.0.1:{port}@192.0.2.1/",
    "http://192.0.2.1\\@127.0.0.1:{port}/",
    "http://hook.localhost:{port}/",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_nothing_is_sent_to_other_machines(phrase, url):
    with Receiver() as receiver:
        url = url.format(port=receiver.url.rpartition(":")[2].partition("/")[0])
        hook = phrase.call("POST", "v2/webhooks", json={"url": url, "events": ["PROJECT_CREATED"]})
        assert hook.status_code == 201
        phrase.project()
        phrase.simulator.advance(0)
        (told,) = phrase.simulator.deliveries()
    assert receiver.got == []
    assert (told["answered"], told["succeeded"], told["statusCode"]) == (True, False, None)
    assert "--deliver-to anywhere" in told["errorMessage"]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3"])
def test_this_machine_is_told(phrase, host):
    with Receiver() as receiver:
        url = receiver.url.replace("127.0.0.1", host)
        phrase.call("POST", "v2/webhooks", json={"url": url, "events": ["PROJECT_CREATED"]})
        phrase.project()
        phrase.simulator.advance(0)
        (told,) = phrase.simulator.deliveries()
    assert "Not sent" not in (told["errorMessage"] or "")


def test_other_machines_are_told_on_request(connect):
    """No machine has this name, which is looked up only when something is sent."""
    with SimulatorProcess(speed=0, deliver_to="anywhere") as simulator:
        phrase = connect(simulator)
        hook = {"url": "http://phrase.invalid/hook", "events": ["PROJECT_CREATED"]}
        phrase.call("POST", "v2/webhooks", json=hook)
        simulator.settings(delivery_timeout=0.5)
        phrase.project()
        simulator.advance(0)
        (told,) = simulator.deliveries()
    assert told["errorMessage"] is None or "Not sent" not in told["errorMessage"]
