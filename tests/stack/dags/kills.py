"""From a source file to `DELIVERED`, each task holding still where its process is to be killed."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from airflow.sdk import DAG

from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor


def before(context: Any) -> None:
    """Tell the process's id when the task begins; hold the first try there if its run says so."""
    _tell(context, "before")


def after(context: Any, result: Any = None) -> None:
    """The same when the task's work is done and its result is not stored yet."""
    _tell(context, "after")


def _tell(context: Any, point: str) -> None:
    ti, conf = context["ti"], context["dag_run"].conf
    told = Path(conf["folder"]) / f"{ti.task_id}.{ti.map_index}.{point}.{ti.try_number}"
    # Renamed into place, so that whoever sees it can read it.
    written = told.with_suffix(".writing")
    written.write_text(f"{os.getpid()} {os.getppid()}")
    written.rename(told)
    if conf.get("hold") == point and ti.try_number == 1:
        time.sleep(300)


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
