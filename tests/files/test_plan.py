from __future__ import annotations

import json
from pathlib import Path

import pytest

from phrase_provider.exceptions import PhraseInputError, PhrasePlanLimitError
from phrase_provider.files.plan import Plan, make_plan


@pytest.fixture
def folder(tmp_path):
    for name, text in {
        "in/guide.en.md": "Two words",
        "in/app/strings.json": '{"key": "three more words"}',
        "in/web/strings.json": '{"key": "one"}',
    }.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def plan(folder: Path, langs=("de", "pt-BR"), source="in/**/*", target="out", **options) -> Plan:
    return make_plan(f"{folder}/{source}", langs, f"{folder}/{target}", **options)


def names(planned: Plan, folder: Path) -> list[str]:
    return [str(Path(target.target_path).relative_to(folder)) for target in planned.targets]


def test_each_file_meets_each_language(folder):
    planned = plan(folder)
    assert names(planned, folder) == [
        "out/de/app/strings.json",
        "out/pt-BR/app/strings.json",
        "out/de/guide.en.md",
        "out/pt-BR/guide.en.md",
        "out/de/web/strings.json",
        "out/pt-BR/web/strings.json",
    ]
    assert planned.target_langs == ["de", "pt_br"]
    assert [source.relative_path for source in planned.sources] == [
        "app/strings.json",
        "guide.en.md",
        "web/strings.json",
    ]
    assert [target.words for target in planned.targets] == [3, 3, 2, 2, 1, 1]
    assert planned.words == 12


def test_a_plan_writes_nothing(folder):
    plan(folder)
    assert [path.name for path in folder.iterdir()] == ["in"]


def test_a_plan_is_plain_json(folder):
    planned = plan(folder)
    data = json.loads(json.dumps(planned.as_dict()))
    assert data == planned.as_dict()
    assert data["totals"] == {"files": 3, "languages": 2, "targets": 6, "words": 12}


@pytest.mark.parametrize(
    ("naming", "form", "path"),
    [
        ("{lang}/{relative_path}", "bcp47", "pt-BR/guide.en.md"),
        ("{folder}/{stem}.{lang}{suffix}", "posix", "guide.en.pt_BR.md"),
        ("res/values-{lang}/{name}", "android", "res/values-pt-rBR/guide.en.md"),
        ("./x//{lang}/{name}", {"pt_br": "brasil"}, "x/brasil/guide.en.md"),
    ],
)
def test_targets_are_named_by_the_pattern(folder, naming, form, path):
    planned = plan(folder, ["pt-BR"], "in/*.md", target_naming=naming, language_format=form)
    assert names(planned, folder) == [f"out/{path}"]


def test_a_url_may_be_the_target_folder(folder):
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    attach("memory", conn_id="shop", fs=MemoryFileSystem())
    planned = make_plan(f"{folder}/in/*.md", "de", "memory://shop@bucket/out/")
    assert [target.target_path for target in planned.targets] == ["memory://shop@bucket/out/de/guide.en.md"]


def test_the_table_is_aligned_and_totalled(folder):
    lines = plan(folder).table().splitlines()
    column = lines[0].index("Language")
    assert lines[0].split() == ["File", "Words", "Language", "Target"]
    assert {line[column : column + 5].strip() for line in lines[1:-1]} == {"de", "pt_br"}
    assert all(line[column - 3].isdigit() for line in lines[1:-1])
    assert f"{folder}/out/pt-BR/guide.en.md" in lines[4]
    assert lines[-1] == "Total: 3 files, 2 languages, 6 targets, about 12 words"


@pytest.mark.parametrize("naming", ["{lang}/{basename}", "{lang}/{}", "{lang.__class__}", "{name[0]}"])
def test_an_unknown_field_lists_the_known_ones(folder, naming):
    with pytest.raises(PhraseInputError, match="unknown fields") as caught:
        plan(folder, target_naming=naming)
    assert "{lang}, {relative_path}, {folder}, {name}, {stem}, {suffix}" in caught.value.hint


def test_a_broken_pattern(folder):
    with pytest.raises(PhraseInputError, match="is broken"):
        plan(folder, target_naming="{lang/{name}")


@pytest.mark.parametrize("naming", ["/etc/{name}", "s3://bucket/{lang}/{name}"])
def test_an_absolute_pattern(folder, naming):
    with pytest.raises(PhraseInputError, match="is absolute"):
        plan(folder, target_naming=naming)


