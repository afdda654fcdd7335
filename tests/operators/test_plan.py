from __future__ import annotations

import json

import pytest
from task_runs import context

from phrase_provider.exceptions import PhraseInputError, PhrasePlanLimitError
from phrase_provider.operators.plan import PhrasePlanOperator


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in/app").mkdir(parents=True)
    (tmp_path / "in/guide.md").write_text("Two words")
    (tmp_path / "in/app/strings.json").write_text('{"key": "one"}')
    return tmp_path


def plan(folder, **arguments):
    given = {"target_langs": ["de", "pt-BR"], "source": f"{folder}/in/**/*", "target_folder": f"{folder}/out"}
    return PhrasePlanOperator(task_id="plan", **given | arguments).execute(context())


def test_items_are_ready_to_be_mapped_over(phrase, folder):
    items = plan(folder)
    assert [(item["relative_path"], item["words"]) for item in items] == [
        ("app/strings.json", 1),
        ("guide.md", 2),
    ]
    assert items[1]["targets"] == {"de": f"{folder}/out/de/guide.md", "pt_br": f"{folder}/out/pt-BR/guide.md"}
    assert all(len(json.dumps(item)) < 1000 for item in items)


def test_nothing_is_sent_or_written(phrase, folder):
    plan(folder)
    assert phrase.sent() == []
    assert [path.name for path in folder.iterdir()] == ["in"]


def test_no_connection_is_needed(folder, monkeypatch):
    monkeypatch.delenv("AIRFLOW_CONN_PHRASE_DEFAULT", raising=False)
    assert len(plan(folder)) == 2


def test_empty_options_take_the_defaults(folder):
    assert plan(folder, target_naming="", language_format=None, base="", max_files=None) == plan(folder)


def test_options_are_passed_on(folder):
    (item,) = plan(
        folder,
        source=f"{folder}/in/guide.md",
        base=str(folder),
        target_naming="{folder}/{stem}.{lang}{suffix}",
        language_format="posix",
        target_langs="pt-BR",
    )
    assert item["targets"] == {"pt_br": f"{folder}/out/in/guide.pt_BR.md"}


@pytest.mark.parametrize("limit", [{"max_files": 1}, {"max_words": 5}, {"max_words": "5"}])
def test_limits_stop_the_run(phrase, folder, limit):
    with pytest.raises(PhrasePlanLimitError, match=next(iter(limit))):
        plan(folder, **limit)
    assert phrase.sent() == []


def test_more_targets_than_airflow_can_map_stop_the_run(folder, monkeypatch):
    monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "3")
    with pytest.raises(PhrasePlanLimitError, match=r"has 4 targets.*at most 3.*max_map_length"):
        plan(folder)
    monkeypatch.setenv("AIRFLOW__CORE__MAX_MAP_LENGTH", "4")
    assert len(plan(folder)) == 2


def test_languages_may_come_from_a_template_as_one_text(folder):
    assert plan(folder, target_langs="de,pt-BR, de") == plan(folder)


def test_bad_input_stops_the_run(folder):
    with pytest.raises(PhraseInputError, match="does not exist"):
        plan(folder, source=f"{folder}/nowhere.md")


@pytest.mark.parametrize("skip_empty", [True, "True", "true", "1"])
def test_files_are_left_out_as_templates_tell(phrase, folder, skip_empty):
    for name in ("empty.md", "drafts/a.md", "b.tmp"):
        (folder / "in/drafts").mkdir(exist_ok=True)
        (folder / "in" / name).write_text("")
    items = plan(folder, exclude="drafts\n*.tmp", skip_empty=skip_empty)
    assert [item["relative_path"] for item in items] == ["app/strings.json", "guide.md"]
    assert {"exclude", "skip_empty"} <= set(PhrasePlanOperator.template_fields)
    assert phrase.sent() == []


@pytest.mark.parametrize("skip_empty", [False, "False", "", None])
def test_empty_file_stops_the_run_unless_told_otherwise(folder, skip_empty):
    (folder / "in/empty.md").write_text("")
    with pytest.raises(PhraseInputError, match=r"empty\.md is empty"):
        plan(folder, skip_empty=skip_empty)


def test_what_is_neither_true_nor_false_is_refused(folder):
    with pytest.raises(PhraseInputError, match=r"skip_empty is 'maybe'.*true or false"):
        plan(folder, skip_empty="maybe")
