"""
### Content that never stops, over Phrase TMS

Keeps a folder of source files translated. Each run compares the files with the manifest beside the targets,
and brings to Phrase what is new or has changed. Then one task takes home what is translated, each file in
each language as soon as it is ready. A run without a change sends nothing but a few questions, and the newest
run takes over what older ones still wait for.

**By hand**: trigger it with the form. **Every night**: put your values into the Airflow variable
`phrase_tms_continuous` as a JSON object, with the names of the form's fields, and unpause the DAG. A run
takes what its form was given; a field that is empty there, or a run without a form, takes the variable's
value, and else the default. For a second folder, copy the file with another `DAG_ID`: its variable has that
name.

For a batch that people watch file by file, up to about a thousand targets, there is
`phrase_tms_import_to_delivered`.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from airflow.sdk import DAG, Param, task

from phrase_provider.operators.tms.changes import PhraseTmsPlanChangesOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.operators.tms.run_report import PhraseTmsRunReportOperator
from phrase_provider.operators.tms.sync_sources import PhraseTmsSyncSourcesOperator
from phrase_provider.operators.tms.translate import PhraseTmsTranslateOperator
from phrase_provider.retry_policy import PhraseRetryPolicy
from phrase_provider.run_settings import required_setting, setting

#: Also the name of the variable that has the values of scheduled runs.
DAG_ID = "phrase_tms_continuous"
#: The DAG is paused until somebody unpauses it.
SCHEDULE = "@daily"

TEXT = ["null", "string"]
LIST = ["null", "array"]

PARAMS = {
    "source": Param(
        None,
        type=TEXT,
        title="Source files",
        description="Path, URL or glob that the workers can read, such as /data/docs/**/*.md or "
        "s3://my_aws@bucket/in/**/*.json.",
    ),
    "base": Param(
        None,
        type=TEXT,
        title="Base folder",
        description_md="Folder from which the files' folders are counted, always the same: a file is known "
        "by its path below it. Empty: the folder before the first wildcard.",
    ),
    "exclude": Param(
        None,
        type=LIST,
        items={"type": "string"},
        title="Files to leave out",
        description_md="One glob a line, such as `*.tmp`, `drafts` or `legal/**/*.md`.",
    ),
    "skip_empty": Param(
        True,
        type="boolean",
        title="Leave out empty files",
        description_md="Otherwise one empty file stops the run before anything is sent.",
    ),
    "target_langs": Param(
        None,
        type=LIST,
        items={"type": "string"},
        title="Target languages",
        description_md="One a line, such as `de` or `pt-BR`. A language that is added later is added to all "
        "files that are in Phrase, without an upload.",
    ),
    "source_lang": Param(
        None,
        type=TEXT,
        title="Source language",
        description_md="Such as `en`. Empty: the template's.",
    ),
    "template": Param(
        None,
        type=TEXT,
        title="Project template",
        description_md="Exact name, uid or numeric id of a project template in Phrase.",
    ),
    "batch_id": Param(
        None,
        type=TEXT,
        maxLength=190,
        title="Batch id",
        description_md="Your name for this content, such as `website`: always the same. Projects are found "
        "and named by it.",
    ),
    "rotation": Param(
        "monthly",
        type="string",
        pattern=r"^(never|monthly|[1-9]\d*)$",
        examples=["never", "monthly", "5000"],
        title="New project",
        description_md="When new files get a new project: `monthly`, `never`, or after a number of jobs "
        "(files times languages). A file that changes is updated where its jobs are.",
    ),
    "target_folder": Param(
        None,
        type=TEXT,
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
    "manifest": Param(
        None,
        type=TEXT,
        title="Manifest",
        description_md="File or URL of the index of what is translated from which source. Empty: "
        "`phrase-manifest.jsonl` in the target folder.",
    ),
    "on_change": Param(
        "update",
        enum=["update", "new_job", "fail"],
        title="Changed files",
        description_md="`update` their jobs in Phrase, give each a `new_job` in the place of the old one, or "
        "`fail`.",
    ),
    "quiet_minutes": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        title="Quiet period",
        description_md="Minutes for which nobody must have translated in a file before it is updated. Empty: "
        "it is updated at once.",
    ),
    "quiet_at_most": Param(
        1440,
        type="integer",
        minimum=1,
        title="Longest wait for a quiet period",
        description_md="Minutes after which a file is updated all the same.",
    ),
    "on_delete": Param(
        "report",
        enum=["report", "cancel", "remove"],
        title="Deleted files",
        description_md="`report` them, `cancel` their open jobs in Phrase, or `remove` their targets, too.",
    ),
    "max_deleted_percent": Param(
        20,
        type="integer",
        minimum=0,
        maximum=100,
        title="Limit of deleted files",
        description_md="Percent of the known files that may be gone; with more the run stops, as the folder "
        "may just not be there. Ten always may.",
    ),
    "max_files": Param(
        10_000,
        type="integer",
        minimum=1,
        title="File limit",
        description_md="Files that are new or changed beyond which the run stops before anything is sent.",
    ),
    "max_words": Param(
        1_000_000,
        type="integer",
        minimum=1,
        title="Word limit",
        description_md="The same, for their estimated words times languages.",
    ),
    "due_days": Param(
        None,
        type=["null", "integer"],
        minimum=1,
        title="Days to the due date",
        description_md="New jobs are due so many days after the run. Empty: no due date.",
    ),
    "pre_translate": Param(
        False,
        type="boolean",
        title="Pre-translate",
        description_md="New and changed content, with the project's settings.",
    ),
    "assign": Param(
        True,
        type="boolean",
        title="Assign the template's providers",
        description_md="Work that nobody is assigned to stands still. Switch it off if somebody assigns it "
        "in Phrase.",
    ),
    "propagate_status": Param(
        False,
        type="boolean",
        title="Tell the neighbouring workflow steps",
        description_md="When a job is set `DELIVERED`, Phrase moves the steps beside it too, and mails their "
        "providers (`propagateStatus`); one request more for each target.",
    ),
    "phrase_conn_id": Param("phrase_default", type="string", minLength=1, title="Connection"),
}


#: Texts for operators that take several values at once.
LANGUAGES = "{{ required('target_langs') | join(',') }}"
EXCLUDE = "{{ setting('exclude') | join('\\n') }}"

with DAG(
    dag_id=DAG_ID,
    schedule=SCHEDULE,
    start_date=datetime(2026, 1, 1),
    catchup=False,
    is_paused_upon_creation=True,
    # Runs wait for people; newer ones take over what older ones wait for.
    max_active_runs=30,
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
    changes = PhraseTmsPlanChangesOperator(
        task_id="changes",
        source="{{ required('source') }}",
        target_langs=LANGUAGES,
        target_folder="{{ required('target_folder') }}",
        batch_id="{{ required('batch_id') }}",
        manifest="{{ setting('manifest') }}",
        rotation="{{ setting('rotation') }}",
        target_naming="{{ setting('target_naming') }}",
        language_format="{{ setting('language_format') }}",
        base="{{ setting('base') }}",
        exclude=EXCLUDE,
        skip_empty="{{ setting('skip_empty') }}",
        on_delete="{{ setting('on_delete') }}",
        max_deleted_percent="{{ setting('max_deleted_percent') }}",
        max_files="{{ setting('max_files') }}",
        max_words="{{ setting('max_words') }}",
    )

    @task.branch
    def what_to_do(found: dict[str, Any]) -> str:
        """Go on with what has changed; a run without a change only reports."""
        if not found["todo"]:
            return "report"
        needs_project = found["new"] or found["changed"] or found["languages"]
        return "create_project" if needs_project else "sync"

    project = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="create_project",
        template="{{ required('template') }}",
        batch_id="{{ ti.xcom_pull('changes')['batch_id'] }}",
        base="{{ ti.xcom_pull('changes')['base'] }}",
        source_lang="{{ setting('source_lang') }}",
        target_langs=LANGUAGES,
        add_languages=True,
    )

    sync = PhraseTmsSyncSourcesOperator(
        task_id="sync",
        changes="{{ ti.xcom_pull('changes')['changes'] }}",
        jobs="{{ ti.xcom_pull('changes')['jobs'] }}",
        manifest="{{ ti.xcom_pull('changes')['manifest'] }}",
        project_uid="{{ (ti.xcom_pull('create_project') or {}).get('project_uid', '') }}",
        on_change="{{ setting('on_change') }}",
        quiet_minutes="{{ setting('quiet_minutes') }}",
        quiet_at_most="{{ setting('quiet_at_most') }}",
        on_delete="{{ setting('on_delete') }}",
        due="{{ (dag_run.run_after + macros.timedelta(days=setting('due_days') | int)).isoformat() "
        "if setting('due_days') else '' }}",
        pre_translate="{{ setting('pre_translate') }}",
        trigger_rule="none_failed_min_one_success",
        # Two runs that upload at the same moment could both be charged.
        max_active_tis_per_dag=1,
    )

    @task.branch
    def what_to_take_home(done: dict[str, Any], assign: str) -> str:
        """Assign what is in Phrase now, and take it home; where it was all deleted, only report."""
        if not any(done[outcome] for outcome in ("created", "updated", "cloned", "adopted")):
            return "report"
        return "assign" if assign.lower() == "true" else "translate"

    assign = PhraseTmsAssignProvidersOperator(
        task_id="assign",
        job_uids="{{ ti.xcom_pull('sync')['jobs'] }}",
        deferrable=True,
        # What cannot be assigned holds back nothing that can be translated.
        timeout=timedelta(hours=1),
        retries=2,
    )

    translate = PhraseTmsTranslateOperator(
        task_id="translate",
        jobs="{{ ti.xcom_pull('sync')['jobs'] }}",
        manifest="{{ ti.xcom_pull('changes')['manifest'] }}",
        propagate_status="{{ setting('propagate_status') }}",
        deferrable=True,
        # A task that waits is now and then failed by Airflow itself.
        retries=10,
        trigger_rule="all_done_min_one_success",
    )

    report = PhraseTmsRunReportOperator(
        task_id="report", changes=changes.output, trigger_rule="all_done", retries=0
    )

    chosen = what_to_do(changes.output)
    chosen >> [project, sync, report]
    project >> sync
    taken = what_to_take_home(sync.output, "{{ setting('assign') }}")
    taken >> [assign, translate, report]
    assign >> translate >> report
