"""What Airflow does with the DAG files before anything runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from run_dag import load_dag

DAGS = Path(__file__).parents[2] / "dags"
GIVEN = {
    "source": "/in/*.md",
    "template": "Translation",
    "target_langs": ["de"],
    "batch_id": "spring",
    "target_folder": "/out",
}
PARSE = """
import runpy, sys
found = runpy.run_path(sys.argv[1])
print({task.dag.dag_id for task in found.values() if hasattr(task, "task_id")}, "requests" in sys.modules)
"""


@pytest.mark.parametrize("file", sorted(DAGS.glob("*.py")), ids=lambda file: file.stem)
def test_dag_is_parsed_without_a_connection_and_without_loading_requests(file, tmp_path):
    environment = {"AIRFLOW_HOME": str(tmp_path), "_AIRFLOW__AS_LIBRARY": "1"}
    parsed = subprocess.run(
        [sys.executable, "-c", PARSE, file], env=environment, capture_output=True, text=True, check=False
    )
    assert parsed.returncode == 0, parsed.stderr
    assert parsed.stdout.splitlines()[-1] == f"{{{file.stem!r}}} False"


@pytest.fixture
def validate(tmp_path):
    from airflow.providers.common.compat.sdk import ParamValidationError

    def check(params) -> bool:
        dag = load_dag()
        for name, value in params.items():
            dag.params.get_param(name).value = value
        try:
            dag.params.validate()
        except ParamValidationError:
            return False
        return True

    return check


def test_form_that_is_filled_in_is_accepted(validate):
    assert validate(GIVEN)
    assert validate(GIVEN | {"source_lang": "en", "language_format": "android", "plan_only": True})


@pytest.mark.parametrize(
    "more",
    [
        {"due": "2026-12-24T17:00:00+01:00"},
        {"due": None, "base": None, "exclude": [], "pre_translate": True},
        {"base": "/in", "exclude": ["*.tmp", "drafts"], "skip_empty": True, "propagate_status": True},
    ],
)
def test_form_takes_what_the_operators_take(validate, more):
    assert validate(GIVEN | more)


@pytest.mark.parametrize("missing", GIVEN)
def test_each_required_field_is_missed(validate, missing):
    assert not validate({name: value for name, value in GIVEN.items() if name != missing})


@pytest.mark.parametrize(
    "wrong",
    [
        {"batch_id": "b" * 201},
        {"target_langs": "de"},
        {"language_format": "esperanto"},
        {"max_files": 0},
        {"max_words": -1},
        {"phrase_conn_id": ""},
        {"due": "soon"},
        {"exclude": "*.tmp"},
        {"propagate_status": "perhaps"},
    ],
)
def test_wrong_values_are_refused(validate, wrong):
    assert not validate(GIVEN | wrong)


def test_the_chosen_connection_reaches_every_task():
    dag = load_dag()
    given = {
        task.task_id: task.partial_kwargs.get("phrase_conn_id")
        if hasattr(task, "partial_kwargs")
        else task.phrase_conn_id
        for task in dag.tasks
        if task.operator_class.__name__.startswith("PhraseTms")
    }
    assert len(given) == 8
    assert set(given.values()) == {"{{ params.phrase_conn_id }}"}


def test_uploads_do_not_run_side_by_side_and_batches_do():
    dag = load_dag()
    uploads = dag.get_task("create_jobs")
    assert uploads.max_active_tis_per_dag == 1
    # Airflow 3.3.2 counts a deferred task, too.
    assert not hasattr(uploads, "deferrable")
    assert dag.max_active_runs >= 100
    assert {task.max_active_tis_per_dag for task in dag.tasks if task is not uploads} == {None}


@pytest.fixture
def continuous():
    return load_dag(DAGS / "phrase_tms_continuous.py")


def test_scheduled_runs_may_begin_without_a_form(continuous):
    # Airflow refuses a DAG with a schedule whose params have no valid defaults.
    continuous.validate()
    assert continuous.schedule == "@daily"
    assert continuous.is_paused_upon_creation
    assert not continuous.catchup


@pytest.mark.parametrize(
    "given",
    [
        {"target_langs": ["de"], "exclude": ["*.tmp"], "rotation": "5000", "due_days": 7},
        {"target_langs": None, "quiet_minutes": 30, "on_change": "new_job", "on_delete": "remove"},
    ],
)
def test_form_of_continuous_content_takes_what_the_operators_take(continuous, given):
    for name, value in given.items():
        continuous.params.get_param(name).value = value
    continuous.params.validate()


@pytest.mark.parametrize(
    "wrong",
    [
        {"rotation": "weekly"},
        {"rotation": "0"},
        {"on_change": "ignore"},
        {"target_langs": "de"},
        {"due_days": 0},
    ],
)
def test_form_of_continuous_content_refuses_what_cannot_be_meant(continuous, wrong):
    from airflow.providers.common.compat.sdk import ParamValidationError

    for name, value in wrong.items():
        continuous.params.get_param(name).value = value
    with pytest.raises(ParamValidationError):
        continuous.params.validate()


def test_continuous_content_takes_few_tasks_and_uploads_in_one_of_them_at_a_time(continuous):
    assert len(continuous.tasks) <= 12
    assert not any(hasattr(task, "partial_kwargs") for task in continuous.tasks)
    limited = {task.task_id: task.max_active_tis_per_dag for task in continuous.tasks}
    assert {name for name, number in limited.items() if number == 1} == {"sync"}
    assert continuous.max_active_runs > 1


def test_every_setting_of_continuous_content_is_used(continuous):
    text = (DAGS / "phrase_tms_continuous.py").read_text()
    unused = [name for name in continuous.params if not re.search(rf"(setting|required)\('{name}'\)", text)]
    assert unused == []


def test_the_chosen_connection_reaches_every_task_of_continuous_content(continuous):
    given = {
        task.task_id: task.phrase_conn_id for task in continuous.tasks if hasattr(task, "phrase_conn_id")
    }
    assert len(given) == 6
    assert set(given.values()) == {"{{ setting('phrase_conn_id') }}"}
