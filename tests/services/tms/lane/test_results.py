from __future__ import annotations

import pytest

from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.services.tms.lane.results import error_of, result_of
from phrase_provider.services.tms.lane.targets import State, Target


def target(state, number=0, **facts):
    return Target("p", f"j{number}", ManifestKey(f"{number}.md", "de"), "/out", state=state, **facts)


DONE, LOST = target(State.DELIVERED), target(State.FAILED, 1, error="no room")
FINAL = target(State.FAILED, 2, error="too large", can_pass=False)
CANCELLED = target(State.ENDED, 3, error="cancelled")


def test_result_counts():
    result = result_of([DONE, LOST, CANCELLED, target(State.TAKEN_OVER)], "/p.json")
    assert result == {
        "targets": 4,
        "delivered": 1,
        "failed": 1,
        "ended": 1,
        "taken_over": 1,
        "progress": "/p.json",
    }


@pytest.mark.parametrize(
    ("targets", "has_tries_left", "fails"),
    [
        ([DONE], True, False),
        ([DONE, LOST], True, True),
        ([DONE, LOST], False, False),
        ([DONE, FINAL], True, False),
        ([DONE, CANCELLED], True, False),
        ([LOST], False, True),
        ([CANCELLED], True, True),
        ([target(State.TAKEN_OVER)], False, False),
    ],
)
def test_a_try_fails_for_what_may_pass_and_the_last_one_only_without_any_delivery(
    targets, has_tries_left, fails
):
    assert bool(error_of(targets, has_tries_left=has_tries_left)) is fails


@pytest.mark.parametrize(("lost", "can_pass"), [(LOST, True), (FINAL, False), (CANCELLED, False)])
def test_error_says_whether_another_try_may_help(lost, can_pass):
    assert error_of([lost], has_tries_left=True).can_pass is can_pass


def test_error_names_few_and_counts_the_others():
    many = [target(State.FAILED, number, error="x" * 900) for number in range(50)]
    error = error_of(many, has_tries_left=True)
    assert "50 of 50 targets" in error.message
    assert error.message.endswith("and 30 more")
    assert len(error.message) < 6000
