"""Waits that a person ends, or that Airflow interrupts."""

from __future__ import annotations

from typing import Any

from airflow.sdk import DAG

from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor

CONNECTION = "{{ dag_run.conf['connection'] }}"
SHARED: dict[str, Any] = {
    "phrase_conn_id": CONNECTION,
    "project_uid": "{{ ti.xcom_pull('project')['project_uid'] }}",
}
WAITS: dict[str, dict[str, Any]] = {
    "failed": {"deferrable": True, "cancel_on_kill": True},
    "failed_on_worker": {"deferrable": False, "cancel_on_kill": True},
    "failed_by_default": {"deferrable": True},
    "cleared": {"deferrable": True, "cancel_on_kill": True},
}

with DAG("ended", schedule=None) as ended:
    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="project",
        phrase_conn_id=CONNECTION,
        template="Translation",
        batch_id="{{ run_id }}",
        target_langs="de",
    )
    for number, (name, arguments) in enumerate(WAITS.items()):
        job = PhraseTmsCreateJobsOperator(
            task_id=f"job_{name}", source=f"{{{{ dag_run.conf['files'][{number}] }}}}", **SHARED
        )
        imported = PhraseTmsJobsImportedSensor(task_id=f"imported_{name}", job_uids=job.output, **SHARED)
        wait = PhraseTmsJobStatusSensor(task_id=name, job_uids=job.output, **arguments, **SHARED)
        project >> job >> imported >> wait
