"""A file that has changed since the last run is translated again, in the job that it has."""

from airflow.sdk import DAG

from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

with DAG(
    "update_changed_files",
    schedule=None,
    params={"source": "/data/docs/**/*.md", "batch_id": "docs", "on_change": "update"},
):
    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="create_project",
        template="Translation",
        batch_id="{{ params.batch_id }}",
        target_langs=["de", "pt-BR"],
    )
    PhraseTmsCreateJobsOperator(
        task_id="create_jobs",
        project_uid=project.output["project_uid"],
        source="{{ params.source }}",
        on_change="{{ params.on_change }}",
        retries=3,
        max_active_tis_per_dag=1,
    )
