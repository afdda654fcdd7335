"""Phrase asks to keep away: for how long the hub does, and how it comes back."""

from __future__ import annotations

import asyncio
from datetime import datetime
from itertools import pairwise

import pytest
from hub_runs import HubRun, at_hub

from phrase_provider.api.rate_limits import Quota
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import (
    PhraseNotFoundError,
    PhraseRateLimitError,
    PhraseTimeoutError,
    PhraseTransportError,
)
from phrase_provider.waiting.hub.rate_limiter import RateLimiter
from phrase_provider.waiting.intervals import LONGEST_HOLD
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished
from phrase_provider.waiting.tms.job_status import JobsReachedStatus

A_DAY = {"Retry-After": "86400"}


@pytest.fixture
def waits(phrase):
    """Waits of several kinds that look for themselves, met at the first look: seven requests each time."""
    conditions = []
    for number in range(3):
        project_uid, (uid,) = phrase.jobs("de")
        phrase.simulator.job(uid, "complete")
        conditions.append(JobsReachedStatus(project_uid, [uid], JobStatus.COMPLETED))
        conditions.append(AsyncRequestFinished(phrase.client.exports.start(project_uid, uid)))
        phrase.simulator.settings(export_seconds=(0, 0)) if number == 0 else None
    phrase.finish_exports()
    phrase.forget()
    return conditions


@pytest.fixture
def short_hold(monkeypatch):
    """Makes seconds of what is minutes in life."""
    monkeypatch.setattr("phrase_provider.waiting.hub.rate_limiter.LONGEST_HOLD", 0.5)
    return 0.5


def pauses(requests):
    moments = [datetime.fromisoformat(request["time"]) for request in requests]
    return [(later - before).total_seconds() for before, later in pairwise(moments)]


@pytest.mark.parametrize(
    "headers",
    [A_DAY, {"Retry-After": "9" * 5000}, {"X-Rate-Limit-Reset": "1795000000000"}],
    ids=["a day", "5,000 digits", "milliseconds"],
)
def test_long_hold_is_probed_by_one_request_at_a_time(phrase, waits, short_hold, headers):
    phrase.simulator.fault(path="/api2/", status=429, headers=headers, times=5)
    results = at_hub(phrase.simulator, lambda run: run.wait_all(waits, seconds=60, max_failure_duration=60))
    assert [type(result) for result in results] == [dict] * 6
    refused = [request for request in phrase.sent("GET") if request["status"] == 429]
    assert len(refused) == 5
    # Those under way when the first was refused could not know; from then on each probe is alone.
    assert all(pause >= short_hold for pause in pauses(refused)[1:])
    (first, *_) = [request for request in phrase.sent("GET") if request["status"] == 200]
    assert pauses([refused[-1], first])[0] >= short_hold


def test_others_are_held_until_the_probe_is_answered(phrase, waits, short_hold):
    phrase.simulator.fault(path="/api2/", status=429, headers=A_DAY, times=2)
    phrase.simulator.fault(path="/api2/", delay=1.0, times=1)
    at_hub(phrase.simulator, lambda run: run.wait_all(waits, seconds=60, max_failure_duration=60))
    probe, *others = [request for request in phrase.sent("GET") if request["status"] == 200]
    assert len(others) >= 5
    assert pauses([probe, others[0]])[0] >= 1


@pytest.mark.parametrize("headers", [A_DAY, {"X-Rate-Limit-Reset": "1795000000000"}])
def test_patience_ends_during_a_hold(phrase, waits, headers):
    phrase.simulator.fault(path="/api2/", status=429, headers=headers, times=None)
    exports = [each for each in waits if isinstance(each, AsyncRequestFinished)]
    results = at_hub(
        phrase.simulator, lambda run: run.wait_all(exports, seconds=120, max_failure_duration=0.3)
    )
    assert {type(result) for result in results} == {PhraseRateLimitError}
    assert len(phrase.sent("GET")) <= 2


def test_deadline_ends_a_wait_during_a_hold(phrase, waits):
    phrase.simulator.fault(path="/api2/", status=429, headers=A_DAY, times=None)
    results = at_hub(phrase.simulator, lambda run: run.wait_all(waits, seconds=1, max_failure_duration=60))
    assert {type(result) for result in results} == {PhraseTimeoutError}
    assert len(phrase.sent("GET")) <= 2


def test_quota_that_is_scarce_for_long_is_asked_again_soon(wire, monkeypatch):
    monkeypatch.setattr("phrase_provider.waiting.hub.rate_limiter.LONGEST_HOLD", 0.2)
    scarce = {"X_Rate_Limit_Limit": "1000", "X_Rate_Limit_Remaining": "1"}

    def job(status):
        told = {"uid": "j", "status": status, "targetLang": "de"}
        return wire.answer(200, told, memsource_action_id="a", X_Rate_Limit_Reset="1795000000000", **scarce)

    server = wire(wire.token(), job("NEW"), job("COMPLETED"))
    urls = dict.fromkeys(("platform_url", "tms_url", "strings_url"), server.url)

    async def go():
        settings = ClientSettings("token", **urls, retries=0, token_cache=False)
        condition = JobsReachedStatus("p", ["j"], JobStatus.COMPLETED)
        return await HubRun(lambda: TmsClient.connect(settings)).wait(
            condition, max_interval=0.05, seconds=60
        )

    assert asyncio.run(go())["counts"] == {"COMPLETED": 1}
    assert len(server.requests) == 3


