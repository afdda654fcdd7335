from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseOutcomeUnknownError, PhraseServerError, PhraseValidationError

URL = "https://tms.test/web/api2/v1/projects/p1/jobs/clone"


@pytest.mark.parametrize("status", [200, 201, 202])
def test_clones_are_asked_for_by_job_and_any_success_counts(client, requests_mock, status):
    requests_mock.post(URL, status_code=status, json={"jobs": [{"uid": "c1"}]})
    assert client.job_clones.create("p1", {"j1": ["sv", "pt_br"], "j2": ("sv",)}) == [{"uid": "c1"}]
    assert requests_mock.last_request.json() == {
        "jobPartTargetLangs": [
            {"jobPart": {"uid": "j1"}, "targetLangs": ["sv", "pt_br"]},
            {"jobPart": {"uid": "j2"}, "targetLangs": ["sv"]},
        ]
    }


def test_unknown_outcome_is_not_sent_again(client, requests_mock):
    requests_mock.post(URL, status_code=502)
    with pytest.raises(PhraseOutcomeUnknownError):
        client.job_clones.create("p1", {"j1": ["sv"]})
    assert requests_mock.call_count == 1


def test_answer_without_jobs_says_nothing_of_what_happened(client, requests_mock):
    requests_mock.post(URL, json={})
    with pytest.raises(PhraseOutcomeUnknownError) as caught:
        client.job_clones.create("p1", {"j1": ["sv"]})
    assert isinstance(caught.value.__cause__, PhraseServerError)


def test_refusal_is_no_unknown_outcome(client, requests_mock):
    requests_mock.post(URL, status_code=400, json={"errorCode": "InvalidArguments"})
    with pytest.raises(PhraseValidationError, match="InvalidArguments"):
        client.job_clones.create("p1", {"j1": ["sv"]})
