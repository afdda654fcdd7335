"""Each trigger waits for its thing in Phrase, and tells the task how that ended."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
from task_runs import event_of, rebuilt

from phrase_provider import exceptions
from phrase_provider.triggers.events import result_of
from phrase_provider.triggers.tms.async_requests import PhraseTmsAsyncRequestTrigger
from phrase_provider.triggers.tms.jobs import PhraseTmsJobsImportedTrigger, PhraseTmsJobStatusTrigger

WAIT = {"phrase_conn_id": "phrase_default", "poke_interval": 0.05}
EVERYTHING = {"phrase_conn_id": "other", "poke_interval": 5.0, "deadline": 123.5, "note": {"attempt": 2}}
ALL = [
    (PhraseTmsAsyncRequestTrigger, {"async_request_id": "77"}),
    (PhraseTmsJobsImportedTrigger, {"project_uid": "p", "job_uids": ["a", "b"]}),
    (
        PhraseTmsJobStatusTrigger,
        {
            "project_uid": "p",
            "job_uids": ["a"],
            "status": "DELIVERED",
            "fail_on_rework": True,
            "cancel_on_kill": True,
            "ignore_cancelled": True,
        },
    ),
]


class Case:
    """A trigger, and what people or Phrase do that meets or spoils its wait."""

    def __init__(self, phrase, kind) -> None:
        project_uid, (uid,) = phrase.jobs("de")
        job = {"project_uid": project_uid, "job_uids": [uid]}
        command = phrase.simulator.job
        if kind is PhraseTmsAsyncRequestTrigger:
            arguments = {"async_request_id": phrase.client.exports.start(project_uid, uid)}
            self.meet = phrase.finish_exports
            self.spoil = lambda: (command(uid, "fail-export"), phrase.finish_exports())
            self.result = {**arguments, "action": "EXPORT_COMPLETE_FILE"}
            self.error = exceptions.PhraseAsyncRequestError
        elif kind is PhraseTmsJobsImportedTrigger:
            arguments = {**job, "job_uids": phrase.upload(project_uid, "late.md")}
            self.meet = phrase.import_files
            self.spoil = lambda: command(arguments["job_uids"][0], "fail-import")
            self.result = arguments
            self.error = exceptions.PhraseImportError
        else:
            arguments = job
            self.meet = lambda: command(uid, "complete")
            self.spoil = lambda: command(uid, "cancel")
            self.result = {"project_uid": project_uid, "status": "COMPLETED", "counts": {"COMPLETED": 1}}
            self.error = exceptions.PhraseJobStatusError
        self.kind, self.arguments = kind, arguments

    def trigger(self, **wait):
        return rebuilt(self.kind(**self.arguments, **WAIT, **wait))


@pytest.fixture(params=[kind for kind, _ in ALL])
def case(request, phrase):
    return Case(phrase, request.param)


@pytest.fixture
def status_case(phrase):
    return Case(phrase, PhraseTmsJobStatusTrigger)


@pytest.mark.parametrize(("kind", "arguments"), ALL)
def test_trigger_is_stored_and_made_again(kind, arguments):
    path, kwargs = kind(**arguments, **EVERYTHING).serialize()
    assert path == f"{kind.__module__}.{kind.__name__}"
    assert kwargs == json.loads(json.dumps(kwargs)) == {**arguments, **EVERYTHING}
    again = rebuilt(kind(**arguments, **EVERYTHING))
    assert again.serialize() == (path, kwargs)
    assert again.condition() == kind(**arguments, **EVERYTHING).condition()


@pytest.mark.parametrize(("kind", "arguments"), ALL)
def test_arguments_that_a_later_version_adds_have_defaults(kind, arguments):
    later = ("status", "fail_on_rework", "cancel_on_kill")
    first = {name: value for name, value in arguments.items() if name not in later}
    assert kind(phrase_conn_id="phrase_default", **first).serialize()[1]["deadline"] is None


def test_nothing_secret_is_stored(case, phrase):
    trigger = case.trigger()
    case.meet()
    event_of(trigger)
    assert phrase.simulator.api_token not in json.dumps(trigger.serialize())
    assert phrase.simulator.api_token not in repr(vars(trigger))


def test_it_fires_when_the_wait_is_met(case, after_request):
    after_request("/jobs/|/async/", case.meet)
    event = event_of(case.trigger(note={"attempt": 2}))
    assert event == {"status": "met", "result": case.result, "deadline": None, "note": {"attempt": 2}}
    assert result_of(event) == case.result


def test_it_fires_at_once_when_the_wait_is_met_already(case):
    case.meet()
    assert result_of(event_of(case.trigger())) == case.result


def test_it_fires_when_the_wait_is_lost(case, after_request):
    after_request("/jobs/|/async/", case.spoil)
    with pytest.raises(case.error):
        result_of(event_of(case.trigger()))


def test_it_fires_at_the_deadline_and_names_what_is_open(case):
    began, deadline = time.time(), time.time() + 0.3
    event = event_of(case.trigger(deadline=deadline))
    assert deadline <= time.time() < began + 60
    assert event["deadline"] == deadline
    with pytest.raises(exceptions.PhraseTimeoutError, match=r"Last seen: .*(running|RUNNING|Open: \w+)"):
        result_of(event)


def test_deadline_holds_while_phrase_is_down(status_case, phrase):
    phrase.simulator.fault(path="/jobs/", status=503, times=None)
    with pytest.raises(exceptions.PhraseTimeoutError):
        result_of(event_of(status_case.trigger(deadline=time.time() + 0.3)))


@pytest.mark.parametrize(
    "fault", [{"status": 503}, {"reset_before": True}, {"reset_after": True}, {"html": 502}]
)
def test_it_tolerates_failed_looks(case, phrase, fault, capsys):
    phrase.simulator.fault(path="/api2/", **fault, times=2)
    case.meet()
    assert result_of(event_of(case.trigger())) == case.result
    assert "the wait goes on" in capsys.readouterr().out


def test_it_keeps_away_as_long_as_phrase_asks(status_case, phrase):
    phrase.simulator.fault(path="/jobs/", status=429, headers={"Retry-After": "1"})
    status_case.meet()
    began = time.monotonic()
    result_of(event_of(status_case.trigger()))
    assert time.monotonic() - began >= 1


def test_it_renews_an_expired_token(status_case, phrase):
    phrase.simulator.fault(path="/jobs/", expire_token=True)
    status_case.meet()
    assert result_of(event_of(status_case.trigger())) == status_case.result


@pytest.mark.parametrize(
    ("status", "error", "told"),
    [
        (401, exceptions.PhraseAuthenticationError, "401.*Check the API token"),
        (403, exceptions.PhrasePermissionError, "403.*the right"),
        (404, exceptions.PhraseNotFoundError, "404.*Check the uid"),
    ],
)
def test_lasting_refusal_ends_the_wait(case, phrase, status, error, told):
    phrase.simulator.fault(path="/api2/", status=status, times=None)
    event = event_of(case.trigger())
    with pytest.raises(error, match=told) as caught:
        result_of(event)
    assert caught.value.action_id
    assert phrase.simulator.api_token not in json.dumps(event)


def test_budget_of_nothing_ends_the_wait(status_case, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__REQUESTS_PER_MINUTE", "0")
    with pytest.raises(exceptions.PhraseInputError, match="requests_per_minute above 0"):
        result_of(event_of(status_case.trigger()))


async def _longest_stall(trigger) -> float:
    """Give the longest that a coroutine waited for its turn, in seconds, while a trigger ran beside it."""
    waiting = asyncio.create_task(anext(trigger.run()))
    stalls = []
    while not waiting.done():
        began = time.monotonic()
        await asyncio.sleep(0.01)
        stalls.append(time.monotonic() - began)
    return max(stalls)


def test_slow_phrase_does_not_block_the_event_loop(status_case, phrase):
    event_of(status_case.trigger(deadline=0))  # What is imported at first use is loaded now.
    phrase.simulator.fault(delay=1, times=2)
    status_case.meet()
    assert asyncio.run(_longest_stall(status_case.trigger())) < 0.5


async def _cancelled(trigger) -> None:
    waiting = asyncio.create_task(anext(trigger.run()))
    await asyncio.sleep(0.4)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting


def test_cancelled_trigger_looks_no_more_and_closes_its_connections(status_case, phrase):
    before = _connections_to(phrase.simulator.url)
    asyncio.run(_cancelled(status_case.trigger()))
    phrase.forget()
    time.sleep(0.3)
    assert phrase.sent() == []
    assert _connections_to(phrase.simulator.url) <= before


def _connections_to(url: str) -> set[int]:
    import psutil

    port = int(url.rpartition(":")[2])
    return {
        connection.laddr.port
        for connection in psutil.Process().net_connections("tcp")
        if connection.raddr and connection.raddr.port == port and connection.status == psutil.CONN_ESTABLISHED
    }
