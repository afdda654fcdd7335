"""From a source file to `DELIVERED`, each task holding still where its process is to be killed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG
from told import after, before

from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor

DEFAULT_ARGS = {
    "retries": 5,
    "retry_delay": timedelta(seconds=1),
    "phrase_conn_id": "{{ dag_run.conf['connection'] }}",
    "pre_execute": before,
    "post_execute": after,
}
PROJECT = "{{ ti.xcom_pull('project')['project_uid'] }}"
JOB = "{{ ti.xcom_pull('jobs')[0]['job_uid'] }}"


def build(dag_id: str, *, deferrable: bool) -> DAG:
    """Make the DAG, for one kind of waiting."""
    with DAG(dag_id, schedule=None, default_args=DEFAULT_ARGS) as dag:
        plan = PhrasePlanOperator(
            task_id="plan",
            source="{{ dag_run.conf['source'] }}",
            target_langs="de",
            target_folder="{{ dag_run.conf['target_folder'] }}",
            max_words=10_000_000,
        )
        project = PhraseTmsCreateProjectFromTemplateOperator(
            task_id="project", template="Translation", batch_id="{{ run_id }}", target_langs="de"
        )
        jobs = PhraseTmsCreateJobsOperator(
            task_id="jobs", project_uid=PROJECT, source="{{ dag_run.conf['source'] }}"
        )
        waiting: dict[str, Any] = {"project_uid": PROJECT, "job_uids": JOB, "deferrable": deferrable}
        imported = PhraseTmsJobsImportedSensor(task_id="imported", **waiting)
        translated = PhraseTmsJobStatusSensor(task_id="translated", **waiting)
        exported = PhraseTmsExportTargetFileOperator(
            task_id="exported",
            project_uid=PROJECT,
            job_uid=JOB,
            target_path="{{ dag_run.conf['target_folder'] }}/target.md",
            deferrable=deferrable,
        )
        delivered = PhraseTmsSetJobStatusOperator(
            task_id="delivered", project_uid=PROJECT, job_uids=JOB, status="DELIVERED", notify_owner=True
        )
        plan >> project >> jobs >> imported >> translated >> exported >> delivered
    return dag


kills_waiting = build("kills_waiting", deferrable=False)
kills_deferring = build("kills_deferring", deferrable=True)
