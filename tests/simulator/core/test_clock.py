"""The bounds of simulated time."""

from __future__ import annotations

import pytest

from phrase_provider.simulator.process import SimulatorError, SimulatorProcess


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
