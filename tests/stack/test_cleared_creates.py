"""Creates that a person clears, and tries that Airflow spares."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from airflow_stack import AirflowStack, airflow_stack
from phrase_records import PhraseRecords

pytestmark = pytest.mark.stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, postgres_programs: Path) -> Iterator[AirflowStack]:
    with airflow_stack(tmp_path_factory.mktemp("cleared"), postgres_programs, ["cleared"]) as started:
        yield started


def test_each_clearing_creates_once_more_and_no_try_does(stack):
    phrase = stack.phrases["cleared"]
    source = stack.folder / "guide.md"
    source.write_text("Hello\n")
    run_id = stack.api.start("cleared", {"connection": "cleared", "source": str(source)})
    assert stack.api.end_of("cleared", run_id) == "success"
    assert created(phrase) == (1, 1)

    stack.api.clear("cleared", run_id, "jobs")
    assert stack.api.end_of("cleared", run_id) == "success"
    assert created(phrase) == (1, 2)

    stack.api.clear("cleared", run_id, "project")
    assert stack.api.end_of("cleared", run_id) == "success"
    assert created(phrase) == (2, 2)
    assert stack.api.tries("cleared", run_id) == {"project.-1": 4, "jobs.-1": 4}

    records = PhraseRecords(phrase)
    assert sorted(len(records.jobs(project)) for project in records.projects()) == [0, 2]


def created(phrase) -> tuple[int, int]:
    """Count the projects and the uploads that Phrase was asked for."""
    return len(phrase.requests("POST", "applyTemplate")), len(phrase.requests("POST", "/jobs$"))


def test_what_a_person_must_mend_spends_one_try(stack):
    run_id = stack.api.start("hopeless", {"connection": "cleared"})
    assert stack.api.end_of("hopeless", run_id) == "failed"
    assert stack.api.tries("hopeless", run_id) == {"project.-1": 1}
