"""Wait until people have completed all jobs of a project, without a worker slot."""

from datetime import timedelta

from airflow.sdk import DAG

from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor

with DAG("wait_for_project", schedule=None, params={"project_uid": "AbCdEfGhIjKl"}):
    all_completed = PhraseTmsJobStatusSensor(
        task_id="all_completed",
        project_uid="{{ params.project_uid }}",
        status="COMPLETED",
        deferrable=True,
        poke_interval=timedelta(minutes=15),
        timeout=timedelta(days=30),
        ignore_cancelled=True,
    )
