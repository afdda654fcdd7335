from __future__ import annotations

import pytest

from phrase_provider.api.tms.job_batches import MAX_JOBS, is_complete, reasons_of
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseInputError, PhraseServerError

URL = "https://tms.test/web/api2/v3/jobs"


def test_many_parts_change_with_one_call(client, requests_mock):
    requests_mock.patch(URL, json={"updated": 2, "errors": []})
    result = client.job_batches.edit(["a", "b"], status=JobStatus.DELIVERED, date_due="2026-12-24T12:00:00Z")
    assert is_complete(result, 2)
    assert requests_mock.last_request.json() == {
        "jobs": [{"uid": "a"}, {"uid": "b"}],
        "status": "DELIVERED",
        "dateDue": "2026-12-24T12:00:00Z",
    }


def test_a_due_date_is_taken_away(client, requests_mock):
    requests_mock.patch(URL, json={"updated": 1, "errors": None})
    assert is_complete(client.job_batches.edit(["a"], clear_date_due=True), 1)
    assert requests_mock.last_request.json() == {"jobs": [{"uid": "a"}], "clearDateDue": True}


def test_a_change_is_sent_again_after_a_fault_that_passes(client, requests_mock):
    requests_mock.patch(URL, [{"status_code": 503}, {"json": {"updated": 1, "errors": []}}])
    client.job_batches.edit(["a"], status=JobStatus.NEW)
    assert requests_mock.call_count == 2


@pytest.mark.parametrize("number", [0, MAX_JOBS + 1])
def test_another_number_of_parts_than_a_call_takes_is_refused_before_it_is_sent(client, number):
    with pytest.raises(PhraseInputError, match=f"{number} jobs cannot be changed"):
        client.job_batches.edit(["a"] * number, status=JobStatus.NEW)


def test_a_change_of_nothing_is_refused_before_it_is_sent(client):
    with pytest.raises(PhraseInputError, match="Nothing to change"):
        client.job_batches.edit(["a"])


@pytest.mark.parametrize(
    "result", [{"updated": 1, "errors": []}, {"updated": 2, "errors": [{"code": "NotFound"}]}]
)
def test_fewer_parts_or_an_error_is_not_complete(result):
    assert not is_complete(result, 2)


def test_a_number_that_is_none_counts_for_nothing():
    with pytest.raises(PhraseServerError, match="updated"):
        is_complete({"updated": "many", "errors": []}, 1)


def test_an_answer_without_the_number_is_not_the_documented_one(client, requests_mock):
    requests_mock.patch(URL, json={"errors": []})
    with pytest.raises(PhraseServerError):
        client.job_batches.edit(["a"], status=JobStatus.NEW)


def test_reasons_are_named_once_each_and_fit_to_be_printed():
    error = {"code": "AccessDenied", "message": "No\nright", "args": {}}
    assert reasons_of({"updated": 0, "errors": [error, error]}) == "AccessDenied: No\\nright"


def test_only_some_reasons_of_many_are_named():
    errors = [{"code": f"E{number}", "message": None} for number in range(8)]
    assert reasons_of({"updated": 0, "errors": errors}) == "E0; E1; E2; E3; E4 and 3 more"


@pytest.mark.parametrize("errors", [None, "no", ["no"], [{"code": 7}]])
def test_reasons_that_cannot_be_read_are_none(errors):
    assert reasons_of({"updated": 0, "errors": errors}) == ""
