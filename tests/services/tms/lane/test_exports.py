"""Exports of many targets: within Phrase's limit, and each failure that of its own target."""

from __future__ import annotations

import json

import pytest
from lane_runs import DOWNLOAD, START, LaneRun

from phrase_provider.exceptions import PhraseNotDeliveredError, PhraseTimeoutError

COUNT = {"method": "GET", "path": "/async/status$"}
EXPORTS = "phrase_provider.services.tms.lane.exports"


@pytest.fixture
def lane(phrase, tmp_path):
    made = LaneRun(phrase, tmp_path)
    made.complete()
    phrase.forget()
    return made


def moments(phrase, request):
    return [sent["time"] for sent in phrase.sent(**request)]


def test_where_phrase_tells_no_count_few_are_tried_at_a_time(phrase, lane, monkeypatch):
    monkeypatch.setattr(f"{EXPORTS}.BLIND", 2)
    phrase.simulator.fault(**COUNT, status=403, times=None)
    assert lane.translate()["delivered"] == 6
    starts, downloads = moments(phrase, START), moments(phrase, DOWNLOAD)
    # Each two have ended before the next two begin.
    assert all(downloads[number - 1] <= starts[number] for number in (2, 4))


def test_without_a_limit_the_usual_one_is_kept(phrase, lane, monkeypatch):
    monkeypatch.setattr(f"{EXPORTS}.MOST_RUNNING", 3)
    phrase.simulator.settings(pending_limit=None)
    assert lane.translate()["delivered"] == 6
    assert moments(phrase, DOWNLOAD)[2] <= moments(phrase, START)[3]


def test_a_start_that_is_refused_for_want_of_room_is_tried_in_its_turn(phrase, lane, monkeypatch):
    monkeypatch.setattr(f"{EXPORTS}.HOLD_OFF", (0, 0.1))
    refusal = json.dumps({"errorCode": "TooManyPendingRequests", "errorDescription": "full"})
    phrase.simulator.fault(**START, status=429, body=json.loads(refusal), times=6)
    assert lane.translate()["delivered"] == 6
    assert len(phrase.sent(**START)) == 12


def test_a_turn_that_does_not_come_fails_the_try(phrase, lane, monkeypatch):
    monkeypatch.setattr(f"{EXPORTS}.MAX_TURN_WAIT", 0.5)
    monkeypatch.setattr(f"{EXPORTS}.HOLD_OFF", (0, 0.1))
    phrase.simulator.settings(pending_limit=0)
    with pytest.raises(PhraseTimeoutError, match=r"room for one more|Phrase limits") as raised:
        lane.translate()
    assert raised.value.can_pass
    assert phrase.sent(**START) == []


def test_an_export_that_does_not_end_fails_alone(phrase, lane, monkeypatch):
    monkeypatch.setattr(f"{EXPORTS}.MAX_EXPORT", 1.0)
    running = {"id": "1", "action": "EXPORT_COMPLETE_FILE", "asyncResponse": None}
    # Ids grow: that of the first export of this test.
    probe = phrase.client.exports.start(lane.project_uid, lane.uids[0])
    stuck = str(int(probe) + 1)
    phrase.simulator.fault(
        method="GET", path=f"/async/{stuck}$", status=200, body=running | {"id": stuck}, times=None
    )
    result = lane.translate()
    assert (result["delivered"], result["failed"]) == (5, 1)
    (error,) = {line["error"] for line in lane.lines().values() if line.get("error")}
    assert "The deadline passed" in error


def test_an_export_that_phrase_no_longer_knows_fails_alone(phrase, lane):
    phrase.simulator.fault(method="GET", path=r"/async/\d+$", status=404)
    result = lane.translate()
    assert (result["delivered"], result["failed"]) == (5, 1)


def test_downloads_that_never_come_whole_are_given_up(phrase, lane):
    phrase.simulator.fault(**DOWNLOAD, truncate=3, times=None)
    with pytest.raises(PhraseNotDeliveredError, match="6 of 6"):
        lane.translate(attempts=2)
    assert len(phrase.sent(**START)) == 12
    assert lane.written() == []
