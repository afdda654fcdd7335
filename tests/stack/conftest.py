from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import postgres
import pytest
from several_machines import Machines, several_machines


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    bin_folder = postgres.programs()
    if bin_folder is None:
        pytest.skip("needs a PostgreSQL server's programs (on Debian and Ubuntu: apt install postgresql)")
    return bin_folder


@pytest.fixture(scope="session")
def machines(tmp_path_factory: pytest.TempPathFactory, postgres_programs: Path) -> Iterator[Machines]:
    """Airflow on several machines; a test that kills one starts it again."""
    if not shutil.which("redis-server"):
        pytest.skip("needs a Redis server (on Debian and Ubuntu: apt install redis-server)")
    if not all(map(find_spec, ("celery", "moto", "s3fs"))):
        pytest.skip("needs the extra `stack` (make test-stack-celery installs it)")
    with several_machines(tmp_path_factory.mktemp("machines"), postgres_programs) as started:
        yield started
