from __future__ import annotations

import pytest
from task_runs import event_of, rebuilt

from phrase_provider.exceptions import PhraseAsyncRequestError
from phrase_provider.triggers.events import result_of
from phrase_provider.triggers.tms.analyses import PhraseTmsAnalysisTrigger


@pytest.fixture
def trigger(phrase):
    """Gives the trigger of an analysis that is running, as Airflow stored it, and the job of the analysis."""
    _, (job_uid,) = phrase.jobs("de")
    made = PhraseTmsAnalysisTrigger(
        analysis_uid=phrase.analyse(job_uid), phrase_conn_id="phrase_default", poke_interval=0.1
    )
    return rebuilt(made), job_uid


def test_trigger_fires_as_it_was_stored(phrase, trigger):
    phrase.simulator.advance(120)
    event = event_of(trigger[0])
    assert event["status"] == "met"
    assert event["result"]["analysis_uid"]


def test_analysis_that_fails_is_told(phrase, trigger):
    phrase.simulator.job(trigger[1], "fail-analysis")
    phrase.simulator.advance(120)
    with pytest.raises(PhraseAsyncRequestError):
        result_of(event_of(trigger[0]))
