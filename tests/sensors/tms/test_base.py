from __future__ import annotations

import os

import pytest
from task_runs import MODES, run

from phrase_provider.exceptions import PhraseConnectionError
from phrase_provider.sensors.tms.async_requests import PhraseTmsAsyncRequestSensor
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor

pytestmark = pytest.mark.parametrize("mode", MODES)


def test_sensor_waits_over_its_own_connection(phrase, after_request, mode, monkeypatch):
    project_uid = phrase.project("de")
    jobs = {"project_uid": project_uid, "job_uids": phrase.upload(project_uid)}
    monkeypatch.setenv("AIRFLOW_CONN_SECOND", os.environ["AIRFLOW_CONN_PHRASE_DEFAULT"])
    monkeypatch.delenv("AIRFLOW_CONN_PHRASE_DEFAULT")
    after_request("/jobs/", phrase.import_files)
    told = run(PhraseTmsJobsImportedSensor, mode, phrase_conn_id="second", poke_interval=0.05, **jobs)
    assert told == jobs


def test_unknown_connection_fails_even_where_lost_waits_are_skipped(mode):
    with pytest.raises(PhraseConnectionError, match="no Airflow connection 'nowhere'"):
        run(PhraseTmsAsyncRequestSensor, mode, async_request_id="1", phrase_conn_id="nowhere", soft_fail=True)
