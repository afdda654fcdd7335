"""Each snippet that the documentation shows is run, read by its own program, or the text of a file."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from pages import ROOT, directives, make_targets, name_of, snippets

from phrase_provider.hooks.phrase import settings_of
from phrase_provider.manifest.lines import ManifestLine
from phrase_provider.manifest.states import State, state_of
from phrase_provider.simulator.process import SimulatorProcess

#: README.md cannot include files, so it repeats them.
SHOWN_WHOLE = [
    *(ROOT / "dags").glob("*.py"),
    *(ROOT / "docs/examples").glob("*.*"),
    ROOT / "tests/examples/test_my_dag.py",
]


def commands(text: str) -> list[list[str]]:
    """Split a snippet into the words of its commands, which may go on in the next line."""
    found, open_line = [], ""
    for line in text.splitlines():
        open_line += line
        try:
            words = shlex.split(open_line.removesuffix("\\"), comments=True)
        except ValueError:
            open_line += "\n"
            continue
        if open_line.endswith("\\"):
            open_line = open_line[:-1]
            continue
        open_line = ""
        if words:
            found.append(words)
    assert not open_line, f"no end: {open_line}"
    return found


def test_there_are_no_other_kinds_of_snippets():
    assert {snippet.info for snippet in snippets()} <= {"shell", "sh", "json", "python", "text"}
    assert len(snippets("shell")) > 15


@pytest.mark.parametrize("snippet", snippets("python", "sh"), ids=str)
def test_code_that_is_shown_is_that_of_a_file(snippet):
    assert snippet.text in [file.read_text() for file in SHOWN_WHOLE]


def test_files_that_are_shown_exist_and_examples_are_shown():
    shown = {(fence.page.parent / fence.argument).resolve() for fence in directives("literalinclude")}
    assert {str(file) for file in shown if not file.exists()} == set()
    examples = set((ROOT / "docs/examples").glob("*.*"))
    assert examples - shown == set()


def check_make(words: list[str]) -> None:
    names = [word for word in words[1:] if "=" not in word]
    assert names
    assert set(names) - make_targets() == set()


def check_pip(words: list[str]) -> None:
    assert words[1] in ("install", "wheel")
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    for extra in re.findall(r"airflow-provider-phrase\[(\w+)\]", " ".join(words)):
        assert extra in extras
    if "-c" in words:
        assert (ROOT / words[words.index("-c") + 1]).exists()


def check_export(words: list[str]) -> None:
    from airflow.sdk import Connection

    for word in words[1:]:
        name, is_assigned, value = word.partition("=")
        if not is_assigned:
            # The rest of a command whose output is assigned.
            continue
        if name == "AIRFLOW_CONN_PHRASE_DEFAULT":
            settings_of(Connection.from_json(value, conn_id="phrase_default"))
        elif name.startswith("AIRFLOW__PHRASE__"):
            from phrase_provider.config import OPTIONS

            assert name.removeprefix("AIRFLOW__PHRASE__").lower() in {option.name for option in OPTIONS}
        else:
            assert name.startswith("AIRFLOW_") or name == "PHRASE_API_TOKEN", name


def check_airflow(words: list[str]) -> None:
    from airflow.cli.cli_parser import get_parser

    # An unknown command or option ends the process.
    get_parser().parse_args(words[1:])


def check_plan(words: list[str]) -> None:
    from phrase_provider.__main__ import _parser

    if words[1:3] == ["-m", "phrase_provider"]:
        _parser().parse_args(words[3:])
    else:
        assert words[1:3] == ["-m", "venv"], words


def check_simulator(words: list[str]) -> None:
    from phrase_provider.simulator.cli import _parser

    _parser().parse_args(words[1:])


def check_files(words: list[str]) -> None:
    for word in words[1:]:
        assert not re.search(r"\.(py|md)$", word) or (ROOT / word).exists(), word


CHECKS: dict[str, Callable[[list[str]], None]] = {
    "make": check_make,
    "pip": check_pip,
    "export": check_export,
    "airflow": check_airflow,
    "python": check_plan,
    "phrase-simulator": check_simulator,
    "pytest": check_files,
    "docker": lambda words: check_files(["", "docker-compose.yaml"]),
    "git": lambda words: None,
    "pre-commit": lambda words: check_files(["", ".pre-commit-config.yaml"]),
}


@pytest.mark.parametrize("snippet", snippets("shell"), ids=str)
def test_commands_are_understood_by_their_programs(snippet):
    for words in commands(snippet.text):
        if words[0].endswith("python"):
            words[0] = "python"
        assert words[0] in CHECKS, words
        CHECKS[words[0]](words)


def test_connections_lead_to_the_region_and_to_the_simulator():
    from airflow.sdk import Connection

    shown = {
        value.partition("=")[2]
        for snippet in snippets("shell")
        for words in commands(snippet.text)
        for value in words
        if value.startswith("AIRFLOW_CONN_PHRASE_DEFAULT=")
    }
    found = [settings_of(Connection.from_json(value, conn_id="phrase_default")) for value in shown]
    urls = {(settings.platform_url, settings.tms_url) for settings in found}
    assert urls == {
        ("https://eu.phrase.com", "https://cloud.memsource.com/web"),
        ("http://127.0.0.1:8900", "http://127.0.0.1:8900/web"),
    }


#: The DAG that a page shows values for, where that is another.
DAGS = {"nightly-content": "phrase_tms_continuous.py"}
#: Shows a line of a manifest.
MANIFEST = ROOT / "docs/reference/manifest.md"


@pytest.mark.parametrize("snippet", [one for one in snippets("json") if one.page != MANIFEST], ids=str)
def test_parameters_are_those_of_the_example_dag(snippet):
    from airflow.sdk import DAG

    program = (ROOT / "dags" / DAGS.get(snippet.page.stem, "phrase_tms_import_to_delivered.py")).read_text()
    names: dict[str, object] = {"__name__": "shown", "__doc__": ""}
    exec(compile(program, "dag", "exec"), names)  # noqa: S102 - our own file
    dag, given = names["dag"], json.loads(snippet.text)
    assert isinstance(dag, DAG)
    assert set(given) <= set(dag.params)
    for name, value in given.items():
        dag.params.get_param(name).value = value
    dag.params.validate()


def test_plan_commands_run_as_shown(tmp_path):
    (tmp_path / "docs/drafts").mkdir(parents=True)
    (tmp_path / "docs/drafts/b.md").write_text("# Not yet\n")
    (tmp_path / "docs/a.md").write_text("# Handbook\n")
    (tmp_path / "docs/c.tmp").write_text("temporary\n")
    (tmp_path / "docs/empty.md").touch()
    plans = [
        words
        for snippet in snippets("shell")
        for words in commands(snippet.text)
        if words[1:4] == ["-m", "phrase_provider", "plan"]
    ]
    with_exclusion = [words for words in plans if "--exclude" in words]
    assert len(with_exclusion) < len(plans)
    for words in with_exclusion:
        done = subprocess.run(
            [sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert "a.md" in done.stdout
        assert done.stdout.count("Left out: ") == 3
    (tmp_path / "docs/empty.md").unlink()
    for words in plans:
        subprocess.run([sys.executable, *words[1:]], cwd=tmp_path, capture_output=True, check=True)


def test_line_of_a_manifest_has_the_fields_that_there_are():
    (snippet,) = (one for one in snippets("json") if one.page == MANIFEST)
    line = json.loads(snippet.text)
    assert list(line) == sorted(line)
    assert state_of(line) is State.UP_TO_DATE
    told = set(re.findall(r"`(\w+)`", MANIFEST.read_text().partition("| Field |")[2].partition("\n\n")[0]))
    assert set(line) <= set(ManifestLine.__annotations__) <= told


def test_manifest_commands_run_as_shown(tmp_path):
    shown = {
        words[4]: words
        for snippet in snippets("shell")
        for words in commands(snippet.text)
        if words[1:4] == ["-m", "phrase_provider", "manifest"]
    }
    assert shown.keys() == {"status", "compact", "rebuild"}
    for command in ("status", "compact"):
        subprocess.run([sys.executable, *shown[command][1:]], cwd=tmp_path, capture_output=True, check=True)


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_quick_start_in_plain_curl():
    program = (ROOT / "docs/examples/quick_start.sh").read_text()
    with SimulatorProcess(speed=600) as simulator:
        pasted = program.replace("http://127.0.0.1:8900", simulator.url)
        done = subprocess.run(
            ["/bin/sh"], input=pasted, capture_output=True, text=True, timeout=60, check=False
        )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "⟦de⟧ Héļļö wöřļđ\nDELIVERED\n"


@pytest.mark.parametrize("file", sorted((ROOT / "docs/examples").glob("*.py")), ids=lambda file: file.stem)
def test_examples_are_short_and_say_what_they_do(file: Path):
    text = file.read_text()
    assert ast.get_docstring(ast.parse(text)), name_of(file)
    assert len(text.splitlines()) <= 70
