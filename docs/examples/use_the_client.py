"""Use the client in a task of your own, with this provider's retry policy."""

from airflow.sdk import DAG, task

from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.hooks.tms import PhraseTmsHook
from phrase_provider.retry_policy import PhraseRetryPolicy

with DAG(
    "use_the_client",
    schedule=None,
    params={"project_uid": "AbCdEfGhIjKl"},
    default_args={"retries": 4, "retry_policy": PhraseRetryPolicy()},
):

    @task
    def count_jobs(params: dict) -> dict[str, int]:
        """Count a project's jobs by status."""
        client = PhraseTmsHook("phrase_default").client
        counts: dict[str, int] = {}
        try:
            for part in client.jobs.list(params["project_uid"]):
                counts[part["status"]] = counts.get(part["status"], 0) + 1
        except PhraseNotFoundError:
            return {}
        return counts

    counts = count_jobs()
