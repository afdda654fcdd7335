from __future__ import annotations

import io
import json

import pytest

from phrase_provider.api.tms.source_updates import MAX_JOBS, SourceUpdateRequest
from phrase_provider.exceptions import PhraseInputError, PhraseOutcomeUnknownError, PhraseServerError

URL = "https://tms.test/web/api2/v1/projects/p1/jobs/source"
ANSWER = {"asyncRequest": {"id": "7", "action": "UPDATE_SOURCE"}, "jobs": [{"uid": "j1"}]}


def start(client, **options):
    request = SourceUpdateRequest("août.md", ["j1", "j2"], **options)
    return client.source_updates.start("p1", request, lambda: io.BytesIO(b"Hello"))


def memsource(requests_mock):
    return json.loads(requests_mock.last_request.headers["Memsource"])


def test_the_file_is_sent_with_its_name_and_jobs(client, requests_mock):
    requests_mock.post(URL, json=ANSWER)
    assert start(client) == ANSWER
    headers = requests_mock.last_request.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"] == "attachment; filename*=UTF-8''ao%C3%BBt.md"
    assert headers["Content-Length"] == "5"
    assert memsource(requests_mock) == {"jobs": [{"uid": "j1"}, {"uid": "j2"}]}


def test_settings_are_sent_where_they_are_given(client, requests_mock):
    requests_mock.post(URL, json=ANSWER)
    start(client, pre_translate=True, post_analysis=False, callback_url="https://a.test/x")
    assert memsource(requests_mock) == {
        "jobs": [{"uid": "j1"}, {"uid": "j2"}],
        "preTranslate": True,
        "allowAutomaticPostAnalysis": False,
        "callbackUrl": "https://a.test/x",
    }


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_answer_that_leaves_it_open_is_not_followed_by_another_request(client, requests_mock, status):
    requests_mock.post(URL, status_code=status, json={"errorCode": "X"})
    with pytest.raises(PhraseOutcomeUnknownError):
        start(client)
    assert requests_mock.call_count == 1


@pytest.mark.parametrize("number", [0, MAX_JOBS + 1])
def test_another_number_of_jobs_is_refused_before_it_is_sent(client, number):
    with pytest.raises(PhraseInputError, match=f"{number} jobs cannot get a new source"):
        client.source_updates.start("p1", SourceUpdateRequest("a.md", ["j"] * number), io.BytesIO)


def test_answer_without_the_async_request_leaves_it_open(client, requests_mock):
    requests_mock.post(URL, json={"jobs": []})
    with pytest.raises(PhraseOutcomeUnknownError) as raised:
        start(client)
    assert isinstance(raised.value.__cause__, PhraseServerError)
