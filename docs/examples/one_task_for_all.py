"""One task takes all targets of a run home, instead of several tasks for each file and language."""

from airflow.sdk import DAG

from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.operators.tms.run_report import PhraseTmsRunReportOperator
from phrase_provider.operators.tms.translate import PhraseTmsTranslateOperator

with DAG(
    "one_task_for_all",
    schedule=None,
    params={"source": "/data/docs/**/*.md", "target_folder": "/data/translated", "batch_id": "docs-2026-11"},
):
    manifest = "{{ params.target_folder }}/delivered.jsonl"
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
        retries=3,
        max_active_tis_per_dag=1,
    )
    assigned = PhraseTmsAssignProvidersOperator(task_id="assign_providers", job_uids=jobs.output)
    translate = PhraseTmsTranslateOperator(task_id="translate", jobs=jobs.output, manifest=manifest)
    report = PhraseTmsRunReportOperator(
        task_id="report", jobs=jobs.output, manifest=manifest, trigger_rule="all_done"
    )
    plan >> project
    assigned >> translate >> report
