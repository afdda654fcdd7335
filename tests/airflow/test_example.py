"""The documented way to test one's own DAGs, as it stands there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.airflow

ROOT = Path(__file__).parents[2]


def test_commands_of_the_page_run_the_example(tmp_path):
    page = (ROOT / "docs/how-to/test-your-dags.md").read_text()
    install, *commands = re.search(r"```shell\n(.*?)```", page, re.DOTALL)[1].splitlines()
    assert install.startswith("pip install ")
    (tmp_path / "dags").symlink_to(ROOT / "dags")
    example = tmp_path / "tests/examples/test_my_dag.py"
    example.parent.mkdir(parents=True)
    example.write_text((ROOT / "tests/examples/test_my_dag.py").read_text())
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    environment |= {
        "TMPDIR": str(tmp_path),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["/bin/sh", "-ec", "\n".join(commands)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        # Airflow 3.2 makes its task API anew for each task: a minute of CPU, more on a loaded machine.
        timeout=900,
        check=False,
    )
    assert re.search(r"^=* ?2 passed", done.stdout, re.MULTILINE), done.stdout[-4000:] + done.stderr[-2000:]
