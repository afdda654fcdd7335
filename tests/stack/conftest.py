from __future__ import annotations

from pathlib import Path

import postgres
import pytest


@pytest.fixture(scope="session")
def postgres_programs() -> Path:
    bin_folder = postgres.programs()
    if bin_folder is None:
        pytest.skip("needs a PostgreSQL server's programs (on Debian and Ubuntu: apt install postgresql)")
    return bin_folder
