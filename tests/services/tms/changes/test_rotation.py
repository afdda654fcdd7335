"""Under which batch id new files are uploaded: one, one for each month, or the next after many jobs."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.changes.rotation import Rotation

NOW = datetime(2026, 12, 1, 3, tzinfo=UTC)


def project(phrase, name, jobs=0):
    template = phrase.template()["uid"]
    uid = phrase.client.projects.create_from_template(template, name=name, target_langs=["de", "fr"])["uid"]
    for number in range(jobs // 2):
        phrase.upload(uid, f"{number}.md", ["de", "fr"])
    phrase.forget()
    return uid


@pytest.mark.parametrize(
    ("rotation", "batch_id"),
    [("never", "docs"), (None, "docs"), ("", "docs"), ("Monthly", "docs-2026-12")],
)
def test_without_counting_nothing_is_asked(phrase, rotation, batch_id):
    assert Rotation(rotation).batch_id(phrase.client, "docs", NOW) == batch_id
    assert phrase.sent() == []


@pytest.mark.parametrize(("jobs", "number"), [(0, 1), (2, 1), (4, 2), (6, 2)])
def test_new_project_begins_when_the_latest_is_full(phrase, jobs, number):
    project(phrase, "Website docs-1", jobs)
    assert Rotation("4").batch_id(phrase.client, "docs", NOW) == f"docs-{number}"
    assert [request["method"] for request in phrase.sent()] == ["GET", "GET"]


def test_first_project_has_number_one(phrase):
    assert Rotation(4).batch_id(phrase.client, "docs", NOW) == "docs-1"


def test_latest_number_counts_also_of_an_archived_project(phrase):
    for number in (9, 10):
        project(phrase, f"Website docs-{number}")
    archived = project(phrase, "Website docs-11", 4)
    phrase.change_project(archived, archived=True)
    assert Rotation(4).batch_id(phrase.client, "docs", NOW) == "docs-12"


@pytest.mark.parametrize("name", ["Website docs-1a", "my docs", "mydocs-7", "docs-10-2", "docs-2026-12"])
def test_projects_of_other_batches_do_not_count(phrase, name):
    project(phrase, name)
    assert Rotation(4).batch_id(phrase.client, "docs", NOW) == "docs-1"


@pytest.mark.parametrize("rotation", ["weekly", "0", "-1", "1.5"])
def test_other_rotations_are_refused(rotation):
    with pytest.raises(PhraseInputError, match="rotation is"):
        Rotation(rotation)
