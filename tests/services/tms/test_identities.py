"""One file is one file in Phrase, from whichever folder it is counted; and two are two."""

from __future__ import annotations

import json
import unicodedata

import pytest
from phrase_fixtures import UPLOAD
from task_runs import context

from phrase_provider.exceptions import (
    PhraseDuplicateSourceError,
    PhraseInputError,
    PhraseSourceChangedError,
)
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

CREATE = {"method": "POST", "path": "applyTemplate"}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in/docs").mkdir(parents=True)
    (tmp_path / "in/docs/a.html").write_text("<p>Hello</p>")
    (tmp_path / "in/index.html").write_text("<p>Welcome</p>")
    return tmp_path / "in"


def project(base=None, **arguments):
    given = {"template": "Translation", "batch_id": "web-42", "target_langs": "de", **arguments}
    task = PhraseTmsCreateProjectFromTemplateOperator(task_id="project", base=base, **given)
    return task.execute(context())["project_uid"]


def plan(source, base=None):
    task = PhrasePlanOperator(
        task_id="plan", source=str(source), target_langs="de", target_folder="/tmp/out", base=base
    )
    return task.execute(context())


def jobs(project_uid, source, **arguments):
    task = PhraseTmsCreateJobsOperator(task_id="jobs", project_uid=project_uid, source=source, **arguments)
    return [(row["relative_path"], row["job_uid"]) for row in task.execute(context())]


def run(source, base=None):
    """Do what the example DAG does, up to the upload."""
    planned = plan(source, base)
    return jobs(project(planned[0]["base"]), planned)


def note_of(phrase, project_uid):
    return phrase.client.projects.get(project_uid)["note"]


def test_base_is_in_the_plan_and_in_the_note(phrase, folder):
    assert {item["base"] for item in plan(f"{folder}/**/*")} == {str(folder)}
    run(f"{folder}/**/*")
    (found,) = phrase.client.projects.list()
    lines = note_of(phrase, found["uid"]).splitlines()
    assert lines[2] == f"[airflow-provider-phrase base {folder}]"
    assert lines[3] == "Please keep the lines in brackets: Airflow finds this project by them."


@pytest.mark.parametrize(("first", "then"), [("**/*", "docs/*.html"), ("docs/*.html", "**/*")])
def test_another_glob_of_the_batch_is_refused_with_both_bases(phrase, folder, first, then):
    run(f"{folder}/{first}")
    bases = [str(folder / glob.rpartition("/")[0]).removesuffix("/**") for glob in (first, then)]
    phrase.forget()
    told = f"counts folders from {bases[0]}, this run from {bases[1]}: .*Set base to {bases[0]}"
    with pytest.raises(PhraseInputError, match=told):
        run(f"{folder}/{then}")
    assert phrase.costly() == []


def test_another_glob_with_the_base_of_the_batch_finds_the_file(phrase, folder):
    first = dict(run(f"{folder}/**/*"))
    phrase.forget()
    assert run(f"{folder}/docs/*.html", base=f"{folder}/") == [("docs/a.html", first["docs/a.html"])]
    assert phrase.costly() == []


def test_base_is_refused_where_only_the_uploads_know_it(phrase, folder):
    project_uid = project(str(folder))
    with pytest.raises(PhraseInputError, match=f"from {folder}, this run from {folder}/docs"):
        jobs(project_uid, f"{folder}/docs/*.html")
    assert phrase.sent(**UPLOAD) == []


def test_project_from_before_there_were_bases_takes_that_of_the_first_run(phrase, folder):
    project_uid = project()
    assert "base" not in note_of(phrase, project_uid)
    assert project(str(folder)) == project_uid
    jobs(project_uid, plan(f"{folder}/**/*"))
    assert f"\n[airflow-provider-phrase base {folder}]\n" in note_of(phrase, project_uid)
    phrase.forget()
    assert run(f"{folder}/**/*")
    with pytest.raises(PhraseInputError, match=f"from {folder}, this run from {folder}/docs"):
        run(f"{folder}/docs/*.html")
    assert phrase.costly() == []
    assert phrase.sent("PATCH") == []


@pytest.mark.parametrize(("first", "then"), [("**/*", "docs/*.html"), ("docs/*.html", "**/*")])
@pytest.mark.parametrize("planned", [False, True])
def test_file_under_another_folder_is_not_charged_again(phrase, folder, first, then, planned):
    (folder / "index.html").unlink()
    project_uid = project()
    jobs(project_uid, f"{folder}/{first}")
    source = plan(f"{folder}/{then}") if planned else f"{folder}/{then}"
    note = note_of(phrase, project_uid)
    phrase.forget()
    told = r"a\.html is in the project already as (docs/)?a\.html, with the same content.*set base"
    with pytest.raises(PhraseDuplicateSourceError, match=told):
        jobs(project_uid, source)
    assert phrase.costly() == []
    assert note_of(phrase, project_uid) == note


def test_same_content_elsewhere_is_told_where_the_base_is_certain(phrase, folder, capsys):
    (folder / "a.html").write_text("<p>Hello</p>")
    project_uid = project(str(folder))
    for name in ("docs/a.html", "a.html"):
        jobs(project_uid, f"{folder}/{name}", base=str(folder))
    assert len(phrase.sent(**UPLOAD)) == 2
    told = capsys.readouterr().out
    assert "a.html is in the project already as docs/a.html, with the same content" in told
    assert "its words are charged once more" in told


