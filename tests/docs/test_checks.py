"""The checks are the same by hand, before a commit, on this project's gate and in public CI."""

from __future__ import annotations

import re

import pytest
import yaml
from pages import ROOT, make_targets

MAKEFILE = (ROOT / "Makefile").read_text()

pytestmark = pytest.mark.skipif(not (ROOT / ".ci").exists(), reason="not in a checkout")


def test_hooks_before_a_commit_are_those_of_lint():
    recipe = re.search(r"^lint:.*\n((?:\t.*\n)+)", MAKEFILE, re.MULTILINE)[1]
    lint = {
        line.strip().removesuffix(" .").replace("$(RUN)", ".venv/bin/python") for line in recipe.splitlines()
    }
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    assert {hook["entry"] for repo in config["repos"] for hook in repo["hooks"]} == lint
    assert {repo["repo"] for repo in config["repos"]} == {"local"}


def test_public_ci_runs_what_the_gate_runs():
    gate = re.findall(r"^(make [a-z-]+)", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    steps = [step["run"] for job in workflow["jobs"].values() for step in job["steps"] if "run" in step]
    # The specification that the fuzzer needs is not part of the repository.
    assert set(gate) - set(steps) == {"make fuzz-simulator"}
    assert {step.removeprefix("make ") for step in steps} <= make_targets()
