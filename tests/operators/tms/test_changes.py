"""The plan of a run for content that never ends: what is listed, refused and sent, and what is not."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from manifest_lines import at, line
from task_runs import context

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseInputError, PhrasePlanLimitError
from phrase_provider.files import fingerprints, stamps
from phrase_provider.files.sources import open_source
from phrase_provider.files.storage import filesystem
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.manifest.runs import run_name
from phrase_provider.operators.tms.changes import PhraseTmsPlanChangesOperator
from phrase_provider.services.tms.changes.source_changes import ChangeList
from phrase_provider.services.tms.updates.source_update_notes import UpdateNote, UpdateNotes, UpdateState
from phrase_provider.services.tms.updates.update_records import records_beside

LANGS = ("de", "pt_br")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    # Files of a test are as fresh as they can be.
    monkeypatch.setattr(stamps, "SETTLING", -60)
    for name in ("a.md", "b.md", "x/c.md"):
        write(tmp_path, name, f"Text of {name}")
    return tmp_path


def write(folder, name, text):
    path = folder / "in" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def run(folder, told=None, **arguments):
    given = {
        "source": f"{folder}/in/**/*.md",
        "target_langs": ["de", "pt-BR"],
        "target_folder": f"{folder}/out",
        "batch_id": "docs",
    }
    return PhraseTmsPlanChangesOperator(task_id="changes", **given | arguments).execute(told or context())


def changes_of(row):
    return {change["relative_path"]: change for change in ChangeList(row["changes"]).read()}


def delivered(folder, name, lang, **facts):
    """A line of a file that is delivered as it is now."""
    content = (folder / "in" / name).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    written = {"de": "de", "pt_br": "pt-BR"}.get(lang, lang)
    known = {
        "path": f"{folder}/in/{name}",
        "base": f"{folder}/in",
        "sha256": sha256,
        "size": len(content),
        "words": 3,
        "project_uid": "p",
        "job_uid": f"{name}-{lang}".replace("/", "-"),
        "status": "DELIVERED",
        "target_path": f"{folder}/out/{written}/{name}",
        "target_source_sha256": sha256,
        "delivered_at": at(1),
    }
    return line(name, lang, **known | facts)


@pytest.fixture
def manifest(folder):
    manifest = Manifest(f"{folder}/out/phrase-manifest.jsonl")
    manifest.add(
        "earlier", [delivered(folder, n, lang) for n in ("a.md", "b.md", "x/c.md") for lang in LANGS]
    )
    return manifest


@pytest.fixture
def in_phrase(phrase, folder):
    """Have the files in Phrase, completed and delivered, and in the manifest."""
    project_uid = phrase.project(*LANGS, steps=2)
    lines = []
    for name in ("a.md", "b.md"):
        phrase.upload(project_uid, name, LANGS)
    phrase.import_files()
    jobs = {}
    for part in phrase.client.jobs.list(project_uid, levels=[2]):
        phrase.client.jobs.set_status(project_uid, part["uid"], JobStatus.DELIVERED)
        key = part["filename"], part["targetLang"]
        jobs[key] = part["uid"]
        lines.append(delivered(folder, *key, project_uid=project_uid, job_uid=part["uid"]))
    Manifest(f"{folder}/out/phrase-manifest.jsonl").add("earlier", lines)
    (folder / "in/x/c.md").unlink()
    phrase.forget()
    return SimpleNamespace(project_uid=project_uid, jobs=jobs)


def test_first_run_finds_everything_new_and_asks_phrase_for_nothing(phrase, folder):
    told = context()
    row = run(folder, told)
    name = run_name("dag", told["ti"].run_id)
    beside = f"{folder}/out/phrase-manifest.jsonl"
    assert row == {
        "changes": f"{beside}.runs/{name}/changes.jsonl",
        "jobs": f"{beside}.runs/{name}/jobs.jsonl",
        "manifest": beside,
        "run": name,
        "batch_id": "docs",
        "base": f"{folder}/in",
        "new": 3,
        "changed": 0,
        "languages": 0,
        "deleted": 0,
        "open": 0,
        "ready": 0,
        "words": 18,
        "todo": True,
    }
    assert len(json.dumps(row)) < 1000
    change = changes_of(row)["x/c.md"]
    assert (change["kind"], change["words"], change["target_langs"]) == ("new", 3, list(LANGS))
    assert change["targets"] == {"de": f"{folder}/out/de/x/c.md", "pt_br": f"{folder}/out/pt-BR/x/c.md"}
    assert phrase.sent() == []


def test_run_without_a_change_has_nothing_to_do(phrase, folder, manifest):
    row = run(folder)
    assert (row["todo"], row["words"], changes_of(row)) == (False, 0, {})
    assert len(manifest.parts()) == 1


def test_files_that_are_as_they_were_are_not_read(phrase, folder, manifest, monkeypatch):
    run(folder)

    def opened(path):
        raise AssertionError(f"{path} was read")

    monkeypatch.setattr("phrase_provider.files.fingerprints.open_source", opened)
    before = {path: path.stat().st_mtime_ns for path in (folder / "out").rglob("*") if path.is_file()}
    assert run(folder)["todo"] is False
    after = {path: path.stat().st_mtime_ns for path in (folder / "out").rglob("*") if path.is_file()}
    assert [path.name for path in after if after[path] != before.get(path)] == ["changes.jsonl"]


def test_file_that_was_changed_within_a_clock_tick_is_seen(phrase, folder, manifest, monkeypatch):
    """Same size, and dates set back: nothing but the content tells."""
    monkeypatch.setattr(stamps, "SETTLING", 3)
    run(folder)
    write(folder, "a.md", "Text of A.md")
    assert [change["kind"] for change in changes_of(run(folder)).values()] == ["changed"]


def test_each_kind_of_change_is_told(phrase, folder, manifest):
    write(folder, "a.md", "Text of a.md has changed")
    write(folder, "new.md", "One")
    (folder / "in/b.md").unlink()
    manifest.add("earlier", [delivered(folder, "x/c.md", "de", delivered_at=None) | {"at": at(9)}])
    row = run(folder)
    assert (row["new"], row["changed"], row["open"], row["deleted"]) == (1, 1, 1, 1)
    assert row["words"] == 2 * 1 + 2 * 5
    found = {path: change["kind"] for path, change in changes_of(row).items()}
    assert found == {"a.md": "changed", "new.md": "new", "x/c.md": "open", "b.md": "deleted"}


def test_added_language_is_told_with_the_job_to_start_from(phrase, folder, manifest):
    row = run(folder, target_langs="de,pt-BR,fr")
    assert (row["languages"], row["new"], row["words"]) == (3, 0, 9)
    change = changes_of(row)["a.md"]
    assert (change["kind"], change["target_langs"]) == ("languages", ["fr"])
    assert change["jobs"]["de"] == {"project_uid": "p", "job_uid": "a.md-de"}


def test_target_that_is_wanted_elsewhere_is_taken_home_again(phrase, folder, manifest):
    row = run(folder, target_naming="{folder}/{stem}.{lang}{suffix}", language_format="posix")
    assert (row["open"], row["words"]) == (6, 0)
    assert changes_of(row)["x/c.md"]["targets"]["pt_br"] == f"{folder}/out/x/c.pt_BR.md"


def test_jobs_that_people_completed_again_are_open(phrase, folder, in_phrase):
    phrase.change_job(in_phrase.project_uid, in_phrase.jobs["a.md", "de"], status="COMPLETED")
    phrase.forget()
    row = run(folder)
    assert (row["open"], row["ready"], row["todo"]) == (1, 1, True)
    assert changes_of(row)["a.md"]["open_langs"] == ["de"]
    assert len(phrase.sent()) == 2


def test_unchanged_run_sends_two_requests_for_a_project_and_none_that_writes(phrase, folder, in_phrase):
    assert run(folder)["todo"] is False
    assert [request["method"] for request in phrase.sent()] == ["GET", "GET"]


def test_unchanged_run_sends_few_requests_however_many_projects_there_were(phrase, folder, manifest):
    projects = [phrase.project("de") for _ in range(9)]
    lines = [
        delivered(folder, "a.md", lang, project_uid=uid) | {"at": at(9 + number)}
        for number, uid in enumerate(projects)
        for lang in (f"l{number}",)
    ]
    manifest.add("earlier", lines)
    phrase.forget()
    assert run(folder)["todo"] is False
    # The project that the fixture speaks of is not in Phrase.
    assert len(phrase.sent()) in (7, 8)
    assert {request["method"] for request in phrase.sent()} == {"GET"}


def test_deleted_source_is_told_once_and_makes_nothing_to_do(phrase, folder, manifest):
    (folder / "in/b.md").unlink()
    row = run(folder)
    assert (row["deleted"], row["todo"]) == (1, False)
    assert changes_of(row)["b.md"]["target_langs"] == list(LANGS)
    assert manifest.read()["b.md", "de"]["deleted_at"]
    assert run(folder)["deleted"] == 0


def test_source_that_is_there_again_is_up_to_date(phrase, folder, manifest):
    text = (folder / "in/b.md").read_text()
    (folder / "in/b.md").unlink()
    run(folder)
    write(folder, "b.md", text)
    assert run(folder)["todo"] is False
    assert manifest.read()["b.md", "de"]["deleted_at"] is None


@pytest.mark.parametrize("on_delete", ["cancel", "remove"])
def test_deleted_source_is_left_to_whoever_acts_on_it(phrase, folder, manifest, on_delete):
    (folder / "in/b.md").unlink()
    row = run(folder, on_delete=on_delete)
    assert (row["deleted"], row["todo"]) == (1, True)
    assert "deleted_at" not in manifest.read()["b.md", "de"]


@pytest.mark.parametrize(
    "arguments",
    [
        {"exclude": "b.md"},
        {"exclude": ["b*"]},
        {"source": "{folder}/in/[ax]*"},
        {"source": "{folder}/in/a.md"},
    ],
)
def test_what_a_run_leaves_out_is_not_deleted(phrase, folder, manifest, arguments):
    given = {name: str(value).format(folder=folder) for name, value in arguments.items()}
    if isinstance(arguments.get("exclude"), list):
        given = arguments
    assert run(folder, base=f"{folder}/in", **given)["deleted"] == 0


def many(folder, count):
    for number in range(count):
        write(folder, f"many/{number}.md", "x")
    lines = [delivered(folder, f"many/{number}.md", lang) for number in range(count) for lang in LANGS]
    Manifest(f"{folder}/out/phrase-manifest.jsonl").add("earlier", lines)


def test_too_many_deleted_sources_are_refused(phrase, folder, manifest):
    many(folder, 30)
    for number in range(11):
        (folder / f"in/many/{number}.md").unlink()
    with pytest.raises(
        PhrasePlanLimitError, match=r"11 of 33 known source files are gone.*max_deleted_percent"
    ):
        run(folder)
    assert "deleted_at" not in manifest.read()["many/0.md", "de"]
    assert run(folder, max_deleted_percent="40")["deleted"] == 11


def test_few_deleted_sources_pass_whatever_their_share(phrase, folder, manifest):
    many(folder, 8)
    for number in range(8):
        (folder / f"in/many/{number}.md").unlink()
    assert run(folder, max_deleted_percent=0)["deleted"] == 8


def test_glob_that_finds_nothing_is_refused(phrase, folder, manifest):
    for path in (folder / "in").rglob("*.md"):
        path.unlink()
    with pytest.raises(PhraseInputError, match="nothing matches"):
        run(folder)


def test_another_base_is_refused(phrase, folder, manifest):
    with pytest.raises(
        PhraseInputError, match=rf"counts folders from {folder}/in, this run from {folder}:.*"
    ):
        run(folder, base=str(folder))


@pytest.mark.parametrize(("limit", "figure"), [("max_files", 1), ("max_words", "11"), ("max_words", 0)])
def test_limits_count_only_what_is_to_be_sent(phrase, folder, manifest, limit, figure):
    assert run(folder, **{limit: figure})["todo"] is False
    write(folder, "a.md", "Text of a.md has changed")
    write(folder, "new.md", "One")
    with pytest.raises(PhrasePlanLimitError, match=limit):
        run(folder, **{limit: figure})
    assert run(folder, max_files=2, max_words=12)["words"] == 12


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ({"target_naming": "{name}"}, "would both be written"),
        ({"target_folder": "{folder}/in", "manifest": "{folder}/m.jsonl"}, "matches the source"),
        ({"source": "{folder}/**/*"}, "The manifest's file .* matches the source"),
        ({"target_folder": "/proc/nowhere", "manifest": "{folder}/m.jsonl"}, "can be written"),
        ({"target_langs": "12"}, "not a language tag"),
        ({"on_delete": "burn"}, "on_delete is 'burn'"),
        ({"rotation": "weekly"}, "rotation is 'weekly'"),
        ({"batch_id": ""}, "batch id is empty"),
        ({"skip_empty": "perhaps"}, "skip_empty"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(phrase, folder, arguments, problem):
    given = {name: value.format(folder=folder, name="{name}") for name, value in arguments.items()}
    with pytest.raises(PhraseInputError, match=problem):
        run(folder, **given)
    assert phrase.sent() == []


def test_manifest_among_the_sources_is_fine_where_it_is_excluded(phrase, folder):
    assert run(folder, source=f"{folder}/**/*", exclude="out")["new"] == 3
    assert run(folder, source=f"{folder}/**/*", exclude="out")["new"] == 3


def test_manifest_without_checksums_is_refused(phrase, folder, manifest):
    manifest.add("rebuilt", [delivered(folder, "a.md", "de", sha256=None) | {"at": at(9)}])
    with pytest.raises(
        PhraseInputError, match=r"no checksum of .* 1 source file,.*a\.md.*rebuild --checksum"
    ):
        run(folder)
    assert run(folder, source=f"{folder}/in/b.md", base=f"{folder}/in")["todo"] is False


def test_two_files_that_are_one_to_phrase_are_refused(phrase, folder):
    write(folder, "o\u0308.md", "x")
    write(folder, "\xf6.md", "x")
    with pytest.raises(PhraseInputError, match="would both be"):
        run(folder)


def test_rotation_by_month_names_the_project(phrase, folder):
    month = time.strftime("%Y-%m", time.gmtime())
    assert run(folder, rotation="monthly")["batch_id"] in (f"docs-{month}", f"docs-{time.strftime('%Y-%m')}")


def test_project_that_is_gone_does_not_stop_the_run(phrase, folder, manifest, capsys):
    assert run(folder)["todo"] is False
    assert (
        "Project p is gone from Phrase; the manifest has 6 translations from it." in capsys.readouterr().out
    )


def test_another_try_of_the_same_run_writes_the_same_list(phrase, folder):
    told = context()
    assert run(folder, told) == run(folder, told)
    assert len(list(Path(f"{folder}/out/phrase-manifest.jsonl.runs").iterdir())) == 1


def test_objects_are_not_read_again_while_their_etags_are_the_same(phrase, s3, monkeypatch):
    """Sources, targets and manifest lie in a bucket."""

    def put(name, text):
        fs, inner = filesystem(f"{s3}/in/{name}")
        with fs.open(inner, "wb") as file:
            file.write(text.encode())

    def planned():
        return run(None, source=f"{s3}/in/**/*.md", target_folder=f"{s3}/out")

    put("a.md", "Two words")
    put("x/b.md", "Three words here")
    first = planned()
    assert (first["new"], first["words"], first["base"]) == (2, 10, f"{s3}/in")
    lines = [
        line(
            change["relative_path"],
            lang,
            sha256=change["sha256"],
            project_uid="p",
            job_uid="j",
            target_path=change["targets"][lang],
            target_source_sha256=change["sha256"],
            delivered_at=at(1),
        )
        for change in ChangeList(first["changes"]).read()
        for lang in LANGS
    ]
    Manifest(first["manifest"]).add("earlier", lines)
    opened = []
    monkeypatch.setattr(fingerprints, "open_source", lambda path: opened.append(path) or open_source(path))
    assert planned()["todo"] is False
    put("a.md", "Two words")
    assert planned()["todo"] is False
    assert opened == []
    put("a.md", "Two WORDS")
    assert planned()["changed"] == 1
    assert [path.rpartition("/")[2] for path in opened] == ["a.md"]


def test_update_that_was_broken_off_is_something_to_do(phrase, folder):
    manifest = Manifest(f"{folder}/out/phrase-manifest.jsonl")
    manifest.add(
        "one", [delivered(folder, name, lang) for name in ("a.md", "b.md", "x/c.md") for lang in LANGS]
    )
    assert not run(folder)["todo"]
    notes = UpdateNotes(records_beside(manifest))
    notes.write(UpdateNote("p1", "a.md", "another content", first_uids={"de": "j1"}))
    row = run(folder)
    assert (row["todo"], row["changed"]) == (True, 0)


def test_update_that_was_made_and_not_recorded_makes_a_file_another_one_than_phrase_has(phrase, folder):
    manifest = Manifest(f"{folder}/out/phrase-manifest.jsonl")
    lines = [delivered(folder, name, lang) for name in ("a.md", "b.md", "x/c.md") for lang in LANGS]
    manifest.add("one", lines)
    notes = UpdateNotes(records_beside(manifest))
    note = UpdateNote(lines[0]["project_uid"], "a.md", "another content", first_uids={"de": "j1"})
    notes.write(note.moved_to(UpdateState.UPDATED))
    row = run(folder)
    assert changes_of(row)["a.md"]["kind"] == "changed"
    assert changes_of(row)["a.md"]["target_langs"] == ["de"]
    assert notes.list() == []
