"""
### Source files to delivered translations, over Phrase TMS

Trigger it with the form. It plans the run (files, languages, words, targets), creates one project
for the batch, uploads each file once, assigns the template's providers to the jobs, and then takes
each file and language its own way: wait for the import, wait for the translators, export, write the
target file, set the job `DELIVERED`. A late language holds no other back.

Each target has tasks of its own, so that people can watch it: up to Airflow's limit of 1,024 mapped
tasks. For more, and for content that changes from night to night, there is `phrase_tms_continuous`,
which needs eight tasks for any number of targets.

Running it again with the same batch id finds the same project and jobs: nothing is uploaded or
charged twice. The connection is of type *Phrase*; the defaults in `phrase_default`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.providers.common.compat.sdk import AirflowSkipException
from airflow.sdk import DAG, Param, task, task_group

from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.delivery_report import PhraseTmsDeliveryReportOperator
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.retry_policy import PhraseRetryPolicy
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor, PhraseTmsJobStatusSensor

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import Context

PARAMS = {
    "source": Param(
        "",
        type="string",
        minLength=1,
        title="Source files",
        description="Path, URL or glob that the workers can read, such as /data/docs/**/*.md or "
        "s3://my_aws@bucket/in/**/*.json.",
    ),
    "base": Param(
        None,
        type=["null", "string"],
        title="Base folder",
        description_md="Folder from which the files' folders are counted, the same in each run of a batch: a "
        "file is known by its path below it. Empty: the folder before the first wildcard.",
    ),
    "exclude": Param(
        None,
        type=["null", "array"],
        items={"type": "string"},
        title="Files to leave out",
        description_md="One glob a line, such as `*.tmp`, `drafts` or `legal/**/*.md`.",
    ),
    "skip_empty": Param(
        False,
        type="boolean",
        title="Leave out empty files",
        description_md="Otherwise one empty file stops the run before the first upload.",
    ),
    "template": Param(
        "",
        type="string",
        minLength=1,
        title="Project template",
        description_md="Exact name, uid or numeric id of a project template in Phrase.",
    ),
    "source_lang": Param(
        None,
        type=["null", "string"],
        title="Source language",
        description_md="Such as `en`. Empty: the template's.",
    ),
    "target_langs": Param(
        [],
        type="array",
        items={"type": "string"},
        minItems=1,
        title="Target languages",
        description_md="One a line, such as `de` or `pt-BR`. A new project gets these, whatever its template "
        "has; one that is there must have them.",
    ),
    "batch_id": Param(
        "",
        type="string",
        minLength=1,
        maxLength=200,
        title="Batch id",
        description_md="Your name for this content, such as `website-2026-11`. A run with the same id finds "
        "the same project and uploads nothing twice; new content wants a new id.",
    ),
    "due": Param(
        None,
        type=["null", "string"],
        format="date-time",
        # Airflow does not check the format by itself.
        pattern=r"^\d{4}-\d\d-\d\d",
        title="Due date",
        description_md="Of the project and its jobs. Waits end 14 days after it.",
    ),
    "pre_translate": Param(
        False,
        type="boolean",
        title="Pre-translate",
        description_md="After the import, with the project's settings.",
    ),
    "on_change": Param(
        "fail",
        enum=["fail", "update", "new_job"],
        title="Changed files",
        description_md="What is done about a file of this batch that has changed: the run stops; its jobs "
        "get the new source (Airflow 3.3 and newer); or it gets new jobs, whose words are charged.",
    ),
    "assign_providers": Param(
        True,
        type="boolean",
        title="Assign the template's providers",
        description_md="A job to which nobody is assigned stands still. Switch it off if people, or rules in "
        "Phrase, assign the jobs.",
    ),
    "target_folder": Param(
        "",
        type="string",
        minLength=1,
        title="Target folder",
        description_md="Folder or URL that the workers can write.",
    ),
    "target_naming": Param(
        "{lang}/{relative_path}",
        type="string",
        title="Target naming",
        description="Path below the target folder, with {lang}, {relative_path}, {folder}, {name}, {stem} "
        "and {suffix}.",
    ),
    "language_format": Param(
        "bcp47",
        enum=["bcp47", "posix", "android", "apple", "java"],
        title="Language format",
        description_md="How `{lang}` is written: pt-BR, pt_BR, pt-rBR, …",
    ),
    "max_words": Param(
        100_000,
        type="integer",
        minimum=1,
        title="Word limit",
        description_md="Estimated words times languages beyond which the run stops before the first upload.",
    ),
    "max_files": Param(
        200, type="integer", minimum=1, title="File limit", description_md="The same, for files."
    ),
    "propagate_status": Param(
        False,
        type="boolean",
        title="Tell the neighbouring workflow steps",
        description_md="When a job is set `DELIVERED`, Phrase moves the steps beside it too, and mails their "
        "providers (`propagateStatus`).",
    ),
    "plan_only": Param(
        False,
        type="boolean",
        title="Plan only",
        description_md="Show the plan in the log of task `plan`, and send nothing.",
    ),
    "phrase_conn_id": Param("phrase_default", type="string", minLength=1, title="Connection"),
}

#: Names a mapped task in the UI.
OF_TARGET = (
    "{% set target = ti.xcom_pull('targets')[ti.map_index] %}"
    "{{ target.relative_path }} ({{ target.target_lang }})"
)


def skip_unless_assigning(context: Context) -> None:
    """Skip the task if people assign the jobs."""
    if not context["params"]["assign_providers"]:
        raise AirflowSkipException("The jobs are not assigned here, as the form says.")


with DAG(
    dag_id="phrase_tms_import_to_delivered",
    schedule=None,
    catchup=False,
    # Batches wait for people, for weeks perhaps, and hold no other back.
    max_active_runs=100,
    tags=["phrase", "localization"],
    params=PARAMS,
    doc_md=__doc__,
    default_args={
        "retries": 4,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=30),
        "retry_policy": PhraseRetryPolicy(),
        "phrase_conn_id": "{{ params.phrase_conn_id }}",
    },
) as dag:
    plan = PhrasePlanOperator(
        task_id="plan",
        source="{{ params.source }}",
        target_langs="{{ params.target_langs | join(',') }}",
        target_folder="{{ params.target_folder }}",
        base="{{ params.base or '' }}",
        exclude="{{ (params.exclude or []) | join('\\n') }}",
        skip_empty="{{ params.skip_empty }}",
        target_naming="{{ params.target_naming }}",
        language_format="{{ params.language_format }}",
        max_files="{{ params.max_files }}",
        max_words="{{ params.max_words }}",
        retries=0,
    )

    @task.short_circuit
    def shall_run(params: dict[str, Any]) -> bool:
        """End here, green, when only the plan is wanted."""
        return not params["plan_only"]

    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="create_project",
        template="{{ params.template }}",
        batch_id="{{ params.batch_id }}",
        base="{{ ti.xcom_pull('plan')[0]['base'] }}",
        source_lang="{{ params.source_lang or '' }}",
        target_langs="{{ params.target_langs | join(',') }}",
        due="{{ params.due or '' }}",
    )

    jobs = PhraseTmsCreateJobsOperator(
        task_id="create_jobs",
        project_uid="{{ ti.xcom_pull('create_project')['project_uid'] }}",
        source=plan.output,
        target_langs="{{ params.target_langs | join(',') }}",
        due="{{ params.due or '' }}",
        pre_translate="{{ params.pre_translate }}",
        on_change="{{ params.on_change }}",
        # Two runs of one batch that upload at the same moment could both be charged.
        max_active_tis_per_dag=1,
    )

    @task(trigger_rule="all_done")
    def targets(created: Sequence[dict[str, Any]] | None) -> list[dict[str, Any]]:
        """List the files and languages; a file that could not be uploaded holds the others back no longer."""
        return list(created or [])

    all_targets = targets(jobs.output)

    # Beside the files, since it waits for their imports; before them where there are few slots.
    PhraseTmsAssignProvidersOperator(
        task_id="assign_providers",
        job_uids=all_targets,
        pre_execute=skip_unless_assigning,
        deferrable=True,
        priority_weight=100,
    )

    @task_group(default_args={"deferrable": True, "map_index_template": OF_TARGET})
    def deliver(
        project_uid: str, job_uid: str, target_lang: str, source: str, relative_path: str, target_path: str
    ) -> Any:
        """Take one file in one language from import to `DELIVERED`."""
        imported = PhraseTmsJobsImportedSensor(task_id="imported", project_uid=project_uid, job_uids=job_uid)
        translated = PhraseTmsJobStatusSensor(task_id="translated", project_uid=project_uid, job_uids=job_uid)
        exported = PhraseTmsExportTargetFileOperator(
            task_id="exported", project_uid=project_uid, job_uid=job_uid, target_path=target_path
        )
        delivered = PhraseTmsSetJobStatusOperator(
            task_id="delivered",
            project_uid=project_uid,
            job_uids=job_uid,
            status="DELIVERED",
            propagate_status="{{ params.propagate_status }}",
        )
        imported >> translated >> exported >> delivered
        return delivered.output

    deliveries = deliver.expand_kwargs(all_targets)

    delivery_report = PhraseTmsDeliveryReportOperator(
        task_id="delivery_report",
        plan=plan.output,
        jobs=jobs.output,
        deliveries=deliveries,
        project_uid=project.output["project_uid"],
        target_langs="{{ params.target_langs | join(',') }}",
        trigger_rule="all_done",
        retries=0,
    )

    plan >> shall_run() >> project >> jobs
    deliveries >> delivery_report
