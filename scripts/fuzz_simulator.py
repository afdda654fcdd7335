"""
`make fuzz-simulator SPEC=tms-openapi.json`: schemathesis against every operation that the simulator answers.

The specification of Phrase TMS is not part of this project. The fuzzer has an environment of its own below
`build/fuzz`; there the narrowed specification and the traffic are left, too. Runs are deterministic. No
answer may be a 5xx; whether the answers keep to the specification is seen in the traffic.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from phrase_provider.simulator.app import tms_routes
from phrase_provider.simulator.process import SimulatorProcess

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "fuzz"
PACKAGES = ("schemathesis==4.32.5",)
SPEED = 6000


def make_environment() -> Path:
    """Make or complete the environment of the fuzzer; gives its folder of programs."""
    programs = BUILD / "environment" / "bin"
    if not programs.exists():
        subprocess.run([sys.executable, "-m", "venv", programs.parent], check=True)
    pip = [str(programs / "python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", *PACKAGES], check=True)
    return programs


def narrow(specification: dict[str, Any]) -> dict[str, Any]:
    """Keep only the operations that the simulator answers."""
    served = {(shape(route.path), method.lower()) for route in tms_routes() for method in route.methods or ()}
    paths: dict[str, Any] = {}
    for path, item in specification["paths"].items():
        kept = {key: value for key, value in item.items() if (shape(path), key) in served}
        for operation in kept.values():
            operation["parameters"] = [as_json(parameter) for parameter in operation.get("parameters", ())]
        if kept:
            paths[path] = kept
    return {**specification, "paths": paths}


def shape(path: str) -> str:
    """Leave the names of path parameters out, which both sides choose."""
    return re.sub(r"\{[^}]*\}", "{}", path)


def as_json(parameter: dict[str, Any]) -> dict[str, Any]:
    """Let a header that carries an object, such as `Memsource`, carry it as JSON."""
    schema = parameter.get("schema", {})
    if parameter["in"] != "header" or "$ref" not in schema:
        return parameter
    named = {key: value for key, value in parameter.items() if key in ("name", "in", "required")}
    return {**named, "content": {"application/json": {"schema": schema}}}


def command(programs: Path, specification: Path, phrase: SimulatorProcess, examples: int) -> list[str]:
    options = {
        "--url": phrase.tms_url,
        "--phases": "examples,coverage,fuzzing",
        "--checks": "not_a_server_error",
        "--mode": "all",
        "--max-examples": str(examples),
        "--suppress-health-check": "all",
        "--warnings": "off",
        "--request-timeout": "10",
    }
    flags = ["--continue-on-failure", "--generation-deterministic", "--no-color"]
    pairs = [text for option in options.items() for text in option]
    return [str(programs / "schemathesis"), "run", str(specification), *pairs, *flags]


def main() -> None:
    parser = argparse.ArgumentParser(prog="make fuzz-simulator", description=__doc__)
    parser.add_argument("specification", type=Path)
    parser.add_argument("--examples", type=int, default=6, help="per operation (default %(default)s)")
    options = parser.parse_args()
    programs, narrowed, traffic = make_environment(), BUILD / "served.json", BUILD / "access.jsonl"
    narrowed.write_text(json.dumps(narrow(json.loads(options.specification.read_text(encoding="utf-8")))))
    traffic.unlink(missing_ok=True)
    with SimulatorProcess(speed=SPEED, access_log=traffic) as phrase:
        phrase.settings(quota_per_minute=None, work_moves=False)
        environment = {
            **os.environ,
            "SCHEMATHESIS_HOOKS": "fuzz_hooks",
            "PYTHONPATH": str(ROOT / "tests" / "fuzz"),
            "PHRASE_SIMULATOR_URL": phrase.url,
            "PHRASE_API_TOKEN": phrase.api_token,
        }
        run = command(programs, narrowed, phrase, options.examples)
        ended = subprocess.run(run, env=environment, cwd=BUILD, check=False)
    raise SystemExit(ended.returncode)


if __name__ == "__main__":
    main()
