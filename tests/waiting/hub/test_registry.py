from __future__ import annotations

import asyncio
import logging

import pytest

from phrase_provider.exceptions import PhraseConnectionError
from phrase_provider.triggers.events import result_of
from phrase_provider.triggers.tms.jobs import PhraseTmsJobStatusTrigger
from phrase_provider.triggers.wait import PhraseWaitTrigger
from phrase_provider.waiting.hub.registry import hub_of
from phrase_provider.waiting.hub.waiter import Waiter
from phrase_provider.waiting.tms.async_requests import AsyncRequestFinished
from phrase_provider.waiting.wait_state import WaitState

WAIT = {"phrase_conn_id": "phrase_default", "poke_interval": 0.05}


async def connect():
    raise PhraseConnectionError("Nobody connects")


def hub(name="TMS of phrase_default", per_minute=lambda: 60):
    return hub_of(name, connect, per_minute)


class TestOneLoop:
    def test_each_connection_has_one_hub(self):
        async def go():
            return hub("TMS of a") is hub("TMS of a"), hub("TMS of a") is hub("TMS of b")

        assert asyncio.run(go()) == (True, False)

    def test_budget_is_asked_for_when_the_hub_is_made(self):
        asked = []

        def per_minute():
            asked.append(60)
            return 60

        async def go():
            for _ in range(3):
                hub(per_minute=per_minute)

        asyncio.run(go())
        assert asked == [60]

    def test_hub_that_everybody_has_left_is_not_used_again(self):
        async def go():
            first = hub()
            with first.waiting(Waiter(WaitState(AsyncRequestFinished("1"), logging.getLogger("task")))):
                during = hub()
            return during is first, hub() is first

        assert asyncio.run(go()) == (True, False)


def test_each_loop_has_a_hub_of_its_own():
    # As dag.test() has it, which makes a loop for each trigger.
    async def go():
        return hub()

    with asyncio.Runner() as first, asyncio.Runner() as second:
        assert first.run(go()) is first.run(go())
        assert first.run(go()) is not second.run(go())


class OtherProductTrigger(PhraseWaitTrigger):
    """A trigger of a product that this provider does not have yet, over the same connection."""

    product = "Other"
    connections = 0

    def condition(self):
        return AsyncRequestFinished("77")

    @classmethod
    async def connect(cls, phrase_conn_id):
        cls.connections += 1
        raise PhraseConnectionError(f"No {cls.product} at {phrase_conn_id}")


def test_each_product_has_a_hub_of_its_own(phrase):
    async def fired(trigger):
        (payload,) = [event.payload async for event in trigger.run()]
        return payload

    async def both():
        other = OtherProductTrigger(**WAIT)
        return await asyncio.gather(fired(other), fired(trigger))

    project_uid, (uid,) = phrase.jobs("de")
    phrase.simulator.job(uid, "complete")
    trigger = PhraseTmsJobStatusTrigger(project_uid=project_uid, job_uids=[uid], **WAIT)
    lost, met = asyncio.run(both())
    with pytest.raises(PhraseConnectionError, match="No Other at phrase_default"):
        result_of(lost)
    assert result_of(met)["counts"] == {"COMPLETED": 1}
    assert OtherProductTrigger.connections == 1
