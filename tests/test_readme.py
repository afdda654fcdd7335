"""The README tells what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import phrase_provider
from phrase_provider.config import OPTIONS
from phrase_provider.connection_form import FIELDS
from phrase_provider.hooks.phrase import settings_of

ROOT = Path(__file__).parents[1]
PACKAGE = Path(phrase_provider.__file__).parent
README = (ROOT / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_code_shown_is_that_of_files():
    quick_look, test = blocks("python")
    assert quick_look == (ROOT / "dags" / "phrase_tms_quickstart.py").read_text()
    assert test == (ROOT / "tests" / "examples" / "test_my_dag.py").read_text()
    assert len(quick_look.splitlines()) <= 40


def test_what_the_fixture_offers_is_there():
    from phrase_provider.simulator.process import SimulatorProcess

    table = README.partition("| `phrase_simulator.` |")[2].partition("\n\n")[0]
    told = re.findall(r"`(\w+)(?:\(.*?\))?`[,| ]", table)
    assert len(told) == 10
    for name in told:
        assert name == "url" or hasattr(SimulatorProcess, name), name


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_each_connection_field_is_told(field):
    default = str(field.default).lower() if isinstance(field.default, bool) else field.default
    told = f"`{default}`" if default is not None else ""
    assert f"| {field.label} | `{field.name}` | {field.description} | {told} |" in README


def test_form_readme_and_error_say_alike_where_a_token_is_made():
    from phrase_provider.connection_form import ui_field_behaviour

    place = "Settings, Profile, Access tokens"
    assert place in ui_field_behaviour()["placeholders"]["password"]
    assert place in README
    assert place in (PACKAGE / "api" / "auth" / "token.py").read_text()


def test_the_links_lead_to_files():
    for target in re.findall(r"\]\((?!https?://)([^)#]+)\)", README):
        # The package may be installed elsewhere than beside its README.
        assert (ROOT / target).exists() or (PACKAGE.parent / target).exists(), target


def test_the_make_commands_exist():
    told = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    targets = set(re.findall(r"^([a-z-]+%?):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert told
    assert {name for name in told if name not in targets and not name.startswith("bench-")} == set()


def test_the_classes_exist():
    from importlib import import_module

    told = re.findall(r"^\| `((?:operators|sensors|hooks)\.[\w.]+)\.(\w+)` \|", README, re.MULTILINE)
    assert len(told) == 10
    for module, name in told:
        assert hasattr(import_module(f"phrase_provider.{module}"), name)


def test_the_connections_can_be_read():
    from airflow.sdk import Connection

    values = re.findall(r"AIRFLOW_CONN_PHRASE_DEFAULT='(\{.*?\}\})'", README, re.DOTALL)
    assert len(values) == 2
    eu, local = (settings_of(Connection.from_json(value, conn_id="phrase_default")) for value in values)
    assert eu.platform_url == "https://eu.phrase.com"
    assert local.tms_url == "http://127.0.0.1:8900/web"


@pytest.mark.parametrize("option", OPTIONS, ids=lambda option: option.name)
def test_each_option_is_told(option):
    assert f"| `{option.name}` | {option.default:g} " in README