class TestBudget:
    """In a loop whose hours are seconds."""

    @pytest.fixture
    def run(self):
        from benchmarks.waiting.fast_loop import FastLoop

        def run_in_loop(main):
            with asyncio.Runner(loop_factory=lambda: FastLoop(1000)) as runner:
                return runner.run(main())

        return run_in_loop

    @staticmethod
    async def ask(budget, outcome, seconds=0.0, since=None):
        """Send a request that is answered so after a time; gives the moment at which it was sent."""
        async with budget.turn(since) as turn:
            sent = asyncio.get_running_loop().time()
            await asyncio.sleep(seconds)
            if isinstance(outcome, Exception):
                budget.failed(outcome, turn)
            else:
                budget.answered(outcome, turn)
            return sent

    @pytest.mark.parametrize("named", [300, 3600, float("inf")])
    def test_it_looks_again_after_minutes(self, run, named):
        async def main():
            budget = RateLimiter(6000)
            refused = await self.ask(budget, PhraseRateLimitError("no", retry_after=named))
            return await self.ask(budget, None) - refused

        assert LONGEST_HOLD <= run(main) <= 1.2 * LONGEST_HOLD + 60

    def test_scarce_quota_holds_minutes_at_most(self, run):
        async def main():
            budget = RateLimiter(6000)
            first = await self.ask(budget, Quota(1000, 1, 1e13))
            return await self.ask(budget, None) - first

        assert LONGEST_HOLD <= run(main) <= LONGEST_HOLD + 60

    def test_one_told_elsewhere_holds_off_too(self, run):
        async def main():
            budget = RateLimiter(6000)
            began = asyncio.get_running_loop().time()
            budget.hold_off(-5)
            budget.hold_off(100)
            budget.hold_off(50)
            return await self.ask(budget, None) - began

        assert 100 <= run(main) <= 160

    def test_short_refusal_lets_the_others_go_on_afterwards(self, run):
        async def main():
            budget = RateLimiter(6000)
            since = budget.refusals
            refused = await self.ask(budget, PhraseRateLimitError("no", retry_after=30))
            others = [self.ask(budget, None, since=since) for _ in range(20)]
            return min(await asyncio.gather(*others)) - refused

        assert run(main) >= 30

    @pytest.mark.parametrize("refusals", [[3600], [30, 30], [None, None]], ids=["long", "twice", "unnamed"])
    def test_who_asks_for_many_things_waits_once_for_all(self, run, refusals):
        async def main():
            budget = RateLimiter(6000)
            since = budget.refusals
            for seconds in refusals:
                await self.ask(budget, PhraseRateLimitError("no", retry_after=seconds))
            others = (self.ask(budget, None, since=since) for _ in range(20))
            return await asyncio.gather(*others, return_exceptions=True)

        errors = run(main)
        assert {type(error) for error in errors} == {PhraseRateLimitError}
        assert len(set(map(id, errors))) == 20

    def test_answer_to_an_older_request_ends_no_hold(self, run):
        async def main():
            budget = RateLimiter(6000)
            old = asyncio.create_task(self.ask(budget, None, seconds=100))
            await asyncio.sleep(10)
            await self.ask(budget, PhraseRateLimitError("no", retry_after=50))
            await old
            probe = asyncio.create_task(self.ask(budget, None, seconds=1000))
            await asyncio.sleep(1)
            return await self.ask(budget, None) - await probe

        assert run(main) >= 1000

    @pytest.mark.parametrize("outcome", [None, PhraseNotFoundError("gone", status=404)])
    def test_any_word_of_phrase_ends_the_doubt(self, run, outcome):
        async def main():
            budget = RateLimiter(6000)
            await self.ask(budget, PhraseRateLimitError("no", retry_after=1))
            await self.ask(budget, outcome)
            both = await asyncio.gather(*(self.ask(budget, None, seconds=1000) for _ in range(2)))
            return abs(both[1] - both[0])

        assert run(main) < 1000

    def test_probe_without_an_answer_is_followed_by_another(self, run):
        async def main():
            budget = RateLimiter(6000)
            await self.ask(budget, PhraseRateLimitError("no", retry_after=1))
            lost = PhraseTransportError("no answer")
            both = await asyncio.gather(*(self.ask(budget, lost, seconds=1000) for _ in range(2)))
            return abs(both[1] - both[0])

        assert run(main) >= 1000
