"""A triggerer that restarts makes all its triggers anew, at once."""

from __future__ import annotations

import asyncio
import time

import pytest
from task_runs import rebuilt

from phrase_provider.triggers.events import result_of
from phrase_provider.triggers.tms.jobs import PhraseTmsJobStatusTrigger

WAITS, BUDGET = 1000, 60


@pytest.fixture
def triggers(phrase):
    """A thousand waits for a hundred jobs of five projects."""
    langs = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
    jobs = []
    for _ in range(5):
        project_uid = phrase.project(*langs)
        jobs += [
            (project_uid, uid) for name in "ab" for uid in phrase.upload(project_uid, f"{name}.md", langs)
        ]
    phrase.import_files()
    phrase.forget()
    return [
        PhraseTmsJobStatusTrigger(
            project_uid=project_uid, job_uids=[uid], phrase_conn_id="phrase_default", poke_interval=0.2
        )
        for project_uid, uid in jobs * (WAITS // len(jobs))
    ]


def begin(triggers):
    return [asyncio.create_task(anext(rebuilt(trigger).run())) for trigger in triggers]


async def stopped(triggers, seconds):
    """Run triggers for a while, then stop as a triggerer does; gives how many waited until then."""
    tasks = begin(triggers)
    await asyncio.sleep(seconds)
    waiting = sum(not task.done() for task in tasks)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
    return waiting


def test_all_resume_within_the_budget(phrase, triggers, after_request, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__REQUESTS_PER_MINUTE", str(BUDGET))
    assert asyncio.run(stopped(triggers, 1)) == WAITS
    phrase.forget()

    def complete():
        for trigger in triggers[: WAITS // 10]:
            phrase.simulator.job(trigger.job_uids[0], "complete")

    after_request("/jobs", complete)

    async def resumed():
        return await asyncio.gather(*begin(triggers))

    began = time.monotonic()
    results = [result_of(event.payload) for event in asyncio.run(resumed())]
    took = time.monotonic() - began
    assert [result["counts"] for result in results] == [{"COMPLETED": 1}] * WAITS
    # A tenth of the minute's at once, the others evenly: no more than the budget in the first minute.
    assert 5 <= len(phrase.sent("GET")) <= BUDGET / 10 + 1 + took * BUDGET / 60
