"""The hub among those who wait: joining, leaving, logging, staying within its limits."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import time

import pytest
import structlog
from hub_runs import HubRun, at_hub, client_of, others_ended, threads_ended
from phrase_fixtures import until

from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseAuthenticationError, PhraseTimeoutError
from phrase_provider.simulator.process import SimulatorProcess
from phrase_provider.waiting.hub.rate_limiter import RateLimiter
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished
from phrase_provider.waiting.tms.job_status import JobsReachedStatus


@pytest.fixture
def job(phrase):
    project_uid, (uid,) = phrase.jobs("de")
    phrase.forget()
    return JobsReachedStatus(project_uid, [uid], JobStatus.COMPLETED)


@pytest.fixture
def complete(phrase, job):
    return lambda: phrase.simulator.job(job.job_uids[0], "complete")


@pytest.fixture
def elsewhere():
    """Another Phrase, for another connection."""
    with SimulatorProcess(speed=0) as simulator:
        yield simulator


def test_late_joiner_is_told_the_state_by_the_next_poll(phrase, job):
    async def go(run):
        first = asyncio.create_task(run.wait(job, seconds=1.2, max_interval=0.4))
        await asyncio.sleep(0.5)
        before = len(phrase.sent("GET"))
        late = await run.wait(job, seconds=0.6, max_interval=0.4)
        return str(late), len(phrase.sent("GET")) - before, await first

    told, requests, _ = at_hub(phrase.simulator, go)
    assert "1 NEW" in told
    # Those of two, not twice those of one.
    assert requests <= 3


def test_last_one_out_stops_the_hub(phrase, job):
    async def go(run):
        await asyncio.gather(run.wait(job, seconds=0.2), run.wait(AsyncRequestFinished("1"), seconds=0.2))
        stops = run.stops
        await others_ended()
        return stops

    assert at_hub(phrase.simulator, go) == 1
    # What was sent before is on its way to its end; nothing may follow it.
    threads_ended()
    phrase.forget()
    time.sleep(0.3)
    assert phrase.sent() == []


def test_who_is_cancelled_leaves_at_once_though_a_request_hangs(phrase, job):
    phrase.simulator.fault(path="/jobs/", hang=True, times=None)

    async def go():
        run = HubRun(lambda: client_of(phrase.simulator, timeout=600))
        waiting = asyncio.create_task(run.wait(job, seconds=600))
        await asyncio.to_thread(until, lambda: phrase.sent("GET", "/jobs/"))
        waiting.cancel()
        done, _ = await asyncio.wait([waiting], timeout=60)
        return len(done), run.stops

    assert asyncio.run(go()) == (1, 1)


def test_hub_logs_in_no_task_and_each_wait_in_its_own(phrase, job, complete, once, caplog, monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.hub.waiter.REPORT_EVERY", 0.2)
    caplog.set_level("INFO")
    task, seen = contextvars.ContextVar("task", default="no task"), []

    class Keep(logging.Handler):
        def emit(self, record):
            seen.append((task.get(), record.name, record.getMessage()))

    phrase.simulator.fault(path="/jobs/", status=503)
    once(
        lambda: {where for where, _, text in seen if text.startswith("Still waiting")} >= {"a", "b"}, complete
    )

    async def go(run):
        async def one(name):
            task.set(name)
            return await run.wait(job)

        return await asyncio.gather(*(asyncio.create_task(one(name)) for name in ("a", "b")))

    def keep_call(_, __, event):
        seen.append((task.get(), "phrase_provider.api.call_log", event["event"]))
        raise structlog.DropEvent

    before = structlog.get_config()["processors"]
    structlog.configure(processors=[keep_call])
    logging.getLogger().addHandler(keep := Keep())
    try:
        at_hub(phrase.simulator, go)
    finally:
        logging.getLogger().removeHandler(keep)
        structlog.configure(processors=before)
    hub = [text for name, logger, text in seen if logger.startswith("phrase_provider") and name == "no task"]
    assert len([text for text in hub if text.startswith("Polling job statuses")]) == 1
    assert [text for text in hub if text.startswith("GET …/jobs/")]
    for name in ("a", "b"):
        own = [text for where, logger, text in seen if where == name]
        assert own[0] == f"Waiting for job {job.job_uids[0]} of project {job.project_uid} to reach COMPLETED."
        assert any("the wait goes on" in text for text in own)
        assert any(text.startswith("Still waiting for") and "polls, the last at 20" in text for text in own)
        assert not any(text.startswith("GET …/") for text in own)


def test_interval_of_the_user_is_the_longest(phrase, job):
    def enough():
        return len(phrase.sent("GET", "/jobs/")) >= 6

    # As the condition suggests, they would take 5 minutes.
    assert at_hub(phrase.simulator, lambda run: run.wait_until(enough, [job], max_interval=0.1))
    assert enough()


def test_budget_is_kept_and_stretches_the_polls(phrase, job):
    phrase.client.jobs.get(job.project_uid, job.job_uids[0])
    phrase.forget()
    at_hub(phrase.simulator, lambda run: run.wait(job, seconds=2, max_interval=0.01), per_minute=60)
    # A tenth of the minute's at once, the others evenly.
    assert 4 <= len(phrase.sent("GET")) <= 6 + 2 + 1


def test_no_minute_has_more_turns_than_the_budget():
    from benchmarks.waiting.fast_loop import FastLoop

    async def go():
        budget, clock, turns = RateLimiter(100), asyncio.get_running_loop().time, []
        while len(turns) < 250:
            async with budget.turn():
                turns.append(clock())
        return turns

    with asyncio.Runner(loop_factory=lambda: FastLoop(100)) as runner:
        turns = runner.run(go())
    assert max(sum(start <= turn < start + 60 for turn in turns) for start in turns) <= 101
    # Nor much fewer.
    assert turns[-1] - turns[0] < 250 / 100 * 60 * 1.5


def test_hanging_hosts_delay_no_other_connection(phrase, job, complete, elsewhere):
    elsewhere.fault(path="/web/", hang=True, times=None)
    complete()

    async def go():
        stuck = [
            asyncio.create_task(hanging.wait(JobsReachedStatus(f"p{n}", ["j"], JobStatus.COMPLETED)))
            for hanging in (HubRun(lambda: client_of(elsewhere, timeout=600)) for _ in range(3))
            for n in range(20)
        ]
        await asyncio.to_thread(until, lambda: len(elsewhere.requests(path="^/web/")) == 3 * 2)
        began = time.monotonic()
        result = await HubRun(lambda: client_of(phrase.simulator)).wait(job)
        for task in stuck:
            task.cancel()
        return result, time.monotonic() - began

    result, took = asyncio.run(go())
    assert result["counts"] == {"COMPLETED": 1}
    # The others hang for ten minutes.
    assert took < 60
    # As many at once as each connection may have.
    assert len(elsewhere.requests(path="^/web/")) == 3 * 2


def test_refused_rate_holds_its_own_connection_alone(phrase, job, complete, elsewhere):
    elsewhere.fault(path="/web/", status=429, headers={"Retry-After": "600"}, times=None)
    complete()

    async def go():
        other = HubRun(lambda: client_of(elsewhere))
        kinds = (AsyncRequestFinished("1"), JobsReachedStatus("p", ["j"], JobStatus.COMPLETED))
        held = asyncio.create_task(other.wait_all(kinds, seconds=2))
        await asyncio.to_thread(until, lambda: elsewhere.requests(path="^/web/"))
        began = time.monotonic()
        await HubRun(lambda: client_of(phrase.simulator)).wait(job)
        return time.monotonic() - began, await held

    took, held = asyncio.run(go())
    assert took < 60
    assert {type(error) for error in held} == {PhraseTimeoutError}
    # The rate is the user's: nobody asks again, also not for another thing.
    assert len(elsewhere.requests(path="^/web/")) <= 2


def test_scarce_quota_is_spread(wire):
    def job(status, remaining):
        told = {"Ratelimit_Limit": "100", "Ratelimit_Remaining": str(remaining)}
        return wire.answer(200, {"uid": "j", "status": status, "targetLang": "de"}, **told)

    server = wire(wire.token(), job("NEW", 90), job("NEW", 2), job("COMPLETED", 90))
    urls = dict.fromkeys(("platform_url", "tms_url", "strings_url"), server.url)

    async def go():
        settings = ClientSettings("token", **urls, retries=0, token_cache=False)
        return await HubRun(lambda: TmsClient.connect(settings)).wait(
            JobsReachedStatus("p", ["j"], JobStatus.COMPLETED), max_interval=0.05
        )

    began = time.monotonic()
    assert asyncio.run(go())["counts"] == {"COMPLETED": 1}
    assert 1 <= time.monotonic() - began < 60
    assert len(server.requests) == 4


def test_changed_api_token_is_read_from_the_connection(phrase, job, complete):
    complete()
    tokens = iter(["revoked-token", phrase.simulator.api_token])

    async def go():
        run = HubRun(lambda: client_of(phrase.simulator, api_token=next(tokens)))
        return await run.wait(job), run.connections

    result, connections = asyncio.run(go())
    assert result["counts"] == {"COMPLETED": 1}
    assert connections == 2


def test_lasting_401_ends_every_wait_of_the_connection_soon(phrase, job):
    phrase.simulator.fault(path="/web/", status=401, times=None)
    conditions = [AsyncRequestFinished(str(number)) for number in range(30)] + [job] * 10

    async def go(run):
        began = time.monotonic()
        return await run.wait_all(conditions, 600, max_failure_duration=600), time.monotonic() - began

    errors, took = at_hub(phrase.simulator, go)
    assert {type(error) for error in errors} == {PhraseAuthenticationError}
    assert "Check the API token" in str(errors[0])
    assert took < 60
    assert len(phrase.sent("GET")) <= 4


def test_hub_that_breaks_tells_those_who_wait(job):
    def connect():
        raise RuntimeError("no supervisor")

    errors = asyncio.run(_wait_twice(connect, job))
    assert [str(error) for error in errors] == ["no supervisor"] * 2


async def _wait_twice(connect, condition):
    return await HubRun(connect).wait_all([condition] * 2)
