"""Add a language to all files of a project that is in Phrase already, and give somebody the work."""

from airflow.sdk import DAG

from phrase_provider.operators.tms.languages import PhraseTmsAddLanguagesOperator
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator

with DAG(
    "add_language",
    schedule=None,
    default_args={"retries": 3},
    params={"project_uid": "AbCdEfGhIjKl", "target_langs": ["fr"], "job_list": "/data/phrase/french.jsonl"},
):
    added = PhraseTmsAddLanguagesOperator(
        task_id="add_languages",
        project_uid="{{ params.project_uid }}",
        target_langs="{{ params.target_langs | join(',') }}",
        job_list="{{ params.job_list }}",
    )
    assigned = PhraseTmsAssignProvidersOperator(
        task_id="assign",
        project_uid="{{ params.project_uid }}",
        job_uids="{{ params.job_list }}",
        deferrable=True,
    )
    added >> assigned
