"""The rooms of the house: which module may import which, and what importing one loads."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import phrase_provider

PACKAGE = Path(phrase_provider.__file__).parent
HEAVY = ("requests", "tenacity", "cryptography", "fsspec", "airflow.triggers")


def modules(folder: str) -> dict[str, Path]:
    """Find the modules below a folder of the package, by name."""
    files = {file.relative_to(PACKAGE.parent): file for file in sorted((PACKAGE / folder).rglob("*.py"))}
    return {
        ".".join(short.with_suffix("").parts).removesuffix(".__init__"): file for short, file in files.items()
    }


def imports(file: Path) -> Iterator[str]:
    """Name what a file imports anywhere in its text, also for types alone."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def imported_from(folder: str, *rooms: str) -> set[str]:
    """Give the imports from some rooms in the modules of a folder."""
    return {
        f"{module}: {name}"
        for module, file in modules(folder).items()
        for name in imports(file)
        if any(f"{name}.".startswith(f"{room}.") for room in rooms)
    }


def module_of(name: str, known: Mapping[str, Path]) -> str | None:
    """Return the module that an imported name is, or is of; None when it is none of these."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def cycle_of(files: Mapping[str, Path]) -> list[str]:
    """Return modules that import each other in a circle, also for types alone; empty when none do."""
    graph = {
        module: {module_of(name, files) for name in imports(file)} - {None, module}
        for module, file in files.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return error.args[1]
    return []


def upward_imports(folder: str, rooms: Sequence[str]) -> set[str]:
    """
    Return the imports from a room into a higher one, or into what lies beside the rooms, above them all.

    :param folder: has the rooms, below the package.
    :param rooms: folders or modules, the lowest first.
    """
    files = modules(folder)
    above = ".".join((PACKAGE.name, *Path(folder).parts))
    heights = {f"{above}.{room}": height for height, room in enumerate(rooms)}

    def height(module: str) -> int:
        room = module_of(module, dict.fromkeys(heights, PACKAGE))
        return heights[room] if room else len(rooms)

    return {
        f"{module}: {imported}"
        for module, file in files.items()
        for imported in {module_of(name, files) for name in imports(file)} - {None}
        if height(imported) > height(module)
    }


def rooms_without(*allowed: str) -> list[str]:
    rooms = {
        path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    return [f"phrase_provider.{room}" for room in sorted(rooms - {"__init__", *allowed})]


#: Rooms of the simulator, the lowest first; its docstring tells what they hold.
SIMULATOR_ROOMS = ("core", "tms", "webhooks", "server", "ui")
#: What each room may import beside itself; none of these imports Airflow when it is loaded.
MAY_IMPORT = {
    "api": {"exceptions", "text"},
    "files": {"api", "exceptions", "text"},
    "idempotency": {"_compat", "api", "config", "exceptions", "text"},
    "waiting": {"api", "config", "exceptions", "text"},
    "manifest": {"exceptions", "files", "text"},
    "services": {"api", "config", "exceptions", "files", "idempotency", "manifest", "text", "waiting"},
}


@pytest.mark.parametrize("room", MAY_IMPORT)
def test_rooms_import_downwards_only(room):
    assert imported_from(room, *rooms_without(room, *MAY_IMPORT[room])) == set()


def test_no_files_of_the_provider_import_each_other_in_a_circle():
    simulator = modules("simulator")
    assert cycle_of({name: file for name, file in modules("").items() if name not in simulator}) == []


@pytest.mark.parametrize(
    ("texts", "circle"),
    [
        ({"a": "import b", "b": "from c import x", "c": "def f():\n    import a"}, ["a", "b", "c"]),
        ({"a": "import b", "b": "from c import x", "c": ""}, []),
    ],
)
def test_circles_are_found_also_through_imports_within_functions(tmp_path, texts, circle):
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    assert sorted(set(cycle_of({name: tmp_path / name for name in texts}))) == circle


def test_no_files_of_the_simulator_import_each_other_in_a_circle():
    assert cycle_of(modules("simulator")) == []


def test_rooms_of_the_simulator_import_downwards_only():
    assert upward_imports("simulator", SIMULATOR_ROOMS) == set()


def test_every_folder_of_the_simulator_is_a_room():
    folders = {file.parent.name for file in (PACKAGE / "simulator").glob("*/__init__.py")}
    assert folders == set(SIMULATOR_ROOMS)


def test_upward_imports_are_found():
    found = upward_imports("simulator", SIMULATOR_ROOMS[::-1])
    assert "phrase_provider.simulator.tms.state: phrase_provider.simulator.core.state" in found
    assert not any(line.startswith("phrase_provider.simulator.app:") for line in found)


def test_ledger_knows_no_product():
    assert imported_from("idempotency", "phrase_provider.api.tms") == set()


@pytest.mark.parametrize("room", ["waiting", "triggers", "sensors"])
def test_what_is_outside_the_folder_of_a_product_knows_none(room):
    found = {line for line in imported_from(room, "phrase_provider") if ".tms" in line.partition(": ")[2]}
    assert {line for line in found if not line.startswith(f"phrase_provider.{room}.tms")} == set()
    assert found


def test_hub_knows_no_kind_of_wait():
    assert imported_from("waiting/hub", "phrase_provider.waiting.tms", "phrase_provider.api.tms") == set()


@pytest.mark.parametrize("room", ["api", "waiting"])
def test_client_and_waiting_are_plain_python(room):
    assert imported_from(room, "airflow") == set()


def test_simulator_imports_neither_airflow_nor_the_provider():
    assert imported_from("simulator", "airflow", *rooms_without("simulator")) == set()


def test_provider_imports_nothing_of_the_simulator():
    found = imported_from("", "phrase_provider.simulator")
    assert {name for name in found if not name.startswith("phrase_provider.simulator")} == set()


def test_the_search_sees_what_it_looks_for():
    assert "phrase_provider.api.session: requests" in imported_from("api", "requests")
    assert "phrase_provider.links: airflow.sdk.BaseOperatorLink" in imported_from("", "airflow.sdk")


#: What operators import when their task runs.
AT_WORK = {"phrase_provider.services.tms.jobs"}
PARSED = [
    *sorted(modules("operators").keys() - AT_WORK),
    *modules("sensors"),
    "phrase_provider.get_provider_info",
]
LOADED = """
import sys
import airflow.sdk
from airflow.sdk import BaseOperator, BaseSensorOperator
before = set(sys.modules)
import {module}
heavy = {heavy}
print(sorted(name for name in set(sys.modules) - before if name.startswith(heavy)), "requests" in sys.modules)
"""


def python(program: str, home: Path) -> str:
    """Run a program in a fresh interpreter; gives the last line that it printed."""
    environment = {"AIRFLOW_HOME": str(home), "_AIRFLOW__AS_LIBRARY": "1"}
    ended = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()[-1]


def test_what_airflow_parses_loads_nothing_heavy(tmp_path):
    program = LOADED.format(module=", ".join(PARSED), heavy=HEAVY)
    assert python(program, tmp_path) == "[] False"


@pytest.mark.parametrize(
    "module", ["phrase_provider.get_provider_info", "phrase_provider.simulator.pytest_plugin"]
)
def test_what_every_process_imports_does_not_import_airflow(module, tmp_path):
    assert python(f"import sys, {module}; print('airflow' in sys.modules)", tmp_path) == "False"


LOADS_ALL = """
import sys, {modules}
print(sorted(name for name in sys.modules if name.startswith({banned})))
"""


def loads(folder: str, home: Path, *banned: str) -> str:
    """Import every module of a folder; gives the modules that this loaded of what is banned."""
    chosen = [
        name
        for name in modules(folder)
        if not name.endswith("__main__") and (folder or not name.startswith("phrase_provider.simulator"))
    ]
    return python(LOADS_ALL.format(modules=", ".join(chosen), banned=banned), home)


def test_running_simulator_has_loaded_neither_airflow_nor_the_provider(tmp_path):
    assert loads("simulator", tmp_path, "airflow", *rooms_without("simulator")) == "[]"


def test_running_provider_has_loaded_nothing_of_the_simulator(tmp_path):
    assert loads("", tmp_path, "phrase_provider.simulator") == "[]"
