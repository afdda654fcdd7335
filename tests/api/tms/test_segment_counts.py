from __future__ import annotations

import pytest

from phrase_provider.api.tms.segment_counts import MAX_JOBS, Counts
from phrase_provider.exceptions import PhraseServerError

URL = "https://tms.test/web/api2/v1/projects/p1/jobs/segmentsCount"


def test_counts_are_given_by_job(client, requests_mock):
    counts = {"wordsCount": 9, "confirmedWordsCount": 4, "addedWords": 12, "charsCount": 50}
    results = [{"jobPartUid": "a", "counts": counts}, {"jobPartUid": "b", "counts": None}]
    requests_mock.post(URL, json={"segmentsCountsResults": results})
    assert client.segment_counts.get("p1", ["a", "b", "c"]) == {
        "a": Counts(9, 4, 12),
        "b": Counts(None, None, None),
    }
    assert requests_mock.last_request.json() == {"jobs": [{"uid": "a"}, {"uid": "b"}, {"uid": "c"}]}


def test_many_jobs_take_several_calls(client, requests_mock):
    requests_mock.post(URL, json={"segmentsCountsResults": []})
    client.segment_counts.get("p1", ["a"] * (2 * MAX_JOBS + 1))
    assert [len(request.json()["jobs"]) for request in requests_mock.request_history] == [100, 100, 1]


def test_no_job_takes_no_call(client, requests_mock):
    assert client.segment_counts.get("p1", []) == {}
    assert requests_mock.call_count == 0


def test_it_is_asked_again_after_a_fault_that_passes(client, requests_mock):
    requests_mock.post(URL, [{"status_code": 503}, {"json": {"segmentsCountsResults": []}}])
    assert client.segment_counts.get("p1", ["a"]) == {}


@pytest.mark.parametrize(
    "results", ["none", [7], [{"counts": {}}], [{"jobPartUid": "a", "counts": {"wordsCount": "many"}}]]
)
def test_answer_that_cannot_be_read_is_refused(client, requests_mock, results):
    requests_mock.post(URL, json={"segmentsCountsResults": results})
    with pytest.raises(PhraseServerError):
        client.segment_counts.get("p1", ["a"])
