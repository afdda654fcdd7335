"""Tables of the documentation that are made from the code, as Markdown."""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from phrase_provider import exceptions
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.config import OPTIONS, SECTION
from phrase_provider.connection_form import FIELDS, REGIONS
from phrase_provider.files import languages as languages_of
from phrase_provider.get_provider_info import get_provider_info
from phrase_provider.simulator.core.settings import Settings
from phrase_provider.simulator.server.faults import FaultRule
from phrase_provider.simulator.tms.actions.job_commands import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pydantic import BaseModel

ROOT = Path(__file__).parents[2]
KINDS = ("operators", "sensors", "triggers", "hooks")


def connection_fields() -> str:
    """Return the fields of a connection."""
    rows = [(field.label, f"`{field.name}`", field.description, _code(field.default)) for field in FIELDS]
    return table(("Field", "Key in Extra", "Meaning", "Default"), rows)


def regions() -> str:
    """Return the addresses of each region."""
    rows = [(f"`{name}`", *region) for name, region in REGIONS.items()]
    return table(("Region", "Platform URL", "TMS URL", "Strings URL"), rows)


def options() -> str:
    """Return the options of the provider's section in Airflow's configuration."""
    rows = [
        (
            f"`{option.name}`",
            f"`AIRFLOW__{SECTION}__{option.name}`".upper(),
            option.description,
            f"`{option.default:g}`",
        )
        for option in OPTIONS
    ]
    return table((f"Option in `[{SECTION}]`", "Environment variable", "Meaning", "Default"), rows)


def error_tree() -> str:
    """Return the errors as a nested list, each with its meaning and whether a later try can succeed."""
    return "\n".join(_error_lines(exceptions.PhraseError, 0))


def _error_lines(error: type[exceptions.PhraseError], depth: int) -> Iterator[str]:
    retried = " Can pass without a change by a person." if error.can_pass else ""
    meaning = first_paragraph(error)
    yield f"{'  ' * depth}- {{py:exc}}`~{error.__module__}.{error.__name__}`: {meaning}{retried}"
    for child in error.__subclasses__():
        if child.__module__ == exceptions.__name__:
            yield from _error_lines(child, depth + 1)


def language_formats() -> str:
    """Return how each format writes two languages."""
    languages = ("pt-BR", "zh-Hant-TW", "sr-Latn-RS")
    rows = [
        (f"`{form}`", *(f"`{languages_of.format_language(lang, form)}`" for lang in languages))
        for form in languages_of.FORMATS
    ]
    return table(("Value", *(f"`{lang}`" for lang in languages)), rows)


def simulator_settings() -> str:
    """Return the simulator's switches."""
    return _fields(Settings)


def fault_rules() -> str:
    """Return the fields of a fault rule that choose requests."""
    return _fields(FaultRule, only_told=True)


def simulator_commands() -> str:
    """Return what can be done to a job of the simulator."""
    return ", ".join(f"`{name}`" for name in COMMANDS) + "."


def fault_kinds() -> str:
    """Return what the kinds of faults do."""
    return to_markdown(inspect.cleandoc(FaultRule.__doc__ or "").partition("\n\n")[2])


def plan_help() -> str:
    """Return the options of the plan command."""
    return _help("phrase_provider", "plan")


def manifest_help(command: str) -> str:
    """Return the options of a command about manifests."""
    return _help("phrase_provider", "manifest", command)


def simulator_help() -> str:
    """Return the options of the simulator."""
    return _help("phrase_provider.simulator")


