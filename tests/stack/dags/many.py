"""Many files at once: uploads, waits and deliveries are mapped."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, task
from told import before

from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor

PROJECT = "{{ ti.xcom_pull('project')['project_uid'] }}"
SHARED: dict[str, Any] = {"phrase_conn_id": "{{ dag_run.conf['connection'] }}", "project_uid": PROJECT}

with DAG(
    "many",
    schedule=None,
    default_args={"retries": 10, "retry_delay": timedelta(seconds=5), "pre_execute": before},
) as many:
    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="project",
        phrase_conn_id="{{ dag_run.conf['connection'] }}",
        template="Translation",
        batch_id="{{ run_id }}",
        target_langs="de",
    )

    @task
    def files(dag_run: Any = None) -> list[str]:
        """List the files of the run."""
        return dag_run.conf["files"]

    jobs = PhraseTmsCreateJobsOperator.partial(task_id="jobs", **SHARED).expand(source=files())

    @task
    def uids(created: Any) -> list[str]:
        """List the jobs of all files."""
        return [job["job_uid"] for of_file in created for job in of_file]

    each = uids(jobs.output)
    imported = PhraseTmsJobsImportedSensor.partial(task_id="imported", deferrable=True, **SHARED)
    translated = PhraseTmsJobStatusSensor.partial(task_id="translated", deferrable=True, **SHARED)
    delivered = PhraseTmsSetJobStatusOperator.partial(task_id="delivered", notify_owner=True, **SHARED)
    project >> jobs
    imported.expand(job_uids=each) >> translated.expand(job_uids=each) >> delivered.expand(job_uids=each)
