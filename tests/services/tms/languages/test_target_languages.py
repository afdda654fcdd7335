from __future__ import annotations

import logging

import pytest
from ledger_thing import Store

from phrase_provider.exceptions import PhraseOutcomeUnknownError, PhraseValidationError
from phrase_provider.idempotency.ledger import Ledger
from phrase_provider.services.tms.languages.target_languages import add_target_langs

ADD = {"method": "POST", "path": "/targetLangs$"}
log = logging.getLogger(__name__)


@pytest.fixture
def add(phrase):
    def run(project_uid, *langs, ledger=None):
        project = phrase.client.projects.get(project_uid)
        add_target_langs(phrase.client, project, langs, ledger or Ledger("run", Store()), log)

    return run


def langs(phrase, project_uid):
    return phrase.client.projects.get(project_uid)["targetLangs"]


def test_only_missing_languages_are_sent(phrase, add):
    project_uid = phrase.project("de")
    add(project_uid, "de", "sv")
    assert langs(phrase, project_uid) == ["de", "sv"]
    (sent,) = phrase.sent(**ADD)
    assert sent["body"] == '{"targetLangs": ["sv"]}'


def test_nothing_is_asked_where_nothing_is_missing(phrase, add):
    project_uid = phrase.project("de", "sv")
    phrase.forget()
    add(project_uid, "sv", "de")
    assert [request["method"] for request in phrase.sent()] == ["GET"]


def test_lost_answer_is_looked_up(phrase, add):
    project_uid = phrase.project("de")
    phrase.simulator.fault(**ADD, reset_after=True)
    add(project_uid, "sv")
    assert langs(phrase, project_uid) == ["de", "sv"]
    assert len(phrase.sent(**ADD)) == 1


def test_request_that_got_lost_is_sent_by_the_next_try(phrase, add):
    project_uid, ledger = phrase.project("de"), Ledger("run", Store())
    phrase.simulator.fault(**ADD, reset_before=True)
    with pytest.raises(PhraseOutcomeUnknownError):
        add(project_uid, "sv", ledger=ledger)
    add(project_uid, "sv", ledger=ledger)
    assert langs(phrase, project_uid) == ["de", "sv"]


def test_languages_that_another_run_adds_at_the_same_moment_are_no_error(phrase, add, once):
    project_uid = phrase.project("de")
    phrase.simulator.fault(**ADD, delay=1)
    add_now = phrase.client.projects.add_target_langs
    once(lambda: phrase.sent(**ADD), add_now, project_uid, ["sv"])
    add(project_uid, "sv")
    assert langs(phrase, project_uid) == ["de", "sv"]
    assert sorted(request["status"] for request in phrase.sent(**ADD)) == [204, 400]


def test_language_that_phrase_does_not_know_is_refused(phrase, add):
    project_uid = phrase.project("de")
    with pytest.raises(PhraseValidationError, match="unsupported locale"):
        add(project_uid, "qq")
    assert langs(phrase, project_uid) == ["de"]
