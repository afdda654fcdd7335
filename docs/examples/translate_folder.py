"""A DAG of your own over many files: plan, project, jobs, and then each file and language by itself."""

from airflow.sdk import DAG, task_group

from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor

with DAG(
    "translate_folder",
    schedule=None,
    default_args={"retries": 3},
    params={"source": "/data/docs/**/*.md", "target_folder": "/data/translated", "batch_id": "docs-2026-11"},
):
    plan = PhrasePlanOperator(
        task_id="plan",
        source="{{ params.source }}",
        target_langs=["de", "pt-BR"],
        target_folder="{{ params.target_folder }}",
        max_words=20_000,
    )
    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="create_project",
        template="Translation",
        batch_id="{{ params.batch_id }}",
        target_langs=["de", "pt-BR"],
        base="{{ ti.xcom_pull('plan')[0]['base'] }}",
    )
    jobs = PhraseTmsCreateJobsOperator(
        task_id="create_jobs",
        project_uid=project.output["project_uid"],
        source=plan.output,
        max_active_tis_per_dag=1,
    )
    assigned = PhraseTmsAssignProvidersOperator(task_id="assign_providers", job_uids=jobs.output)

    @task_group(default_args={"deferrable": True})
    def deliver(
        project_uid: str, job_uid: str, target_lang: str, source: str, relative_path: str, target_path: str
    ) -> None:
        """Take one file in one language to `DELIVERED`; the arguments are a row of `create_jobs`."""
        translated = PhraseTmsJobStatusSensor(task_id="translated", project_uid=project_uid, job_uids=job_uid)
        exported = PhraseTmsExportTargetFileOperator(
            task_id="exported", project_uid=project_uid, job_uid=job_uid, target_path=target_path
        )
        delivered = PhraseTmsSetJobStatusOperator(
            task_id="delivered", project_uid=project_uid, job_uids=job_uid, status="DELIVERED"
        )
        translated >> exported >> delivered

    plan >> project
    assigned >> deliver.expand_kwargs(jobs.output)
