"""
`make test-matrix`: the tests, run from the built wheel on the newest Airflow of each supported line.

Each line has an environment of its own below `build/matrix`, kept for the next time. The tests run in a
copy of the repository without the package's source, so that they can only import the wheel.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

from tabulate import tabulate

ROOT = Path(__file__).parents[1]
BUILD = ROOT / "build" / "matrix"
#: What each line needs beside itself: 3.2 does not hold back newer libraries that break its `dag.test()`.
LINES = {
    "3.1": [],
    "3.2": ["fastapi<0.137", "svcs<26"],
    "3.3": ["-c", str(ROOT / "constraints.txt")],
}
COPIED = (
    "tests",
    "benchmarks",
    "dags",
    "demo",
    "docs",
    "Makefile",
    "pyproject.toml",
    "constraints.txt",
    "docker-compose.yaml",
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "LICENSE",
    ".pre-commit-config.yaml",
)
#: What a reader of a report wants to know of the environment.
SHOW_VERSIONS = (
    "import platform; from importlib.metadata import version; "
    "print(version('apache-airflow'), platform.python_version())"
)


class Result(NamedTuple):
    """One line of the table."""

    airflow: str
    python: str
    passed: bool
    closing_line: str
    seconds: float


def build_wheel() -> Path:
    """Build the wheel from the working tree."""
    target = BUILD / "dist"
    shutil.rmtree(target, ignore_errors=True)
    pip(Path(sys.executable), "wheel", "--no-deps", "--wheel-dir", str(target), str(ROOT))
    return next(target.glob("*.whl"))


def pip(python: Path, *arguments: str) -> None:
    subprocess.run([python, "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], check=True)


def make_environment(line: str, wheel: Path) -> Path:
    """
    Make or refresh the environment of an Airflow line.

    :param line: such as `3.1`.
    :param wheel: of this package.
    :return: its Python.
    """
    folder = BUILD / f"airflow-{line}"
    python = folder / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    pip(python, "install", f"apache-airflow~={line}.0", f"{wheel}[dev,simulator]", *LINES[line])
    # The version number may not have moved since the last time, the wheel may have.
    pip(python, "install", "--no-deps", "--force-reinstall", str(wheel))
    return python


def copy_tests() -> Path:
    """Copy what the tests read, without the package's source."""
    target = BUILD / "checkout"
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return target


def run_tests(line: str, python: Path, checkout: Path, arguments: list[str]) -> Result:
    """
    Run pytest; its output goes to `build/matrix/airflow-LINE.log`, and to the screen when it fails.

    :param arguments: added to pytest's command line.
    """
    started = time.monotonic()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW_")}
    environment["PATH"] = f"{python.parent}{os.pathsep}{environment['PATH']}"
    command = [str(python), "-m", "pytest", "-n", "4", "--dist", "loadfile", *arguments]
    ended = subprocess.run(
        command, cwd=checkout, env=environment, capture_output=True, text=True, errors="replace", check=False
    )
    output = ended.stdout + ended.stderr
    (BUILD / f"airflow-{line}.log").write_text(output, encoding="utf-8")
    if ended.returncode:
        print(output[-8000:])
    airflow, version = subprocess.check_output([python, "-c", SHOW_VERSIONS], text=True).split()
    closing = ended.stdout.strip().rpartition("\n")[2]
    return Result(airflow, version, not ended.returncode, closing, time.monotonic() - started)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make test-matrix", description=__doc__)
    parser.add_argument("--line", action="append", choices=LINES, help="only this line; may be repeated")
    options, pytest_arguments = parser.parse_known_args()
    wheel, checkout, results = build_wheel(), copy_tests(), []
    for line in options.line or LINES:
        print(f"Airflow {line}: installing", flush=True)
        python = make_environment(line, wheel)
        print(f"Airflow {line}: testing", flush=True)
        results.append(run_tests(line, python, checkout, pytest_arguments))
    print(tabulate(results, ("Airflow", "Python", "passed", "pytest's closing line", "s"), floatfmt=".0f"))
    raise SystemExit(not all(result.passed for result in results))


if __name__ == "__main__":
    main()
