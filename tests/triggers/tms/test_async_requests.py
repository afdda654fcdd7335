from __future__ import annotations

import time

import pytest
from task_runs import event_of, rebuilt

from phrase_provider.exceptions import PhraseTimeoutError
from phrase_provider.triggers.events import result_of
from phrase_provider.triggers.tms.async_requests import (
    PhraseTmsAsyncRequestTrigger,
    PhraseTmsAsyncSlotTrigger,
)

WAIT = {"phrase_conn_id": "phrase_default", "poke_interval": 0.05}
STATUS = "/async/status$"


@pytest.fixture
def busy(phrase):
    """An organization that has as many async requests pending as tasks may start."""
    project_uid, (uid,) = phrase.jobs("de")
    for _ in range(9):
        phrase.client.exports.start(project_uid, uid)
    phrase.simulator.settings(pending_limit=10)
    phrase.forget()


def test_slot_is_waited_for_until_there_is_room(phrase, busy, after_request):
    after_request(STATUS, phrase.finish_exports)
    assert result_of(event_of(rebuilt(PhraseTmsAsyncSlotTrigger(**WAIT)))) == {}
    assert len(phrase.sent("GET", STATUS)) >= 2


def test_slot_that_never_comes_ends_the_wait_with_the_reason(phrase, busy):
    trigger = rebuilt(PhraseTmsAsyncSlotTrigger(**WAIT, deadline=time.time() + 0.5))
    with pytest.raises(PhraseTimeoutError, match="Phrase limits pending async requests"):
        result_of(event_of(trigger))


def test_waiting_for_a_slot_starts_nothing(phrase, busy):
    phrase.finish_exports()
    event_of(rebuilt(PhraseTmsAsyncSlotTrigger(**WAIT)))
    assert {request["method"] for request in phrase.sent(path="/api2/")} == {"GET"}


def test_end_of_its_own_request_is_waited_for(phrase, after_request):
    project_uid, (uid,) = phrase.jobs("de")
    started = phrase.client.exports.start(project_uid, uid)
    after_request("/async/", phrase.finish_exports)
    trigger = rebuilt(PhraseTmsAsyncRequestTrigger(async_request_id=started, **WAIT))
    assert result_of(event_of(trigger)) == {"async_request_id": started, "action": "EXPORT_COMPLETE_FILE"}
