from __future__ import annotations

import pytest

from phrase_provider.api.tms.job_status import ENDED, PROGRESS, REWORK, JobStatus, meets, parse_status
from phrase_provider.exceptions import PhraseInputError


def test_every_status_is_on_the_way_or_off_it():
    assert set(PROGRESS) | REWORK | ENDED == set(JobStatus)
    assert len(PROGRESS) + len(REWORK) + len(ENDED) == len(JobStatus)


@pytest.mark.parametrize("wanted", PROGRESS)
def test_status_meets_those_before_it(wanted):
    met = {status for status in JobStatus if meets(status, wanted)}
    assert met == set(PROGRESS[PROGRESS.index(wanted) :])


@pytest.mark.parametrize("wanted", sorted(REWORK | ENDED))
def test_status_off_the_way_is_met_by_itself_alone(wanted):
    assert {status for status in JobStatus if meets(status, wanted)} == {wanted}


def test_status_that_phrase_may_add_meets_nothing():
    assert not any(meets("ON_THE_MOON", wanted) for wanted in JobStatus)


@pytest.mark.parametrize("written", ["DELIVERED", "delivered", JobStatus.DELIVERED])
def test_status_is_read_in_any_case(written):
    assert parse_status(written) is JobStatus.DELIVERED


@pytest.mark.parametrize("written", ["COMPLETED_BY_LINGUIST", "", "JOB_NOT_READY"])
def test_unknown_status_names_the_known_ones(written):
    with pytest.raises(PhraseInputError, match=r"Use one of NEW, EMAILED.*CANCELLED"):
        parse_status(written)
