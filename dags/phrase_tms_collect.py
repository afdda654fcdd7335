"""
### Complete translations of projects that people made, to files

People create projects in Phrase and work in them as they are used to. This DAG finds these projects, by
client, domain, name, status, age or template, and takes home what is complete: it exports each `COMPLETED`
job of the last workflow step, writes the target file, and sets the job `DELIVERED`. Nothing has to be marked,
and what is not complete yet is taken by a later run.

Target files are named from the project, and from folder, name and language in Phrase. Two jobs that would be
one file are left, and the report fails and names them. Projects of this provider's own batches are left to
their DAGs.

**By hand**: trigger it with the form. **Every hour**: put your values into the Airflow variable
`phrase_tms_collect` as a JSON object, with the names of the form's fields, and unpause the DAG. A run takes
what its form was given; a field that is empty there, or a run without a form, takes the variable's value, and
else the default. For other projects and another folder, copy the file with another `DAG_ID`: its variable has
that name.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import DAG, Param, task

from phrase_provider.operators.tms.collect_jobs import PhraseTmsCollectJobsOperator
from phrase_provider.operators.tms.run_report import PhraseTmsRunReportOperator
from phrase_provider.operators.tms.translate import PhraseTmsTranslateOperator
from phrase_provider.retry_policy import PhraseRetryPolicy
from phrase_provider.run_settings import required_setting, setting

#: Also the name of the variable that has the values of scheduled runs.
DAG_ID = "phrase_tms_collect"
#: The DAG is paused until somebody unpauses it.
SCHEDULE = "@hourly"

PARAMS = {
    "name": Param(
        None,
        type=["null", "string"],
        title="Project name",
        description_md="Part of the name. At least one of name, client, domain, template and age is needed; "
        "all that are given have to be met.",
    ),
    "client_name": Param(
        None,
        type=["null", "string"],
        title="Client",
        description_md="Exact name, or numeric id.",
    ),
    "domain_name": Param(
        None,
        type=["null", "string"],
        title="Domain",
        description_md="Exact name, or numeric id.",
    ),
    "template": Param(
        None,
        type=["null", "string"],
        title="Project template",
        description_md="Exact name, uid or numeric id of the template that the projects were made from. Each "
        "project that the other fields find is read for it.",
    ),
    "created_within_hours": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        title="Age",
        description_md="Only projects that were created within so many hours, such as 720 for 30 days.",
    ),
    "statuses": Param(
        None,
        type=["null", "array"],
        items={
            "type": "string",
            "enum": [
                "NEW",
                "ASSIGNED",
                "COMPLETED",
                "CANCELLED",
                "ACCEPTED_BY_VENDOR",
                "DECLINED_BY_VENDOR",
                "COMPLETED_BY_VENDOR",
            ],
        },
        examples=["NEW", "ASSIGNED", "COMPLETED", "ACCEPTED_BY_VENDOR", "COMPLETED_BY_VENDOR"],
        title="Project status",
        description_md="Only projects in one of these. Empty: in any. The jobs have to be complete anyway.",
    ),
    "target_folder": Param(
        None,
        type=["null", "string"],
        title="Target folder",
        description_md="Folder or URL that the workers can write. The manifest lies in it.",
    ),
    "target_naming": Param(
        "{project}/{lang}/{relative_path}",
        type="string",
        title="Target naming",
        description="Path below the target folder, with {project}, {project_uid}, {lang}, {relative_path}, "
        "{folder}, {name}, {stem} and {suffix}.",
    ),
    "language_format": Param(
        "bcp47",
        enum=["bcp47", "posix", "android", "apple", "java"],
        title="Language format",
        description_md="How `{lang}` is written: pt-BR, pt_BR, pt-rBR, …",
    ),
    "overwrite": Param(
        False,
        type="boolean",
        title="Replace files of other projects",
        description_md="Otherwise a job whose target file came from another project is left, and named.",
    ),
    "max_projects": Param(
        200,
        type="integer",
        minimum=1,
        title="Project limit",
        description_md="Projects that may be found; with more the run stops before it exports anything.",
    ),
    "propagate_status": Param(
        False,
        type="boolean",
        title="Tell the neighbouring workflow steps",
        description_md="When a job is set `DELIVERED`, Phrase moves the steps beside it too, and mails their "
        "providers (`propagateStatus`).",
    ),
    "list_only": Param(
        False,
        type="boolean",
        title="List only",
        description_md="Write the list of complete jobs, and export nothing.",
    ),
    "phrase_conn_id": Param("phrase_default", type="string", minLength=1, title="Connection"),
}

with DAG(
    dag_id=DAG_ID,
    schedule=SCHEDULE,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    is_paused_upon_creation=True,
    # Two runs would export the same jobs.
    max_active_runs=1,
    tags=["phrase", "localization"],
    params=PARAMS,
    user_defined_macros={"setting": setting, "required": required_setting},
    doc_md=__doc__,
    default_args={
        "retries": 4,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=30),
        "retry_policy": PhraseRetryPolicy(),
        "phrase_conn_id": "{{ setting('phrase_conn_id') }}",
    },
) as dag:
    collect = PhraseTmsCollectJobsOperator(
        task_id="collect",
        name="{{ setting('name') }}",
        client_name="{{ setting('client_name') }}",
        domain_name="{{ setting('domain_name') }}",
        template="{{ setting('template') }}",
        created_within_hours="{{ setting('created_within_hours') }}",
        statuses="{{ setting('statuses') | join(',') }}",
        target_folder="{{ required('target_folder') }}",
        target_naming="{{ setting('target_naming') }}",
        language_format="{{ setting('language_format') }}",
        overwrite="{{ setting('overwrite') }}",
        max_projects="{{ setting('max_projects') }}",
    )

    @task.short_circuit
    def shall_go_on(collected: dict[str, Any], list_only: str) -> bool:
        """End here, green, when nothing is complete or only the list is wanted."""
        return bool(collected["todo"]) and list_only.lower() != "true"

    translate = PhraseTmsTranslateOperator(
        task_id="translate",
        jobs="{{ ti.xcom_pull('collect')['jobs'] }}",
        manifest="{{ ti.xcom_pull('collect')['manifest'] }}",
        propagate_status="{{ setting('propagate_status') }}",
        deferrable=True,
        # Airflow fails a task that was deferred now and then.
        retries=10,
        # What somebody has sent back since is no longer complete: a later run takes it.
        timeout=timedelta(hours=1),
    )

    report = PhraseTmsRunReportOperator(
        task_id="report",
        jobs="{{ ti.xcom_pull('collect')['jobs'] }}",
        manifest="{{ ti.xcom_pull('collect')['manifest'] }}",
        trigger_rule="all_done",
        retries=0,
    )

    shall_go_on(collect.output, "{{ setting('list_only') }}") >> translate >> report
