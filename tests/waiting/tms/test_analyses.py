"""Waiting for analyses, at the hub."""

from __future__ import annotations

from collections import Counter

import pytest
from hub_runs import at_hub

from phrase_provider.exceptions import PhraseAsyncRequestError, PhraseNotFoundError
from phrase_provider.waiting.tms.analyses import AnalysisFinished

READ = r"/analyses/\w+$"


@pytest.fixture
def analyses(phrase):
    """Gives the ids of two analyses that are running."""
    _, jobs = phrase.jobs("de", "fr")
    return [phrase.analyse(uid) for uid in jobs]


def finish(phrase):
    phrase.simulator.advance(120)


def test_each_is_told_of_its_end_and_the_same_is_read_once(phrase, analyses, after_request):
    phrase.forget()
    after_request(READ, finish, phrase, count=3)
    waits = [AnalysisFinished(analyses[0])] * 3 + [AnalysisFinished(analyses[1]), AnalysisFinished("nowhere")]
    *ended, lost = at_hub(phrase.simulator, lambda run: run.wait_all(waits, max_interval=1))
    assert len({result["analysis_uid"] for result in ended}) == 2
    assert isinstance(lost, PhraseNotFoundError)
    asked = Counter(request["path"].rpartition("/")[2] for request in phrase.sent("GET", READ))
    assert asked["nowhere"] == 1
    assert asked[analyses[0]] == asked[analyses[1]]


def test_failed_analysis_ends_its_wait(phrase):
    _, jobs = phrase.jobs("de")
    failing = phrase.analyse(*jobs)
    phrase.simulator.job(jobs[0], "fail-analysis")
    finish(phrase)
    (found,) = at_hub(phrase.simulator, lambda run: run.wait_all([AnalysisFinished(failing)], 10))
    assert isinstance(found, PhraseAsyncRequestError)
