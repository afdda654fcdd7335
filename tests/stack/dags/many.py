"""Many files at once: waits and deliveries are mapped, and uploads in one of the two DAGs."""

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


def build(dag_id: str, *, mapped: bool) -> DAG:
    """Make the DAG, with one task for all uploads or one for each."""
    with DAG(
        dag_id,
        schedule=None,
        default_args={"retries": 10, "retry_delay": timedelta(seconds=5), "pre_execute": before},
    ) as dag:
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

        if mapped:
            jobs = PhraseTmsCreateJobsOperator.partial(task_id="jobs", **SHARED).expand(source=files())
        else:
            jobs = PhraseTmsCreateJobsOperator(
                task_id="jobs", source=files(), max_active_tis_per_dag=1, **SHARED
            )

        @task
        def uids(created: Any) -> list[str]:
            """List the jobs of all files."""
            rows = [job for of_file in created for job in of_file] if mapped else created
            return [job["job_uid"] for job in rows]

        each = uids(jobs.output)
        imported = PhraseTmsJobsImportedSensor.partial(task_id="imported", deferrable=True, **SHARED)
        translated = PhraseTmsJobStatusSensor.partial(task_id="translated", deferrable=True, **SHARED)
        delivered = PhraseTmsSetJobStatusOperator.partial(task_id="delivered", notify_owner=True, **SHARED)
        project >> jobs
        imported.expand(job_uids=each) >> translated.expand(job_uids=each) >> delivered.expand(job_uids=each)
    return dag


many = build("many", mapped=False)
many_mapped = build("many_mapped", mapped=True)
