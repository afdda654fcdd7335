"""The pages name what the code has: classes, options, errors, fields, files."""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from pathlib import Path

import pytest
from pages import DOCS, PAGES, ROOT, directives, inline_code, make_targets, name_of, targets

import phrase_provider
import tables
from phrase_provider import exceptions
from phrase_provider.config import OPTIONS
from phrase_provider.connection_form import FIELDS, ui_field_behaviour
from phrase_provider.get_provider_info import get_provider_info
from phrase_provider.operators.tms import delivery_report
from phrase_provider.simulator.process import SimulatorProcess

#: Names of Airflow's that this package never uses.
AIRFLOWS = {"max_map_length", "soft_fail"}
#: Rooms that the architecture leaves space for.
LATER = {"strings/"}
PACKAGE = Path(phrase_provider.__file__).parent
CLASSES = [cls for kind in tables.KINDS for cls in tables.classes(kind)]


@cache
def words_of_the_code() -> frozenset[str]:
    folders = (PACKAGE, *(ROOT / name for name in ("dags", "demo", "scripts", "tests")))
    files = [file for folder in folders for file in folder.rglob("*.py")]
    texts = [
        file.read_text(encoding="utf-8") for file in (*files, ROOT / "Makefile", ROOT / "pyproject.toml")
    ]
    return frozenset(re.findall(r"\w+", " ".join([*texts, *(file.stem for file in files)])))


@pytest.mark.parametrize("kind", tables.KINDS)
def test_reference_has_every_module_of_the_provider(kind):
    listed = {name for entry in get_provider_info()[kind] for name in entry["python-modules"]}
    assert set(re.findall(r"automodule:: (\S+)", tables.modules(kind))) == listed
    shown = {(fence.page, fence.argument) for fence in directives("generated")}
    assert (DOCS / f"reference/{kind}.md", f"modules {kind}") in shown


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_each_parameter_is_described_here_or_in_a_base_class(cls):
    described = {
        name
        for base in cls.__mro__
        if base.__module__.startswith("phrase_provider")
        for name in re.findall(r":param (\w+):", base.__doc__ or "")
    }
    named = {
        name
        for name, parameter in inspect.signature(cls).parameters.items()
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.POSITIONAL_OR_KEYWORD)
    }
    assert named - described == set()


def test_directives_name_tables_that_exist():
    for fence in directives("generated"):
        name = fence.argument.split()[0].replace("-", "_")
        assert callable(getattr(tables, name, None)), fence


def test_tables_tell_of_the_code():
    fields, options = tables.connection_fields(), tables.options()
    for field in FIELDS:
        default = str(field.default).lower() if isinstance(field.default, bool) else field.default
        told = f"`{default}`" if default is not None else ""
        assert f"| {field.label} | `{field.name}` | {field.description} | {told} |" in fields
    for option in OPTIONS:
        variable = f"AIRFLOW__PHRASE__{option.name.upper()}"
        assert f"| `{option.name}` | `{variable}` | {option.description} | `{option.default:g}` |" in options
    assert "`make docs`" in tables.make_commands()
    assert "`make bench-waiting`" in tables.benchmarks()
    switch = "| `delivered_is_final` | `true` | Refuse new sources of delivered jobs."
    assert switch in tables.simulator_settings()


def test_each_error_has_its_remedy():
    classes = inspect.getmembers(exceptions, inspect.isclass)
    known = {name for name, found in classes if issubclass(found, exceptions.PhraseError)}
    page = (DOCS / "errors.md").read_text()
    rows = re.findall(r"^\| `(Phrase\w+)` \| [^|]+ \| [^|]+ \|$", page, re.MULTILINE)
    above = {"PhraseError", "PhraseApiError", "PhraseWorkError"}
    assert sorted(rows) == sorted(known - above)
    assert all(f"~phrase_provider.exceptions.{name}`" in tables.error_tree() for name in known)


