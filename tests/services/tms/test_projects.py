from __future__ import annotations

import unicodedata

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.projects import MAX_NAME, project_name, require_batch_id


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("Website", "Website web-42"),
        (" Website ", "Website web-42"),
        ("Website web-42 (beta)", "Website web-42 (beta)"),
        (unicodedata.normalize("NFD", "Größe"), "Größe web-42"),
    ],
)
def test_name_contains_the_batch_id_once(name, whole):
    assert project_name(name, "web-42") == whole


def test_name_has_no_more_characters_than_phrase_takes():
    longest = "x" * (MAX_NAME - len(" web-42"))
    assert len(project_name(longest, "web-42")) == MAX_NAME
    with pytest.raises(PhraseInputError, match=f"has {MAX_NAME + 1} characters, Phrase takes {MAX_NAME}"):
        project_name(f"{longest}x", "web-42")


@pytest.mark.parametrize(
    ("given", "batch_id"),
    [(" web-42\n", "web-42"), (42, "42"), (unicodedata.normalize("NFD", "frühjahr"), "frühjahr")],
)
def test_batch_id_is_the_same_in_whatever_form(given, batch_id):
    assert require_batch_id(given) == batch_id


@pytest.mark.parametrize("empty", [None, "", " \n"])
def test_batch_id_is_required(empty):
    with pytest.raises(PhraseInputError, match="The batch id is empty"):
        require_batch_id(empty)


@pytest.mark.parametrize("batch_id", ["web\n42", "web\x0042", "web\udcff"])
def test_batch_id_that_is_no_line_of_text_is_refused(batch_id):
    with pytest.raises(PhraseInputError, match="The batch id 'web"):
        require_batch_id(batch_id)
