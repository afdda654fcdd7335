"""Fail as soon as a job is declined or sent back, instead of waiting for it."""

from airflow.sdk import DAG

from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor

with DAG("fail_on_rework", schedule=None, params={"project_uid": "AbCdEfGhIjKl", "job_uid": "MnOpQrStUvWx"}):
    translated = PhraseTmsJobStatusSensor(
        task_id="translated",
        project_uid="{{ params.project_uid }}",
        job_uids="{{ params.job_uid }}",
        deferrable=True,
        fail_on_rework=True,
    )
