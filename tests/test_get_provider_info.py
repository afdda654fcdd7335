from __future__ import annotations

import importlib
import json
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from jsonschema import Draft7Validator

from phrase_provider import __version__
from phrase_provider.connection_form import FIELDS
from phrase_provider.get_provider_info import get_provider_info

DISTRIBUTION = "airflow-provider-phrase"


@pytest.fixture(scope="module")
def form():
    """The connection form as the API server of the installed Airflow shows it."""
    from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService

    (found,) = [hook for hook in HookMetaService.hook_meta_data() if hook.connection_type == "phrase"]
    return found.model_dump(mode="json")


def _modules():
    info = get_provider_info()
    kinds = ("hooks", "operators", "sensors", "triggers")
    return [name for kind in kinds for group in info[kind] for name in group["python-modules"]]


def _classes():
    info = get_provider_info()
    return [*info["extra-links"], *[connection["hook-class-name"] for connection in info["connection-types"]]]


def test_info_is_valid_for_the_installed_airflow():
    import airflow

    schema = json.loads((Path(airflow.__file__).parent / "provider_info.schema.json").read_text())
    assert [error.message for error in Draft7Validator(schema).iter_errors(get_provider_info())] == []


def test_names_and_versions_are_those_of_the_distribution():
    # Airflow ignores a provider whose package name differs.
    info = get_provider_info()
    assert info["package-name"] == metadata.metadata("airflow-provider-phrase")["Name"] == DISTRIBUTION
    assert info["versions"] == [__version__] == [metadata.version(DISTRIBUTION)]
    pyproject = Path(__file__).parents[1] / "pyproject.toml"
    if pyproject.exists():
        assert tomllib.loads(pyproject.read_text())["project"]["name"] == DISTRIBUTION


def test_entry_point_leads_to_the_info():
    (found,) = [
        point
        for point in metadata.entry_points(group="apache_airflow_provider")
        if point.dist and point.dist.name == DISTRIBUTION
    ]
    assert found.load()() == get_provider_info()


@pytest.mark.parametrize("name", _modules())
def test_module_that_is_named_imports(name):
    assert importlib.import_module(name).__doc__


@pytest.mark.parametrize("name", _classes())
def test_class_that_is_named_imports(name):
    module, _, attribute = name.rpartition(".")
    assert isinstance(getattr(importlib.import_module(module), attribute), type)


def test_every_module_of_operators_and_sensors_is_named():
    import phrase_provider

    root = Path(phrase_provider.__file__).parent
    public = {
        ".".join(("phrase_provider", *path.relative_to(root).with_suffix("").parts))
        for kind in ("operators", "sensors")
        for path in (root / kind).rglob("*.py")
        if path.stem != "base" and "\nclass Phrase" in path.read_text()
    }
    assert public - set(_modules()) == set()


def test_airflow_lists_the_provider_and_its_hook(form):
    from airflow.providers_manager import ProvidersManager

    assert ProvidersManager().providers[DISTRIBUTION].version == __version__
    assert (form["hook_name"], form["hook_class_name"]) == (
        "Phrase",
        "phrase_provider.hooks.phrase.PhraseHook",
    )


def test_form_shows_the_fields_of_the_table(form):
    shown = form["extra_fields"]
    assert list(shown) == [field.name for field in FIELDS]
    for field in FIELDS:
        param = shown[field.name]
        assert param["schema"]["title"] == field.label
        assert param["value"] == field.default
        assert field.kind in param["schema"]["type"]
        assert param["schema"].get("enum", []) == list(field.choices)
        assert field.description in json.dumps(param)


def test_form_asks_for_the_api_token_alone(form):
    standard = form["standard_fields"]
    assert standard["password"] == {
        "hidden": False,
        "title": "API token",
        "placeholder": "Platform API token (in Phrase: Settings, Profile, Access tokens)",
    }
    hidden = {name for name, shown in standard.items() if shown and shown["hidden"]}
    assert hidden == {"host", "port", "login", "url_schema"}


def test_info_is_cheap_to_import():
    # It is imported in every Airflow process.
    script = (
        "import json, sys; before = set(sys.modules); import phrase_provider.get_provider_info as info; "
        "info.get_provider_info(); print(*sorted(set(sys.modules) - before))"
    )
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    loaded = ran.stdout.split()
    assert not [
        name for name in loaded if name.partition(".")[0] in ("airflow", "requests", "fsspec", "tenacity")
    ]