def _help(*command: str) -> str:
    # Not as wide as the terminal of whoever builds the site.
    environment = {**os.environ, "COLUMNS": "100"}
    shown = subprocess.run(
        [sys.executable, "-m", *command, "--help"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return f"```text\n{shown.stdout}```"


def make_commands() -> str:
    """Return the targets of the Makefile that have a description."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    found = re.findall(r"^([a-z%-]+):.*## (.*)", makefile, re.MULTILINE)
    rows = [(f"`make {name.replace('%', 'NAME')}`", does) for name, does in found]
    return table(("Command", "What it does"), rows)


def benchmarks() -> str:
    """Return the benchmarks: what each one does, and the figures that are kept of it."""
    return "\n\n".join(_benchmark(file) for file in sorted((ROOT / "benchmarks").glob("bench_*.py")))


def _benchmark(file: Path) -> str:
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    command, _, does = docstring.partition(": ")
    return f"## {command}\n\n{does[:1].upper()}{does[1:]}\n\n{_figures(file.stem.removeprefix('bench_'))}"


def _figures(name: str) -> str:
    path = ROOT / "docs/figures" / f"{name}.json"
    if not path.exists():
        return ""
    kept = json.loads(path.read_text(encoding="utf-8"))
    peers = list(dict.fromkeys(peer for figure in kept["figures"] for peer in figure["peers"]))
    head = ("Figure", "Unit", "This provider", "Floor", *peers)
    rows = [
        (
            figure["figure"],
            figure["unit"],
            *(_number(value) for value in (figure["ours"], figure["floor"])),
            *(_number(figure["peers"].get(peer)) for peer in peers),
        )
        for figure in kept["figures"]
    ]
    told = f"Measured on {kept['date']} with Python {kept['python']} and Airflow {kept['airflow']}."
    return f"{told}\n\n{table(head, rows)}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value == int(value) or value >= 100 else f"{value:.3g}"


def modules(kind: str) -> str:
    """
    Return the reference of all modules of a kind.

    :param kind: ``operators``, ``sensors``, ``triggers`` or ``hooks``, as in provider info.
    """
    return "\n".join(_module(name) for name in module_names(kind))


def module_names(kind: str) -> list[str]:
    """
    Return the modules that provider info lists.

    :param kind: its key there.
    """
    return [name for entry in get_provider_info()[kind] for name in entry["python-modules"]]


def _module(name: str) -> str:
    directive = f".. automodule:: {name}\n   :members:\n   :show-inheritance:\n"
    return f"## `{name}`\n\n```{{eval-rst}}\n{directive}```\n"


def base_classes() -> str:
    """Return the reference of the classes that operators, sensors and triggers extend."""
    listed = {name for kind in KINDS for name in module_names(kind)}
    found = {base: None for kind in KINDS for cls in classes(kind) for base in reversed(cls.__mro__)}
    return "\n".join(
        _class(base)
        for base in found
        if base.__module__.startswith("phrase_provider.")
        and base.__module__ not in listed
        and not base.__name__.startswith("_")
        and not base.__name__.endswith("Mixin")
    )


def client_resources() -> str:
    """Return the reference of the TMS client's resources, each with the attribute that holds it."""
    client = TmsClient.connect(ClientSettings("unused", *REGIONS["eu"]))
    held = {name: type(value) for name, value in vars(client).items() if not name.startswith("_")}
    package = TmsClient.__module__.rpartition(".")[0]
    return "\n".join(
        _class(kind, f"client.{name}", "   :members:\n   :no-show-inheritance:\n")
        for name, kind in held.items()
        if kind.__module__.startswith(package)
    )


def classes(kind: str) -> Iterator[type]:
    """Return the public classes of all modules of a kind."""
    for name in module_names(kind):
        module = import_module(name)
        for found in vars(module).values():
            if isinstance(found, type) and found.__module__ == name and not found.__name__.startswith("_"):
                yield found


def _class(documented: type, title: str = "", options: str = "   :show-inheritance:\n") -> str:
    directive = f".. autoclass:: {documented.__module__}.{documented.__name__}\n{options}"
    return f"## `{title or documented.__name__}`\n\n```{{eval-rst}}\n{directive}```\n"


def _fields(model: type[BaseModel], *, only_told: bool = False) -> str:
    told = _attribute_docs(model)
    rows = [
        (f"`{name}`", _code(field.default), told.get(name, ""))
        for name, field in model.model_fields.items()
        if name in told or not only_told
    ]
    return table(("Name", "Default", "Meaning"), rows)


def _attribute_docs(model: type) -> dict[str, str]:
    """Return the strings that follow a class's attributes."""
    told = re.compile(r'^    (\w+): [^\n]+\n    """(.*?)"""', re.MULTILINE | re.DOTALL)
    return {
        name: to_markdown(" ".join(text.split())) for name, text in told.findall(inspect.getsource(model))
    }


def first_paragraph(documented: Any) -> str:
    """
    Return the first paragraph of a docstring.

    :param documented: has one.
    """
    text = inspect.cleandoc(documented.__doc__ or "").partition("\n\n")[0]
    return to_markdown(" ".join(text.split()))


def to_markdown(text: str) -> str:
    """
    Return reST of a docstring as Markdown.

    :param text: with inline literals and roles only.
    """
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", text.replace("``", "`"))


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """
    Return a Markdown table.

    :param head: names of the columns.
    :param rows: cells.
    """
    columns = list(head)
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", r"\|") for cell in line) + " |" for line in lines)


def _code(default: Any) -> str:
    if default is None or default == "" or default == {}:
        return ""
    text = str(default).lower() if isinstance(default, bool) else str(default)
    return f"`{text}`"
