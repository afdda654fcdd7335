"""A new kind of wait needs no change of the hub."""

from __future__ import annotations

import asyncio
from collections import Counter

from hub_runs import at_hub

from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.waiting.conditions import Condition, PollInterval, PollResult

PROJECT = r"/projects/\w+$"


class ProjectNamed(Condition):
    """A new kind of wait: this class is all that it takes."""

    poll_interval = PollInterval(2, 30)

    def __init__(self, project_uid):
        self.project_uid = project_uid

    def __repr__(self):
        return self.title

    @property
    def title(self):
        return f"the name of project {self.project_uid}"

    def read(self, client):
        return client.projects.get(self.project_uid)["name"]

    def evaluate(self, found):
        return PollResult(found == "Renamed", found, {"name": found})


def test_a_kind_without_a_list_is_read_one_by_one_and_the_same_once(phrase, after_request):
    first, second = phrase.project("de"), phrase.project("fr")
    phrase.forget()
    after_request(f"/projects/{first}$", lambda: phrase.change_project(first, name="Renamed"))
    waits = [ProjectNamed(first)] * 5 + [ProjectNamed("nowhere")]

    async def go(run):
        same = asyncio.create_task(run.wait(ProjectNamed(second)))
        found = await run.wait_all(waits)
        same_ended = same.done()
        same.cancel()
        return *found, same_ended

    *renamed, lost, same_ended = at_hub(phrase.simulator, go)
    assert renamed == [{"name": "Renamed"}] * 5
    assert not same_ended
    assert isinstance(lost, PhraseNotFoundError)
    asked = Counter(request["path"].rpartition("/")[2] for request in phrase.sent("GET", PROJECT))
    assert asked["nowhere"] == 1
    assert asked[first] <= asked[second]
