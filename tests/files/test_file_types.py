"""Files of types that Phrase is not known to take: named where a plan is shown, and never refused."""

from __future__ import annotations

import json

import pytest
from task_runs import context

from phrase_provider.__main__ import main
from phrase_provider.files.file_types import KNOWN_SUFFIXES
from phrase_provider.files.plan import make_plan
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.simulator.tms.files.file_types import supported


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in/app").mkdir(parents=True)
    (tmp_path / "in/guide.MD").write_text("Two words")
    (tmp_path / "in/LICENSE").write_text("Two words")
    (tmp_path / "in/app/setup.exe").write_bytes(b"MZ\0\0" + b"x" * 1000)
    return tmp_path


def plan(folder, **arguments):
    return make_plan(f"{folder}/in/**/*", "de", f"{folder}/out", **arguments)


def test_the_table_names_them(folder):
    lines = plan(folder).table().splitlines()
    assert [line for line in lines if "Warning" in line] == [
        f"Warning: {folder}/in/app/setup.exe: Phrase is not known to take .exe files"
    ]


def test_json_has_them(folder, capsys):
    given = [f"{folder}/in/**/*", "--target-lang", "de", "--target-folder", f"{folder}/out"]
    assert main(["plan", *given, "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert planned["warnings"] == [{"path": f"{folder}/in/app/setup.exe", "reason": "unknown type"}]
    assert planned["totals"]["files"] == 3


def test_the_task_warns_of_them_in_its_log(folder, capsys):
    given = {"source": f"{folder}/in/**/*", "target_langs": "de", "target_folder": f"{folder}/out"}
    PhrasePlanOperator(task_id="plan", **given).execute(context())
    assert f"not known to take: 1 of the plan's, {folder}/in/app/setup.exe." in capsys.readouterr().out


def test_known_types_alone_are_no_reason_to_warn(folder, capsys):
    assert plan(folder, exclude="*.exe").warnings == []
    given = {"source": f"{folder}/in/*", "target_langs": "de", "target_folder": f"{folder}/out"}
    PhrasePlanOperator(task_id="plan", **given).execute(context())
    shown = capsys.readouterr().out
    assert "The plan; nothing has been sent" in shown
    assert "not known" not in shown


def test_a_name_is_escaped_and_many_are_counted(folder):
    for number in range(60):
        (folder / f"in/{number}.bin\u202e").write_text("x")
    table = plan(folder).table()
    assert "\u202e" not in table
    assert table.count("\nWarning: ") == 51
    assert "Warning: 11 more files" in table


def test_the_local_phrase_takes_what_is_known():
    assert [suffix for suffix in sorted(KNOWN_SUFFIXES) if not supported(f"a{suffix}")] == []
    assert not supported("setup.exe")
