"""Add a language to all files of a project that is in Phrase already, and wait for the imports."""

from airflow.sdk import DAG

from phrase_provider.operators.tms.languages import PhraseTmsAddLanguagesOperator
from phrase_provider.sensors.tms.jobs import PhraseTmsJobsImportedSensor

with DAG(
    "add_language",
    schedule=None,
    default_args={"retries": 3},
    params={"project_uid": "AbCdEfGhIjKl", "target_langs": ["sv"], "job_list": "/data/phrase/swedish.jsonl"},
):
    added = PhraseTmsAddLanguagesOperator(
        task_id="add_languages",
        project_uid="{{ params.project_uid }}",
        target_langs="{{ params.target_langs | join(',') }}",
        job_list="{{ params.job_list }}",
    )
    imported = PhraseTmsJobsImportedSensor(
        task_id="imported",
        project_uid="{{ params.project_uid }}",
        job_uids="{{ params.job_list }}",
    )
    added >> imported
