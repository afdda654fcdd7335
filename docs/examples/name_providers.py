"""Assign all jobs of a project to people and vendors that you name, by language and workflow step."""

from airflow.sdk import DAG

from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator

with DAG("name_providers", schedule=None, params={"project_uid": "AbCdEfGhIjKl"}):
    assigned = PhraseTmsAssignProvidersOperator(
        task_id="assign_providers",
        project_uid="{{ params.project_uid }}",
        providers={
            "de": {"Translation": "translator", "Revision": "vendor:Good Words Ltd."},
            "pt-BR": "paul@example.com",
            "*": {"1": ["user:Tara Translator", "user:Rita Reviser"], "*": "Paul Proofreader"},
        },
    )
