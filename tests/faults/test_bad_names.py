"""Names that files, logs or Phrase cannot have are refused before anything is sent, and printed escaped."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from task_runs import context, run

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.exports import PhraseTmsExportTargetFileOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

#: What a name has in it, and how that is printed.
UNPRINTABLE = [
    (b"caf\xe9", r"caf\udce9", "is not valid UTF-8"),
    (b"two\nlines", r"two\nlines", "control characters"),
    (b"\x1b[2Jclear", r"\x1b[2Jclear", "control characters"),
    ("line\u2028end".encode(), r"line\u2028end", "line breaks"),
]


def plan(source, folder, **arguments):
    given = {"target_langs": ["de"], "target_folder": f"{folder}/out", **arguments}
    return PhrasePlanOperator(task_id="plan", source=source, **given).execute(context())


def upload(source, **arguments):
    task = PhraseTmsCreateJobsOperator(task_id="upload", project_uid="p", source=source, **arguments)
    return task.execute(context())


def create_project(**arguments):
    given = {"template": "Translation", "batch_id": "b", **arguments}
    return PhraseTmsCreateProjectFromTemplateOperator(task_id="project", **given).execute(context())


def put(path: bytes | str) -> None:
    Path(os.fsdecode(path)).parent.mkdir(parents=True, exist_ok=True)
    Path(os.fsdecode(path)).write_bytes(b"Two words")


@pytest.mark.parametrize(("name", "printed", "reason"), UNPRINTABLE)
@pytest.mark.parametrize("place", [b"in/%s.md", b"in/%s/a.md"])
def test_file_with_an_unprintable_name_or_folder(phrase, tmp_path, name, printed, reason, place):
    put(os.fsencode(tmp_path) + b"/" + place % name)
    for task in (lambda source: plan(source, tmp_path), upload):
        with pytest.raises(PhraseInputError) as caught:
            task(f"{tmp_path}/in/**/*")
        assert reason in str(caught.value)
        assert printed in str(caught.value)
        assert str(caught.value).isprintable()
    assert phrase.sent() == []


def test_source_with_a_null_byte(phrase, tmp_path):
    for task in (lambda source: plan(source, tmp_path), upload):
        with pytest.raises(PhraseInputError, match=r"a\\x00b\.md has control characters"):
            task(f"{tmp_path}/a\0b.md")
    assert phrase.sent() == []


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("out\n{lang}/a.md", r"out\\n.* has control characters"),
        ("out/\0.md", r"\\x00\.md' has control characters"),
        ("out/caf\udce9.md", r"caf\\udce9\.md' is not valid UTF-8"),
        ("out/../../a.md", r"has '\.\.' in it"),
        ("out\\a.md", "has a backslash"),
        ("out/" + "ä" * 127 + ".md", "has a name of 257 bytes, 255 are possible"),
        ("d" * 256 + "/a.md", "has a name of 256 bytes"),
    ],
)
def test_target_that_no_file_can_have(phrase, tmp_path, target, reason):
    put(f"{tmp_path}/a.md")
    planned = {
        "path": f"{tmp_path}/a.md",
        "relative_path": "a.md",
        "size": 9,
        "targets": {"de": f"{tmp_path}/{target}"},
    }
    with pytest.raises(PhraseInputError, match=reason):
        upload(planned)
    with pytest.raises(PhraseInputError, match=reason):
        run(
            PhraseTmsExportTargetFileOperator,
            project_uid="p",
            job_uid="j",
            target_path=f"{tmp_path}/{target}",
        )
    assert phrase.sent() == []
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize(
    "change",
    [
        {"relative_path": "../a.md"},
        {"relative_path": "x/../../a.md"},
        {"relative_path": "x\\a.md"},
        {"relative_path": "/a.md"},
        {"relative_path": "x//a.md"},
        {"relative_path": "./a.md"},
        {"relative_path": ""},
        {"relative_path": "a\n.md"},
        {"relative_path": None},
        {"relative_path": ["a.md"]},
        {"path": "{folder}/x/../a.md"},
        {"path": "a.md"},
        {"path": "{folder}/a\0.md"},
        {"path": 7},
        {"size": "9"},
        {"targets": ["{folder}/out/a.md"]},
        {"targets": {"de": None}},
    ],
)
def test_planned_file_that_was_tampered_with(phrase, tmp_path, change):
    put(f"{tmp_path}/a.md")
    (item,) = plan(f"{tmp_path}/a.md", tmp_path)
    item |= {
        key: value.format(folder=tmp_path) if isinstance(value, str) else value
        for key, value in change.items()
    }
    with pytest.raises(PhraseInputError, match=r"planned file|targets of .* are not paths"):
        upload([item])
    assert phrase.sent() == []


def test_planned_file_lacks_a_key(phrase, tmp_path):
    with pytest.raises(PhraseInputError, match="lacks its path, relative_path or size"):
        upload([{"path": f"{tmp_path}/a.md"}])
    assert phrase.sent() == []


@pytest.mark.parametrize(
    ("name", "content"), [("site.zip", b"PK\x03\x04.."), ("SITE.ZIP", b"x"), ("x/site", b"PK\x03\x04..")]
)
def test_zip_file_of_which_phrase_makes_several_jobs(phrase, tmp_path, name, content):
    put(f"{tmp_path}/in/a.md")
    put(f"{tmp_path}/in/{name}")
    (tmp_path / "in" / name).write_bytes(content)
    for task in (lambda source: plan(source, tmp_path), upload):
        with pytest.raises(PhraseInputError, match=r"is a ZIP file, .*several jobs.*give the files in it"):
            task(f"{tmp_path}/in/**/*")
    assert phrase.sent() == []
    (item,) = plan(f"{tmp_path}/in/a.md", tmp_path)
    with pytest.raises(PhraseInputError, match="is a ZIP file"):
        upload([item | {"relative_path": "a.zip"}])
    assert phrase.sent() == []


@pytest.mark.parametrize("template", ["", " ", "\n"])
def test_blank_template(phrase, template):
    with pytest.raises(PhraseInputError, match=r"is blank.*Give the uid or the exact name"):
        create_project(template=template)
    assert phrase.sent() == []


@pytest.mark.parametrize(
    ("batch_id", "printed"),
    [("web\n42", r"web\\n42"), ("web\0", r"web\\x00"), ("\x1b[31mred", r"\\x1b"), ("\ud800", r"\\ud800")],
)
def test_batch_id_with_control_characters(phrase, batch_id, printed):
    with pytest.raises(PhraseInputError, match=f"The batch id '.*{printed}.*one line") as caught:
        create_project(batch_id=batch_id)
    assert str(caught.value).isprintable()
    assert phrase.sent() == []


def test_table_of_the_plan_turns_no_text_around(tmp_path):
    from phrase_provider.files.plan import make_plan

    put(f"{tmp_path}/in/gpj.\u202eexe.md")
    table = make_plan(f"{tmp_path}/in/*", "de", f"{tmp_path}/out").table()
    assert "\u202e" not in table
    assert len(table.splitlines()) == 3
    assert r"gpj.\u202eexe.md" in table


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(("make", "reason"), [(_pipe, "is a pipe"), (_circle, "leads in a circle")])
def test_target_that_cannot_become_a_file(phrase, tmp_path, make, reason):
    put(f"{tmp_path}/a.md")
    target = tmp_path / "out.md"
    make(target)
    with pytest.raises(PhraseInputError, match=reason):
        plan(f"{tmp_path}/a.md", tmp_path, target_folder=str(tmp_path), target_naming="out.md")
    with pytest.raises(PhraseInputError, match=reason):
        run(PhraseTmsExportTargetFileOperator, project_uid="p", job_uid="j", target_path=str(target))
    assert phrase.sent() == []
