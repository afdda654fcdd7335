from __future__ import annotations

import asyncio
import logging
import time

import pytest
from hub_runs import at_hub

from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseNotFoundError, PhraseServerError, PhraseTimeoutError
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollResult
from phrase_provider.waiting.hub.waiter import Waiter
from phrase_provider.waiting.tms.job_status import JobsReachedStatus
from phrase_provider.waiting.wait_state import WaitState

OUTAGE = PhraseServerError("Down", status=503)


class Count(Condition):
    """Met when three was found."""

    poll_interval = MACHINE_WORK
    title = "three"

    def read(self, client):
        raise NotImplementedError

    def evaluate(self, found):
        return PollResult(found == 3, f"{found} so far", {"count": found})


def end_of(*told, **arguments):
    """Wait while polls tell something one after the other; gives the result, or raises the error."""

    async def go():
        waiter = Waiter(
            WaitState(Count(), logging.getLogger("task"), **{"max_failure_duration": 600, **arguments})
        )
        waiting = asyncio.create_task(waiter.result())
        for news in told:
            await _settle()
            assert not waiting.done()
            (waiter.receive_failure if isinstance(news, Exception) else waiter.receive)(news)
        async with asyncio.timeout(60):
            return await waiting

    return asyncio.run(go())


async def _settle():
    """Let the waiting task take what it was told."""
    for _ in range(20):
        await asyncio.sleep(0)


def test_wait_ends_with_what_was_found():
    assert end_of(1, 2, 2, 3) == {"count": 3}


def test_waiter_tells_whether_something_changed():
    async def go():
        waiter = Waiter(WaitState(Count(), logging.getLogger("task"), max_failure_duration=600))
        return [waiter.receive(found) for found in (1, 1, 2)]

    # There is nothing before the first that it could differ from.
    assert asyncio.run(go()) == [False, False, True]


def test_failures_that_pass_are_told_once_in_a_row(caplog):
    assert end_of(OUTAGE, OUTAGE, 1, OUTAGE, 3) == {"count": 3}
    told = [record for record in caplog.records if "the wait goes on" in record.getMessage()]
    assert len(told) == 2


def test_failure_that_does_not_pass_ends_the_wait():
    lost = PhraseNotFoundError("No such thing", status=404)
    with pytest.raises(PhraseNotFoundError, match="No such thing") as caught:
        end_of(1, lost)
    # All that wait for the same get the same error.
    assert caught.value is not lost
    assert lost.__traceback__ is None


@pytest.mark.parametrize(
    ("news", "told"),
    [(1, r"Last seen: 1 so far"), (OUTAGE, r"No poll worked\. The last poll failed: Down")],
)
def test_deadline_that_has_passed_tells_what_the_first_poll_came_to(news, told):
    with pytest.raises(PhraseTimeoutError, match=told):
        end_of(news, deadline=time.time() - 5)


def test_wait_whose_deadline_has_passed_is_given_its_first_poll():
    assert end_of(3, deadline=time.time() - 5) == {"count": 3}


def test_end_of_the_hub_ends_the_wait_whatever_the_error():
    async def go():
        waiter = Waiter(WaitState(Count(), logging.getLogger("task"), max_failure_duration=600))
        waiter.end(RuntimeError("no supervisor"))
        await waiter.result()

    with pytest.raises(RuntimeError, match="no supervisor"):
        asyncio.run(go())


def test_wait_that_cannot_be_judged_ends_alone(phrase, after_request):
    project_uid, (uid,) = phrase.jobs("de")
    job = JobsReachedStatus(project_uid, [uid], JobStatus.COMPLETED)

    class Broken(JobsReachedStatus):
        def evaluate(self, found):
            raise KeyError("status")

    after_request("/jobs/", phrase.simulator.job, uid, "complete")
    broken = Broken(job.project_uid, job.job_uids, job.status)
    results = at_hub(phrase.simulator, lambda run: run.wait_all([broken, job]))
    assert isinstance(results[0], KeyError)
    assert results[1]["counts"] == {"COMPLETED": 1}