def test_each_word_of_the_summary_is_explained():
    text = (DOCS / "concepts/statuses.md").read_text()
    told = set(re.findall(r"^\| `([A-Z ]+)` \|", text, re.MULTILINE))
    assert {*delivery_report.FAILURES, delivery_report.DELIVERED} <= told


def test_what_the_fixture_offers_is_there():
    page = (DOCS / "how-to/test-your-dags.md").read_text()
    table = page.partition("| `phrase_simulator.` |")[2].partition("\n\n")[0]
    first_cells = " ".join(row.split(" | ")[0] for row in table.splitlines())
    told = re.findall(r"`(\w+)(?:\([^`]*\))?`", first_cells)
    assert len(told) == 11
    for name in told:
        assert name == "url" or hasattr(SimulatorProcess, name), name


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_options_that_are_named_exist(page):
    told = set(re.findall(r"`\[phrase\] (\w+)`", page.read_text()))
    assert told - {option.name for option in OPTIONS} == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_names_in_the_text_are_words_of_the_code(page):
    name = re.compile(r"\b(?:Phrase[A-Z]\w+|[a-z]+_\w+)\b")
    told = {word for code in inline_code(page) for word in name.findall(code)}
    assert told - words_of_the_code() - AIRFLOWS == set()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_pictures_lead_to_files(page):
    included = (*directives("figure"), *directives("literalinclude"), *directives("include"))
    named = targets(page) + [fence.argument for fence in included if fence.page == page]
    assert [target for target in named if not (page.parent / target).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_make_commands_in_the_text_exist(page):
    told = set(re.findall(r"`make ([a-z-]+)", page.read_text()))
    # Of `make bench-NAME`.
    assert told - make_targets() - {"bench-"} == set()


def test_every_page_is_in_a_menu():
    listed = {line for menu in directives("toctree") for line in menu.text.splitlines()}
    pages = {page.relative_to(DOCS).with_suffix("").as_posix() for page in DOCS.rglob("*.md")}
    assert pages - listed == {"index"}


def test_form_page_and_error_say_alike_where_a_token_is_made():
    place = "Settings, Profile, Access tokens"
    assert place in ui_field_behaviour()["placeholders"]["password"]
    assert place in (DOCS / "connection.md").read_text().replace("**", "")
    assert place in (PACKAGE / "api/auth/exchange.py").read_text()


@pytest.mark.parametrize("picture", sorted((DOCS / "images").glob("*.png")), ids=lambda path: path.name)
def test_pictures_are_small_and_shown(picture):
    assert picture.stat().st_size < 150_000
    assert any(picture.name in fence.argument for fence in directives("figure"))


@pytest.mark.skipif(not (ROOT / ".ci").exists(), reason="not in a checkout")
@pytest.mark.parametrize("page", [DOCS / "architecture.md", ROOT / "CONTRIBUTING.md"], ids=name_of)
def test_rooms_and_files_that_are_named_exist(page):
    named = [
        code
        for code in inline_code(page)
        if re.fullmatch(r"\.?[\w-]+(/[\w.*-]*)+|[\w-]+\.(py|md|toml)", code)
    ]
    assert len(named) > 15
    missing = [
        name
        for name in named
        if name not in LATER and not any(list(folder.glob(name.rstrip("/"))) for folder in (PACKAGE, ROOT))
    ]
    assert missing == []


def test_every_room_is_told():
    table = (DOCS / "architecture.md").read_text().partition("| Room |")[2].partition("\n\n")[0]
    told = set(re.findall(r"`(\w+)/`", "\n".join(row.split(" | ")[0] for row in table.splitlines())))
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == told


@pytest.mark.parametrize("file", sorted((DOCS / "figures").glob("*.json")), ids=lambda path: path.name)
def test_figures_are_those_of_a_benchmark_and_met_their_goals(file):
    assert f"bench-{file.stem}" in make_targets()
    figures = json.loads(file.read_text())["figures"]
    assert figures
    assert [figure["figure"] for figure in figures if not figure["met"]] == []
    assert all(figure["figure"].replace("|", r"\|") in tables.benchmarks() for figure in figures)
