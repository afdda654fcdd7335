"""Regular expressions of clients: bounded, and matched in linear time."""

from __future__ import annotations

import pytest

from phrase_provider.simulator.process import SimulatorError

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
