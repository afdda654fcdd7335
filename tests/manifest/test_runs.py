"""How runs are named in file names."""

from __future__ import annotations

import re

from phrase_provider.manifest.runs import run_folder, run_name


def test_name_is_fit_for_every_store_and_still_readable():
    name = run_name("nightly", "scheduled__2026-12-01T03:00:00+00:00")
    assert re.fullmatch(r"nightly\.scheduled__2026-12-01T03-00-00-00-00-[0-9a-f]{8}", name)


def test_runs_that_look_alike_have_names_of_their_own():
    names = {run_name(dag, run) for dag, run in [("a", "b:c"), ("a", "b+c"), ("a.b", "c"), ("a", "b.c")]}
    assert len(names) == 4


def test_long_name_keeps_its_end():
    name = run_name("d" * 250, "manual__2026-12-01")
    assert len(name) < 100
    assert "manual__2026-12-01" in name


def test_folder_lies_beside_the_manifest():
    assert run_folder("s3://bucket/m.jsonl", "r") == "s3://bucket/m.jsonl.runs/r"
