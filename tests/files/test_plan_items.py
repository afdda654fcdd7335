"""Planned files that changed before their upload: the word limit of the plan still holds."""

from __future__ import annotations

import pytest
from phrase_fixtures import UPLOAD
from task_runs import context

from phrase_provider.exceptions import PhrasePlanLimitError
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator


def planned(folder, langs="de,fr", **arguments):
    task = PhrasePlanOperator(
        task_id="plan",
        source=f"{folder}/in/*",
        target_langs=langs,
        target_folder=f"{folder}/out",
        **arguments,
    )
    return task.execute(context())


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("a.md", "b.md"):
        (tmp_path / "in" / name).write_text("Two words")
    return tmp_path


def upload(project_uid, items):
    return PhraseTmsCreateJobsOperator(task_id="task", project_uid=project_uid, source=items).execute(
        context()
    )


def test_files_that_grew_beyond_the_limit_of_the_plan_are_not_uploaded(phrase, folder):
    items = planned(folder, max_words=10)
    (folder / "in/b.md").write_text("Two words and two")
    phrase.forget()
    with pytest.raises(
        PhrasePlanLimitError, match=r"has 12 .*limit is 10 .*b\.md: 2, now 4.*Nothing was sent"
    ):
        upload("p", items)
    assert phrase.sent() == []


def test_files_that_grew_within_the_limit_are_uploaded(phrase, folder):
    items = planned(folder, max_words=12)
    (folder / "in/b.md").write_text("Two words and two")
    rows = upload(phrase.project("de", "fr"), items)
    assert len(rows) == 4
    assert [upload["body"] for upload in phrase.sent(**UPLOAD)] == ["Two words", "Two words and two"]


def test_items_of_an_older_plan_have_no_limit(phrase, folder):
    items = planned(folder, max_words=10)
    for item in items:
        del item["max_words"]
    (folder / "in/b.md").write_text("Two words and two")
    assert len(upload(phrase.project("de", "fr"), items)) == 4
