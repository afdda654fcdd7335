from __future__ import annotations

import json
from datetime import UTC, datetime

from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.lane.progress import progress_of, write_progress
from phrase_provider.services.tms.lane.targets import State, Target

NEXT = datetime(2026, 12, 1, 21, 40, tzinfo=UTC)


def target(lang="de", state=State.OPEN, number=0, **facts):
    key = ManifestKey(f"{number}.md", lang)
    return Target("p", f"j{lang}{number}", key, f"/out/{number}.md", state=state, **facts)


def test_line_tells_each_language_and_what_somebody_has_to_see_to():
    targets = [
        *(target("de", State.DELIVERED, number) for number in range(3)),
        target("de", State.FAILED, 3, error="no room"),
        target("ja", State.OPEN, 0, status="REJECTED"),
        target("ja", State.ENDED, 1, error="cancelled"),
    ]
    progress = progress_of(targets, overdue=3, next_look=NEXT)
    assert progress["line"] == ("de 3/4, ja 0/2, overdue 3, rework 1, failed 1, ended 1, next look 21:40")
    assert progress["next_look"] == "2026-12-01T21:40:00+00:00"
    told = [(trouble["error"], trouble["status"]) for trouble in progress["targets"]]
    assert told == [("no room", ""), ("cancelled", ""), (None, "REJECTED")]


def test_file_and_line_are_bounded():
    targets = [target(f"l{number % 60:02}", State.FAILED, number, error="x" * 50) for number in range(6000)]
    progress = progress_of(targets, overdue=0, next_look=None)
    assert "and 20 more languages" in progress["line"]
    assert len(progress["targets"]) == 200
    assert len(json.dumps(progress)) < 100_000


def test_names_from_outside_do_not_act_on_the_log():
    progress = progress_of([target("d\x1be")], overdue=0, next_look=None)
    assert progress["line"] == "d\\x1be 0/1"


def test_file_takes_the_place_of_the_one_before(tmp_path):
    for state in (State.OPEN, State.DELIVERED):
        write_progress(
            f"{tmp_path}/a/progress.json", progress_of([target(state=state)], overdue=0, next_look=None)
        )
    assert json.loads((tmp_path / "a/progress.json").read_text())["counts"] == {"delivered": 1}
