"""The commands and health checks of docker-compose.yaml run as processes, on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import postgres
import pytest
from airflow_api import AirflowApi
from compose_processes import ComposeProcesses
from deployments import COMPONENTS

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, postgres_programs: Path) -> Iterator[ComposeProcesses]:
    services = ComposeProcesses(tmp_path_factory.mktemp("stack"))
    with postgres.server(postgres_programs, services.ports["5432"], name="airflow"):
        try:
            services.start("simulator")
            services.run("init")
            for name in COMPONENTS:
                services.start(name)
            yield services
        finally:
            services.stop()


@pytest.fixture(scope="module")
def api(stack: ComposeProcesses) -> AirflowApi:
    for name in COMPONENTS:
        stack.wait_until_healthy(name)
    return AirflowApi(f"http://127.0.0.1:{stack.ports['8080']}")


@pytest.mark.parametrize("name", ["postgres", "simulator", *COMPONENTS])
def test_the_health_check_passes(stack, name):
    stack.wait_until_healthy(name)


def test_init_can_run_again(stack):
    stack.run("init")


def test_airflow_reports_every_part_healthy(api):
    health = api.get("monitor/health")
    assert {part: state["status"] for part, state in health.items()} == dict.fromkeys(
        ("metadatabase", "scheduler", "triggerer", "dag_processor"), "healthy"
    )


def test_the_connection_works_from_airflow(api):
    tested = api.press_test_button("phrase_default")
    assert tested["status"], tested["message"]


def test_the_dag_delivers(stack: ComposeProcesses, api: AirflowApi):
    files = stack.folder / "files"
    files.mkdir()
    (files / "hello.md").write_text("# Hello\n\nWelcome to our shop.\n")
    conf = {
        "source": str(files / "hello.md"),
        "template": "Translation",
        "target_langs": ["de", "pt-BR"],
        "batch_id": "stack-1",
        "target_folder": str(files / "out"),
    }
    assert api.run_dag(conf) == "success"
    assert sorted(path.relative_to(files).as_posix() for path in (files / "out").rglob("*.md")) == [
        "out/de/hello.md",
        "out/pt-BR/hello.md",
    ]
