"""docker-compose.yaml keeps the published schema and names only what is in the repository."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

ROOT = Path(__file__).parents[1]
COMPONENTS = {"api-server", "scheduler", "dag-processor", "triggerer"}
WORKERS = ("worker-1", "worker-2")
#: Of the profile `celery`.
MACHINES = {"redis", "s3", "bucket", "triggerer-2", *WORKERS}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yaml").read_text(encoding="utf-8"))


def test_it_is_valid_by_the_compose_specification(compose):
    schema = json.loads((ROOT / "tests/data/compose-spec.json").read_text(encoding="utf-8"))
    errors = [error.message for error in jsonschema.Draft7Validator(schema).iter_errors(compose)]
    assert errors == []


def test_it_has_every_part_of_an_airflow_and_a_phrase(compose):
    always = {name for name, service in compose["services"].items() if "profiles" not in service}
    assert always == COMPONENTS | {"postgres", "simulator", "init"}


def test_the_profile_celery_adds_machines_and_nothing_else(compose):
    profiles = {name: service.get("profiles") for name, service in compose["services"].items()}
    assert {name for name, named in profiles.items() if named == ["celery"]} == MACHINES
    assert set(compose["services"]) - MACHINES == {name for name, named in profiles.items() if not named}


def test_workers_share_nothing_that_they_can_write(compose):
    mounts = [
        {volume for volume in compose["services"][name]["volumes"] if not volume.endswith(":ro")}
        for name in WORKERS
    ]
    assert all(mounts)
    assert {mount.split(":")[0] for mount in mounts[0]}.isdisjoint(mount.split(":")[0] for mount in mounts[1])


def test_each_worker_goes_by_the_name_of_its_host(compose):
    for name in WORKERS:
        worker = compose["services"][name]
        assert worker["hostname"] == name
        assert f"celery@{name}" in worker["command"]
        assert f"celery@{name}" in worker["healthcheck"]["test"]


def test_every_service_that_stays_has_a_health_check(compose):
    unchecked = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert unchecked == {"init", "bucket"}
    assert all(compose["services"][name]["restart"] == "no" for name in unchecked)


def test_waiting_for_health_is_only_asked_of_services_that_tell_it(compose):
    services = compose["services"]
    for service in services.values():
        for name, wanted in service.get("depends_on", {}).items():
            if wanted["condition"] == "service_healthy":
                assert "healthcheck" in services[name]


def test_the_simulator_answers_to_the_name_that_the_others_know_it_by(compose):
    command = compose["services"]["simulator"]["command"]
    allowed = {command[at + 1] for at, word in enumerate(command) if word == "--allow-host"}
    told = compose["services"]["init"]["environment"]["PHRASE_EXTRA"]
    named = re.findall(r"http://([a-z-]+):8900", told)
    assert set(named) - {"localhost"} == allowed


def test_every_published_port_is_local(compose):
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


@pytest.mark.skipif(not (ROOT / "phrase_provider").exists(), reason="needs the package's source beside it")
def test_the_files_it_mounts_and_copies_exist(compose):
    mounts = [volume for service in compose["services"].values() for volume in service.get("volumes", [])]
    build = compose["services"]["init"]["build"]["dockerfile_inline"]
    sources = {mount.split(":")[0] for mount in mounts if mount.startswith("./")}
    for copied in re.findall(r"^COPY --chown=\S+ (.*) \S+$", build, flags=re.MULTILINE):
        sources |= set(copied.split())
    assert sources >= {"./dags", "phrase_provider", "pyproject.toml"}
    assert [source for source in sources if not (ROOT / source).exists()] == []


def test_image_and_pip_name_the_airflow_of_the_constraints(compose):
    pinned = re.search(r"^apache-airflow==(.+)$", (ROOT / "constraints.txt").read_text(), flags=re.MULTILINE)
    build = compose["services"]["init"]["build"]["dockerfile_inline"]
    assert pinned
    assert set(re.findall(r"airflow(?::|==)(\d+\.\S+)", build)) == {pinned[1]}
