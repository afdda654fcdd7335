"""The quick start in the README, as somebody would paste it into a shell."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from phrase_provider.simulator.process import SimulatorProcess

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_quick_start_in_plain_curl():
    (commands,) = re.findall(r"```sh\n(.*?)```", README.read_text(), re.DOTALL)
    with SimulatorProcess(speed=600) as simulator:
        pasted = commands.replace("http://127.0.0.1:8900", simulator.url)
        done = subprocess.run(
            ["/bin/sh"], input=pasted, capture_output=True, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "⟦de⟧ Héļļö wöřļđ\nDELIVERED\n"
