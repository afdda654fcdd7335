"""Creates that are answered 401 or 429 after they took effect, or before, are done once."""

from __future__ import annotations

import pytest
from task_runs import context

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseGatewayError,
    PhraseOutcomeUnknownError,
    PhraseRateLimitError,
    PhraseValidationError,
)
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator, PhraseTmsSetJobStatusOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator


class Create:
    """A task that creates, the request that it sends, and what is there afterwards."""

    request = {"method": "POST", "path": "applyTemplate"}

    def __init__(self, phrase, tmp_path) -> None:
        self.phrase = phrase
        self.prepare(tmp_path)
        phrase.forget()

    def prepare(self, tmp_path):
        self.phrase.template()  # What is imported at first use is loaded now.

    def task(self):
        return PhraseTmsCreateProjectFromTemplateOperator(
            task_id="task", template="Translation", batch_id="web-42"
        )

    def made(self):
        return len(list(self.phrase.client.projects.list("web-42")))

    def run(self, told=None):
        return self.task().execute(told or context())

    def sent(self):
        return len(self.phrase.sent(**self.request))


class CreateJob(Create):
    request = {"method": "POST", "path": "/jobs$"}

    def prepare(self, tmp_path):
        self.project_uid, self.source = self.phrase.project("de"), tmp_path / "guide.md"
        self.source.write_text("Hello")

    def task(self):
        return PhraseTmsCreateJobsOperator(
            task_id="task", project_uid=self.project_uid, source=str(self.source)
        )

    def made(self):
        return len(list(self.phrase.client.jobs.list(self.project_uid)))


class SetStatus(Create):
    request = {"method": "POST", "path": "/setStatus$"}

    def prepare(self, tmp_path):
        self.project_uid, (self.job_uid,) = self.phrase.jobs("de")
        self.phrase.simulator.job(self.job_uid, "complete")

    def task(self):
        return PhraseTmsSetJobStatusOperator(
            task_id="task", project_uid=self.project_uid, job_uids=[self.job_uid]
        )

    def made(self):
        return int(self.phrase.status(self.project_uid, self.job_uid) == "DELIVERED")


@pytest.fixture(params=[Create, CreateJob, SetStatus], ids=["project", "job", "status"])
def creation(request, phrase, connect, tmp_path):
    connect(retries=1)
    return request.param(phrase, tmp_path)


@pytest.mark.parametrize("status", [401, 429])
@pytest.mark.parametrize("kind", ["status_after", "html_after"], ids=["of Phrase", "page"])
def test_refusal_after_the_effect_does_not_repeat_it(creation, kind, status):
    creation.phrase.simulator.fault(**creation.request, **{kind: status})
    result = creation.run()
    assert (creation.sent(), creation.made()) == (1, 1)
    assert creation.run() == result or creation.request["path"] == "/setStatus$"
    assert creation.sent() == 1


@pytest.mark.parametrize("status", [401, 429])
@pytest.mark.parametrize("kind", ["status", "html"], ids=["of Phrase", "page"])
def test_refusal_before_the_effect_is_sent_again_after_a_look(creation, kind, status):
    creation.phrase.simulator.fault(**creation.request, **{kind: status})
    creation.run()
    assert (creation.sent(), creation.made()) == (2, 1)
    methods = [request["method"] for request in creation.phrase.sent(path="/projects")]
    first = methods.index("POST")
    assert "GET" in methods[first : methods.index("POST", first + 1)]


def test_unmarked_refusal_is_looked_up_as_long_as_a_lost_answer(creation, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__RECONCILIATION_TIMEOUT", "1.5")
    creation.phrase.simulator.fault(**creation.request, html=401)
    creation.run()
    sent = [request["method"] for request in creation.phrase.sent(path="/projects")]
    first = sent.index("POST")
    assert sent[first + 1 : sent.index("POST", first + 1)].count("GET") >= 2
    assert creation.made() == 1


def test_lasting_401_ends_after_one_new_token(creation):
    creation.phrase.simulator.fault(**creation.request, status=401, times=None)
    with pytest.raises(PhraseAuthenticationError, match=r"401.*Check the API token"):
        creation.run()
    assert (creation.sent(), creation.made()) == (2, 0)


def test_lasting_page_of_401_ends_with_both_causes(creation):
    creation.phrase.simulator.fault(**creation.request, html=401, times=None)
    with pytest.raises(PhraseOutcomeUnknownError, match=r"401.*login page.*or the API token"):
        creation.run()
    assert (creation.sent(), creation.made()) == (2, 0)


def test_refusal_for_long_says_until_when(creation):
    creation.phrase.simulator.fault(**creation.request, status=429, headers={"Retry-After": "600"})
    with pytest.raises(PhraseRateLimitError, match="retry after: 600 s"):
        creation.run()
    assert (creation.sent(), creation.made()) == (1, 0)


def test_effect_of_what_was_refused_for_long_is_found(creation):
    creation.phrase.simulator.fault(**creation.request, status_after=429, headers={"Retry-After": "600"})
    creation.run()
    assert (creation.sent(), creation.made()) == (1, 1)


def test_nothing_is_sent_again_while_nobody_can_look(creation):
    before = _reads(creation)
    creation.phrase.simulator.fault(**creation.request, status_after=401)
    creation.phrase.simulator.fault(method="GET", path="/api2/", html=404, after=before, times=2)
    told = context()
    with pytest.raises(PhraseGatewayError):
        creation.run(told)
    assert creation.sent() == 1
    creation.run(told)
    assert (creation.sent(), creation.made()) == (1, 1)


def _reads(creation):
    """Return how many reads come before the create, as seen when it is refused for good."""
    creation.phrase.simulator.fault(**creation.request, status=400)
    with pytest.raises(PhraseValidationError):
        creation.run()
    reads = len(creation.phrase.sent("GET", "/api2/"))
    creation.phrase.forget()
    return reads
