"""Tasks that an older version deferred go on: what Airflow stored of their triggers still loads and runs."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import pytest
from task_runs import event_of

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.triggers.events import result_of

PAYLOADS = json.loads((Path(__file__).parents[1] / "data/trigger-payloads.json").read_text(encoding="utf-8"))


@pytest.fixture
def ids(phrase):
    """Ids of a delivered job and of its finished export."""
    project_uid, (job_uid,) = phrase.jobs("de")
    async_request_id = phrase.client.exports.start(project_uid, job_uid)
    phrase.finish_exports()
    phrase.simulator.job(job_uid, "complete")
    phrase.client.jobs.set_status(project_uid, job_uid, JobStatus.DELIVERED)
    return {"project_uid": project_uid, "job_uid": job_uid, "async_request_id": async_request_id}


def loaded(payload, ids):
    text = json.dumps(payload)
    for name, uid in ids.items():
        text = text.replace(f"{{{name}}}", uid)
    stored = json.loads(text)
    module, _, name = stored["classpath"].rpartition(".")
    return stored, getattr(import_module(module), name)(**stored["kwargs"])


@pytest.mark.parametrize("payload", PAYLOADS, ids=lambda payload: payload["classpath"].rpartition(".")[2])
def test_stored_trigger_loads_and_runs(payload, ids):
    stored, trigger = loaded(payload, ids)
    path, kwargs = trigger.serialize()
    assert path == stored["classpath"]
    assert stored["kwargs"].items() <= kwargs.items()
    event = event_of(trigger)
    assert result_of(event)
    assert (event["deadline"], event["note"]) == (stored["kwargs"]["deadline"], stored["kwargs"]["note"])
