from __future__ import annotations

import json
import subprocess
import sys

import pytest

from phrase_provider.__main__ import main


@pytest.fixture
def arguments(tmp_path):
    source = tmp_path / "Größe.md"
    source.write_text("Two words")
    return [
        "plan",
        str(source),
        "--target-lang",
        "de",
        "--target-lang",
        "pt-BR",
        "--target-folder",
        f"{tmp_path}/out",
    ]


def test_a_table_by_default(arguments, capsys):
    assert main(arguments) == 0
    out = capsys.readouterr().out
    assert "out/pt-BR/Größe.md" in out
    assert out.endswith("Total: 1 file, 2 languages, 2 targets, about 4 words\n")


def test_json_on_request(arguments, capsys):
    assert (
        main([*arguments, "--json", "--target-naming", "{stem}.{lang}{suffix}", "--language-format", "posix"])
        == 0
    )
    data = json.loads(capsys.readouterr().out)
    assert [target["target_path"].rpartition("/")[2] for target in data["targets"]] == [
        "Größe.de.md",
        "Größe.pt_BR.md",
    ]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_name_that_turns_text_around_is_printed_escaped(tmp_path, capsys, form):
    (tmp_path / "gpj.\u202eexe.md").write_text("Two words")
    arguments = ["plan", f"{tmp_path}/*", "--target-lang", "de", "--target-folder", f"{tmp_path}/out"]
    assert main([*arguments, *form]) == 0
    out = capsys.readouterr().out
    assert "\u202e" not in out
    assert r"gpj.\u202eexe.md" in out
    if form:
        assert json.loads(out)["sources"][0]["relative_path"] == "gpj.\u202eexe.md"


def test_refused_name_is_printed_escaped_on_stderr(tmp_path, capsys):
    (tmp_path / "a\x1b[2J\n.md").write_text("Two words")
    assert main(["plan", f"{tmp_path}/*", "--target-lang", "de", "--target-folder", f"{tmp_path}/out"]) == 2
    err = capsys.readouterr().err
    assert err.removesuffix("\n").isprintable()
    assert r"a\x1b[2J\n.md" in err


def test_refused_input_is_explained_on_stderr(arguments, capsys):
    assert main([*arguments, "--max-words", "3"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "4 estimated words" in err
    assert "max_words" in err


def test_local_files_need_no_airflow(arguments):
    code = "import sys; from phrase_provider.__main__ import main; main(sys.argv[1:]); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "phrase_provider.files.plan" in loaded
    assert not loaded & {"airflow", "requests"}


def test_it_runs_as_a_module(arguments):
    command = [sys.executable, "-m", "phrase_provider", *arguments[:2], "--target-folder", "out"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--target-lang" in done.stderr
