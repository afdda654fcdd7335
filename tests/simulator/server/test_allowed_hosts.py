"""The host names that the simulator answers to."""

from __future__ import annotations

import socket

import pytest

from phrase_provider.simulator.process import SimulatorProcess

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


def test_error_for_a_name_says_how_to_allow_it(phrase):
    headers = {"Host": "simulator"}
    answer = phrase.http.get(f"{phrase.simulator.url}/_simulator/clock", headers=headers, timeout=30)
    assert "--allow-host" in answer.json()["errorDescription"]
