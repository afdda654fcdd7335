"""The report on a manifest, as a task."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from manifest_lines import at, line
from task_runs import context

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.manifest.lock import held
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.operators.manifest import PhraseManifestReportOperator


@pytest.fixture
def manifest(tmp_path):
    manifest = Manifest(f"{tmp_path}/m.jsonl")
    done = {"sha256": "a", "target_source_sha256": "a", "delivered_at": at(5)}
    manifest.add("one", [line("a.md", "de", **done), line("b.md", "de", status="NEW")])
    return manifest


def report(manifest, **arguments):
    task = PhraseManifestReportOperator(task_id="report", manifest=manifest.location, **arguments)
    return task.execute(context())


def test_counts_are_returned_and_the_table_is_in_the_log(manifest, capsys, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_PHRASE_DEFAULT", raising=False)
    assert report(manifest) == {
        "report": None,
        "up to date": 1,
        "deleted": 0,
        "missing": 1,
        "outdated": 0,
        "failed": 0,
    }
    assert "missing     b.md (de)" in capsys.readouterr().out


def test_every_translation_is_in_the_file(manifest, tmp_path):
    told = report(manifest, report=f"{tmp_path}/report.json", target_langs="de, pt-BR")
    written = json.loads((tmp_path / "report.json").read_text())
    assert (told["report"], told["missing"]) == (f"{tmp_path}/report.json", 3)
    assert [row["target_lang"] for row in written["rows"]] == ["pt_br", "de", "pt_br", "de"]


def test_report_says_who_has_what_is_open(phrase, manifest, tmp_path):
    project_uid, (uid,) = phrase.jobs("de")
    manifest.add(
        "two", [line("a.md", "de", 9, project_uid=project_uid, job_uid=uid, status="NEW", sha256="b")]
    )
    report(manifest, report=f"{tmp_path}/report.json", phrase_conn_id="phrase_default")
    queues = {
        row["source"]: row["queue"] for row in json.loads((tmp_path / "report.json").read_text())["rows"]
    }
    assert queues == {"a.md": "step 1 Translation, nobody shown (NEW)", "b.md": None}


def test_manifest_of_many_parts_becomes_one_file(manifest):
    manifest.add("two", [line("c.md")])
    report(manifest, max_parts=2)
    assert len(list(manifest.read())) == 3
    assert not Path(manifest.location).exists()
    report(manifest, max_parts=1)
    assert Path(manifest.location).exists()


def test_compaction_elsewhere_does_not_fail_the_report(manifest, capsys):
    with held(manifest.parts_folder):
        assert report(manifest, max_parts=0)["missing"] == 1
    assert "The manifest is not compacted. Another compaction holds" in capsys.readouterr().out


def test_damaged_manifest_is_named(manifest, tmp_path):
    (tmp_path / "m.jsonl").write_text("{")
    with pytest.raises(PhraseInputError, match=r"Line 1 of .*m\.jsonl"):
        report(manifest)