@pytest.mark.parametrize(
    "options", [{"target_naming": "../{lang}/{name}"}, {"language_format": {"de": "../de", "pt-BR": "br"}}]
)
def test_a_target_stays_below_its_folder(folder, options):
    with pytest.raises(PhraseInputError, match="not a file below the target folder"):
        plan(folder, **options)


def test_two_sources_with_one_target_are_both_named(folder):
    with pytest.raises(PhraseInputError, match="would both be written to") as caught:
        plan(folder, target_naming="{lang}/{name}")
    assert "in/app/strings.json" in caught.value.message
    assert "in/web/strings.json" in caught.value.message
    assert "{relative_path}" in caught.value.hint


@pytest.mark.parametrize(
    "options", [{"target_naming": "{relative_path}"}, {"language_format": {"de": "x", "pt-BR": "x"}}]
)
def test_two_languages_with_one_target(folder, options):
    with pytest.raises(PhraseInputError, match=r"\(de\) and .* \(pt_br\) would both be written") as caught:
        plan(folder, **options)
    assert "{lang}" in caught.value.hint


def test_a_target_never_overwrites_a_source(folder):
    (folder / "link").symlink_to(folder / "in")
    for target in ("in", "link"):
        with pytest.raises(PhraseInputError, match=r"would overwrite the source .*in/app/strings\.json"):
            plan(folder, ["de"], target=target, target_naming="{relative_path}")


def test_a_target_that_cannot_be_written(folder):
    (folder / "out").write_text("a file")
    with pytest.raises(PhraseInputError, match="Nothing can be written"):
        plan(folder)


def test_no_target_folder(folder):
    with pytest.raises(PhraseInputError, match="No target folder"):
        make_plan(f"{folder}/in/**/*", ["de"], " ")


def test_the_limit_on_files(folder):
    assert len(plan(folder, max_files=3).sources) == 3
    with pytest.raises(PhrasePlanLimitError, match="3 source files, the limit is 2") as caught:
        plan(folder, max_files=2)
    assert "max_files" in caught.value.hint


def test_the_limit_on_words_times_languages(folder):
    assert plan(folder, max_words=12).words == 12
    with pytest.raises(
        PhrasePlanLimitError, match="12 estimated words times languages, the limit is 11"
    ) as caught:
        plan(folder, max_words=11)
    assert "max_words" in caught.value.hint


@pytest.fixture
def store(folder):
    """The same files in a store."""
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    fs.pipe({f"/bucket/{path.relative_to(folder)}": path.read_bytes() for path in folder.rglob("*.*")})
    yield "memory://bucket"
    fs.store.clear()


@pytest.fixture(params=["local", "url"])
def place(request, folder):
    return folder if request.param == "local" else request.getfixturevalue("store")


@pytest.mark.parametrize(
    ("source", "target"),
    [("in/**/*", "in/out"), ("in/**/*.json", "in/app/targets"), ("in/*/strings.json", "in"), ("**/*", "out")],
)
def test_target_that_the_next_run_would_take_for_a_source_is_refused(place, source, target):
    options = {"target_naming": "{lang}.{folder}/{name}"}
    with pytest.raises(PhraseInputError, match=r"matches the source .*next run.*outside of the source"):
        plan(place, source=source, target=target, langs="de", **options)


@pytest.mark.parametrize(
    ("source", "target"),
    [("in/**/*", "in-out"), ("in/**/*", "in.de/in"), ("in/*.md", "in"), ("in/app/strings.json", "in/app")],
)
def test_target_beside_the_source_is_allowed(place, source, target):
    assert plan(place, source=source, target=target).targets


def test_a_target_is_no_folder_of_another(folder):
    forms = {"fr": "a/b/c", "de": "a"}
    with pytest.raises(PhraseInputError, match=r"would lie in a folder that is the target of") as caught:
        plan(folder, ["fr", "de"], "in/*.md", target_naming="{lang}", language_format=forms)
    assert "(fr)" in caught.value.message
    assert "(de)" in caught.value.message


def test_a_name_that_grows_too_long_by_its_pattern(folder):
    (folder / "in" / ("n" * 250 + ".md")).write_text("x")
    with pytest.raises(PhraseInputError, match="has a name of 256 bytes, 255 are possible"):
        plan(folder, ["de"], "in/n*.md", target_naming="{stem}.{lang}{suffix}")
