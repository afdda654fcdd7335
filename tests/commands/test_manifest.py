"""The commands about manifests."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from manifest_lines import at, line

from phrase_provider.__main__ import main
from phrase_provider.manifest.lock import held
from phrase_provider.manifest.manifest import Manifest


@pytest.fixture
def manifest(tmp_path):
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    done = {"sha256": "a", "target_source_sha256": "a", "delivered_at": at(5), "words": 4}
    manifest.add("one", [line("a.md", "de", **done), line("b\u202e.md", "de", status="NEW")])
    return manifest


def test_status_is_a_table(manifest, capsys):
    assert main(["manifest", "status", manifest.location]) == 0
    out = capsys.readouterr().out
    assert out.splitlines()[1].split() == ["de", "1", "0", "1", "0", "0"]
    assert r"missing     b\u202e.md (de)" in out


def test_status_can_be_written_as_json(manifest, tmp_path):
    arguments = ["--json", f"{tmp_path}/status.json", "--target-lang", "de", "--target-lang", "pt-BR"]
    assert main(["manifest", "status", manifest.location, *arguments]) == 0
    written = json.loads((tmp_path / "status.json").read_text())
    assert written["translations"]["missing"] == 3


def test_status_of_no_manifest_is_empty(tmp_path, capsys):
    assert main(["manifest", "status", f"{tmp_path}/none.jsonl"]) == 0
    assert capsys.readouterr().out.splitlines()[1].split() == ["all", "0", "0", "0", "0", "0"]


def test_damaged_manifest_is_refused_by_name(manifest, tmp_path, capsys):
    (tmp_path / "m.jsonl").write_text("{")
    assert main(["manifest", "status", manifest.location]) == 2
    assert "Line 1 of" in capsys.readouterr().err


def test_parts_are_compacted(manifest, capsys):
    assert main(["manifest", "compact", manifest.location]) == 0
    assert capsys.readouterr().out == "2 lines, 1 part merged, 0 removed.\n"


def test_compaction_that_is_at_work_is_an_error(manifest, capsys):
    with held(manifest.parts_folder):
        assert main(["manifest", "compact", manifest.location]) == 1
    assert "Another compaction holds" in capsys.readouterr().err


def test_local_manifests_need_no_airflow(manifest):
    code = "import sys; from phrase_provider.__main__ import main; main(sys.argv[1:]); print(*sys.modules)"
    command = [sys.executable, "-c", code, "manifest", "status", manifest.location]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not set(done.stdout.splitlines()[-1].split()) & {"airflow", "requests"}


@pytest.fixture
def project_uid(phrase):
    project_uid, _ = phrase.jobs("de", "fr")
    return project_uid


def test_status_says_on_request_who_has_what_is_open(phrase, project_uid, manifest, capsys):
    main(["manifest", "rebuild", manifest.location, "--project", project_uid])
    assert main(["manifest", "status", manifest.location, "--queues"]) == 0
    assert "a.md (fr): since 20" in (out := capsys.readouterr().out)
    assert ", nobody shown (NEW)" in out


def test_manifest_is_rebuilt_over_an_airflow_connection(phrase, project_uid, manifest, capsys):
    assert main(["manifest", "rebuild", manifest.location, "--project", project_uid]) == 0
    assert capsys.readouterr().out.endswith("m.jsonl: 2 lines from 1 project.\n")
    assert manifest.read().keys() == {("a.md", "de"), ("a.md", "fr")}
    assert manifest.parts() == []


def test_manifest_is_rebuilt_with_a_token_from_the_environment(phrase, project_uid, manifest, monkeypatch):
    told = json.loads(os.environ["AIRFLOW_CONN_PHRASE_DEFAULT"])
    monkeypatch.delenv("AIRFLOW_CONN_PHRASE_DEFAULT")
    monkeypatch.setenv("PHRASE_API_TOKEN", told["password"])
    monkeypatch.setenv("PHRASE_PLATFORM_URL", told["extra"]["platform_url"])
    monkeypatch.setenv("PHRASE_TMS_URL", told["extra"]["tms_url"])
    arguments = ["--project", project_uid, "--checksums", "--base", "/in"]
    assert main(["manifest", "rebuild", manifest.location, *arguments]) == 0
    found = manifest.read()["a.md", "de"]
    assert (len(found["sha256"]), found["path"]) == (64, "/in/a.md")


def test_project_that_is_gone_leaves_the_manifest_as_it_is(phrase, manifest, capsys):
    before = manifest.read()
    assert main(["manifest", "rebuild", manifest.location, "--project", "nowhere"]) == 1
    assert "404" in capsys.readouterr().err
    assert manifest.read() == before


@pytest.mark.parametrize("arguments", [[], ["--project", "a", "--batch-id", "b"]])
def test_projects_are_named_in_one_way(manifest, arguments, capsys):
    with pytest.raises(SystemExit):
        main(["manifest", "rebuild", manifest.location, *arguments])
    assert "--batch-id" in capsys.readouterr().err
