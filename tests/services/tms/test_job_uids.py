from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.job_uids import job_uids_of

ROW = {"job_uid": "a", "target_lang": "de"}


@pytest.mark.parametrize(
    ("given", "uids"),
    [
        ("a", ["a"]),
        (["b", "a", "b"], ["b", "a"]),
        (ROW, ["a"]),
        ([ROW, ROW | {"job_uid": "b"}], ["a", "b"]),
        ([[ROW], ["b", " "], []], ["a", "b"]),
    ],
)
def test_uids_are_found_in_every_form_and_once(given, uids):
    assert job_uids_of(given) == uids


@pytest.mark.parametrize("none", ["", " ", [], [[]], [""]])
def test_a_job_is_required(none):
    with pytest.raises(PhraseInputError, match="No job is given"):
        job_uids_of(none)