def test_same_content_of_two_files_of_one_task_is_not_told(phrase, folder, capsys):
    (folder / "a.html").write_text("<p>Hello</p>")
    project_uid = project()
    phrase.simulator.fault(**UPLOAD, status=400, body={"errorCode": "X", "errorDescription": "No"})
    with pytest.raises(Exception, match=r"a\.html"):
        jobs(project_uid, f"{folder}/**/*")
    assert len(jobs(project_uid, f"{folder}/**/*")) == 3
    assert "once more" not in capsys.readouterr().out


def test_other_content_under_the_same_name_elsewhere_is_another_file(phrase, folder, capsys):
    project_uid = project()
    jobs(project_uid, f"{folder}/docs/a.html", base=str(folder))
    (folder / "web").mkdir()
    (folder / "web/a.html").write_text("<p>Another</p>")
    assert jobs(project_uid, f"{folder}/web/a.html", base=str(folder))
    assert "once more" not in capsys.readouterr().out


def test_only_some_of_many_namesakes_are_downloaded(phrase, folder):
    for number in range(30):
        (folder / f"x/{number}").mkdir(parents=True)
        (folder / f"x/{number}/index.html").write_text(f"<p>{number}</p>")
    project_uid = project()
    jobs(project_uid, f"{folder}/x/**/*", base=str(folder))
    phrase.forget()
    jobs(project_uid, f"{folder}/index.html", base=str(folder))
    assert len(phrase.sent("GET", "/original$")) == 20


def test_two_files_given_by_their_paths_alone_are_told_apart_by_a_base(phrase, tmp_path):
    for name in ("x", "y"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "r.md").write_text(name)
    project_uid = project()
    jobs(project_uid, f"{tmp_path}/x/r.md")
    phrase.forget()
    told = rf"{tmp_path}/y/r\.md would be r\.md in Phrase, without a folder.*set base to a folder above both"
    with pytest.raises(PhraseSourceChangedError, match=told) as caught:
        jobs(project_uid, f"{tmp_path}/y/r.md")
    assert "has changed" not in str(caught.value)
    assert phrase.costly() == []
    other = project(batch_id="web-43")
    paths = [jobs(other, f"{tmp_path}/{name}/r.md", base=str(tmp_path)) for name in ("x", "y")]
    assert [path for ((path, _),) in paths] == ["x/r.md", "y/r.md"]


@pytest.mark.parametrize("where", ["{}", "Hello\n{}\nBye", "See {} there"])
def test_marker_in_the_users_part_of_a_note_is_refused(phrase, where):
    marker = note_of(phrase, project()).splitlines()[0]
    phrase.forget()
    with pytest.raises(
        PhraseInputError, match=r"The note contains '\[airflow-provider-phrase'.*belong to one"
    ):
        project(batch_id="web-43", note=where.format(marker))
    assert phrase.sent() == []


def test_marker_that_a_person_puts_into_a_note_redirects_no_batch(phrase):
    first = project()
    lines = note_of(phrase, first).splitlines()
    template = phrase.template()["uid"]
    for note in (lines[0], f"See {lines[0]}\nand {lines[1]}", f"{lines[0]} {lines[1]}"):
        phrase.client.projects.create_from_template(template, name="Before web-42", note=note)
    phrase.client.projects.delete(first)
    others = {found["uid"] for found in phrase.client.projects.list()}
    assert len(others) == 3
    assert project() not in others


def test_marker_of_another_batch_above_that_of_a_project_does_not_count(phrase):
    lines = note_of(phrase, project(batch_id="web-4")).splitlines()
    second = project(batch_id="web-42")
    own = note_of(phrase, second)
    phrase.change_project(second, note="\n".join([*lines[:2], own]))
    for found in phrase.client.projects.list("web-4"):
        if found["uid"] != second:
            phrase.client.projects.delete(found["uid"])
    assert project(batch_id="web-4") != second
    assert project(batch_id="web-42") == second


@pytest.mark.parametrize("text", ["{}\n\nAsked Anna, she agrees.", "Moved up.\n\n{}", "{}\r\n"])
def test_what_a_person_adds_around_the_markers_changes_nothing(phrase, folder, text):
    project_uid = project(str(folder))
    note = note_of(phrase, project_uid).replace("\n", "\r\n" if "\r" in text else "\n")
    phrase.change_project(project_uid, note=text.format(note))
    assert project(str(folder)) == project_uid
    with pytest.raises(PhraseInputError, match="counts folders from"):
        project("/elsewhere")


@pytest.mark.parametrize(("first", "then"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_batch_id_is_the_same_however_its_accents_are_composed(phrase, first, then):
    found = [project(batch_id=unicodedata.normalize(form, "frühjahr-é")) for form in (first, then)]
    assert found[0] == found[1]
    (created,) = phrase.sent(**CREATE)
    name = json.loads(created["body"])["name"]
    assert unicodedata.is_normalized("NFC", name)


def test_project_of_an_earlier_version_is_found_by_its_decomposed_batch_id(phrase):
    from phrase_provider.idempotency.keys import short_hash

    batch_id, template = unicodedata.normalize("NFD", "frühjahr"), phrase.template()["uid"]
    note = (
        f"[airflow-provider-phrase batch {short_hash(template, batch_id)}]\n"
        f"[airflow-provider-phrase run {short_hash('dag/run/task/-1')}]"
    )
    before = phrase.client.projects.create_from_template(
        template, name=f"Translation {batch_id}", target_langs=["de"], note=note
    )["uid"]
    assert [project(batch_id=form) for form in (batch_id, "frühjahr")] == [before, before]


@pytest.mark.parametrize("base", ["/in\nside", "/in\udcff"])
def test_base_that_fits_on_no_line_is_refused(phrase, base):
    phrase.forget()
    with pytest.raises(PhraseInputError, match="The base "):
        project(base)
    assert phrase.sent() == []
