from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseOutcomeUnknownError

URL = "https://tms.test/web/api2/v1/projects/p1/jobs/notifyAssigned"


def test_providers_of_jobs_are_mailed_by_a_template(client, requests_mock):
    requests_mock.post(URL, status_code=204)
    client.notifications.send("p1", ["a", "b"], "42")
    assert requests_mock.last_request.json() == {
        "jobs": [{"uid": "a"}, {"uid": "b"}],
        "emailTemplate": {"id": "42"},
    }


def test_mail_that_may_have_gone_is_not_sent_again(client, requests_mock):
    requests_mock.post(URL, status_code=503)
    with pytest.raises(PhraseOutcomeUnknownError):
        client.notifications.send("p1", ["a"], "42")
    assert requests_mock.call_count == 1
