"""One wait on a worker for any of many async requests."""

from __future__ import annotations

from collections import Counter

import pytest

from phrase_provider.api.tms.async_requests import is_finished
from phrase_provider.exceptions import PhraseNotFoundError, PhraseServerError, PhraseValidationError
from phrase_provider.waiting.tms.async_batches import AnyRequestFinished

PENDING, REQUEST = "/async$", r"/async/\d+$"
LANGS = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")


@pytest.fixture
def exports(phrase):
    project_uid, uids = phrase.jobs(*LANGS)
    started = [phrase.client.exports.start(project_uid, uid) for uid in uids]
    phrase.forget()
    return started


def poll(phrase, condition):
    return condition.check(phrase.client)


def test_one_list_tells_of_all_that_are_pending(phrase, exports):
    condition = AnyRequestFinished()
    condition.wait_for(exports)
    result = poll(phrase, condition)
    assert (result.done, result.progress) == (False, "0 of 10 async requests have ended")
    assert len(phrase.sent("GET", PENDING)) == 1
    assert phrase.sent("GET", REQUEST) == []


def test_each_that_has_ended_is_read_once(phrase, exports):
    condition = AnyRequestFinished()
    condition.wait_for(exports)
    poll(phrase, condition)
    phrase.finish_exports()
    assert poll(phrase, condition).done
    assert condition.ended.keys() == set(exports)
    assert all(is_finished(outcome) for outcome in condition.ended.values())
    assert set(Counter(request["path"] for request in phrase.sent("GET", REQUEST)).values()) == {1}


def test_one_that_cannot_be_read_now_is_read_again(phrase, exports):
    phrase.finish_exports()
    phrase.simulator.fault(method="GET", path=f"/async/{exports[0]}$", status=400, times=None)
    phrase.simulator.fault(method="GET", path=f"/async/{exports[1]}$", status=503, times=None)
    condition = AnyRequestFinished()
    condition.wait_for(exports)
    assert poll(phrase, condition).done
    # Phrase's refusal is an end, a fault of the way is none.
    assert condition.ended.keys() == set(exports) - {exports[1]}
    assert isinstance(condition.ended[exports[0]], PhraseValidationError)


def test_one_that_phrase_does_not_know_has_ended(phrase, exports):
    condition = AnyRequestFinished()
    condition.wait_for(["1"])
    assert poll(phrase, condition).done
    assert isinstance(condition.ended["1"], PhraseNotFoundError)


def test_a_poll_that_learns_nothing_is_a_failed_poll(phrase, exports):
    phrase.finish_exports()
    phrase.simulator.fault(method="GET", path=REQUEST, status=503, times=None)
    condition = AnyRequestFinished()
    condition.wait_for(exports)
    with pytest.raises(PhraseServerError):
        poll(phrase, condition)
