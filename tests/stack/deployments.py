"""Which services of docker-compose.yaml make an Airflow, and the settings with which tests run them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

COMPONENTS = ("api-server", "scheduler", "dag-processor", "triggerer")
WORKERS = ("worker-1", "worker-2")
TRIGGERERS = ("triggerer", "triggerer-2")

#: Seconds instead of minutes, so that what was killed is missed soon.
SETTINGS = {
    "CORE__PARALLELISM": "24",
    "CORE__MAX_ACTIVE_TASKS_PER_DAG": "24",
    "CORE__MAX_ACTIVE_RUNS_PER_DAG": "24",
    "PHRASE__HUMAN_POKE_INTERVAL": "2",
    "PHRASE__MACHINE_POKE_INTERVAL": "1",
    # Seconds until a killed worker is missed; the default is five minutes.
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_SEC": "3",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "20",
    "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "3",
    # Another triggerer, or the same one restarted, takes over the waits of the one that was killed.
    "TRIGGERER__JOB_HEARTBEAT_SEC": "2",
    "TRIGGERER__TRIGGERER_HEALTH_CHECK_THRESHOLD": "6",
    # A restarted scheduler adopts the tasks of the one that was killed.
    "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "10",
    "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
}


@dataclass(frozen=True)
class Deployment:
    """
    Services, and how tests set them.

    :param dag_ids: of the DAGs that have to be there before a test begins.
    :param components: of Airflow.
    :param stores: what has to be healthy before the components start, beside the database.
    :param preparations: services that end, run in between.
    :param settings: by name without ``AIRFLOW__``.
    :param variables: for the file.
    """

    dag_ids: tuple[str, ...]
    components: tuple[str, ...] = COMPONENTS
    stores: tuple[str, ...] = ()
    preparations: tuple[str, ...] = ("init",)
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)
    variables: Mapping[str, str] = field(default_factory=dict)


#: What the file starts by itself, with DAGs that tell where their processes are.
LOCAL = Deployment(
    dag_ids=(
        "kills_waiting",
        "kills_deferring",
        "many",
        "many_mapped",
        "ended",
        "cleared",
        "hopeless",
        "phrase_tms_continuous",
    ),
    settings={**SETTINGS, "CORE__DAGS_FOLDER": str(Path(__file__).with_name("dags"))},
)

#: Its profile `celery`, with the DAGs of the package.
CELERY = Deployment(
    dag_ids=("phrase_tms_import_to_delivered", "phrase_tms_continuous"),
    components=(*COMPONENTS, "triggerer-2", *WORKERS),
    stores=("redis", "s3"),
    preparations=("init", "bucket"),
    settings={
        **SETTINGS,
        # So few that a handful of tasks needs both workers.
        "CELERY__WORKER_CONCURRENCY": "2",
        # What a killed worker had taken and not begun is given to the other.
        "SCHEDULER__TASK_QUEUED_TIMEOUT": "60",
        "SCHEDULER__TASK_QUEUED_TIMEOUT_CHECK_INTERVAL": "10",
    },
    variables={"AIRFLOW_EXECUTOR": "CeleryExecutor"},
)
