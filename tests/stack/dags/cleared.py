"""Creates that a person clears, every second try of which fails; and a task that no try can mend."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG

from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

CONNECTION = "{{ dag_run.conf['connection'] }}"


def fail_first(context: Any, result: Any = None) -> None:
    """Fail the first try, and the first one after each clearing, when its work is done."""
    if context["ti"].try_number % 2:
        raise RuntimeError("A try that fails")


with DAG(
    "cleared",
    schedule=None,
    default_args={"retries": 1, "retry_delay": timedelta(seconds=1), "post_execute": fail_first},
) as cleared:
    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="project",
        phrase_conn_id=CONNECTION,
        template="Translation",
        batch_id="{{ run_id }}",
        target_langs="de",
        on_clear="new",
    )
    jobs = PhraseTmsCreateJobsOperator(
        task_id="jobs",
        phrase_conn_id=CONNECTION,
        project_uid="{{ ti.xcom_pull('project')['project_uid'] }}",
        source="{{ dag_run.conf['source'] }}",
        on_clear="new",
    )
    project >> jobs

with DAG("hopeless", schedule=None, default_args={"retries": 3}) as hopeless:
    PhraseTmsCreateProjectFromTemplateOperator(
        task_id="project",
        phrase_conn_id=CONNECTION,
        template="No such template",
        batch_id="{{ run_id }}",
    )
