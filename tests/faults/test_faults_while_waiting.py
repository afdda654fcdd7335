"""What may go wrong between the first look and the last, on the wire, for a wait of either kind."""

from __future__ import annotations

from datetime import datetime

import pytest
from task_runs import DEFERRED, POKE, run

from phrase_provider.exceptions import PhraseAuthenticationError, PhraseNotFoundError, PhraseServerError
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor

pytestmark = pytest.mark.parametrize("mode", [POKE, DEFERRED])

THAT_PASS = {
    "one 503": {"status": 503},
    "many 503": {"status": 503, "times": 20},
    "reset": {"reset_before": True},
    "reset after the request": {"reset_after": True},
    "no answer": {"hang": True},
    "malformed": {"corrupt": True},
    "cut short": {"truncate": 20},
    "page of a proxy": {"html": 200},
    "page of a proxy, 400": {"html": 400},
    "page of a proxy, 401": {"html": 401, "times": 2},
    "page of a proxy, 403": {"html": 403},
    "page of a proxy, 404": {"html": 404},
    "redirect to a login page": {"status": 302, "headers": {"Location": "https://login.test/"}},
    "proxy without its password": {"status": 407},
    "429, quota per minute": {"status": 429},
}


class Wait:
    """A wait for one job, which faults meet after its first look."""

    def __init__(self, phrase, mode) -> None:
        self.phrase, self.mode = phrase, mode
        self.project_uid, (self.job_uid,) = phrase.jobs("de")
        phrase.forget()

    def fault(self, **rule):
        self.phrase.simulator.fault(path="/jobs/", after=1, **rule)

    def complete(self):
        self.phrase.simulator.job(self.job_uid, "complete")

    def is_met(self, times=1):
        """Tell whether the fault has met so many looks."""
        return len([look for look in self.looks() if look["fault"]]) >= times

    def run(self):
        arguments = {"project_uid": self.project_uid, "job_uids": self.job_uid, "poke_interval": 0.05}
        return run(PhraseTmsJobStatusSensor, self.mode, timeout=120, **arguments)

    def looks(self, status=0):
        """Give the reads of the job, or those that were answered so."""
        found = self.phrase.sent("GET", "/jobs/")
        return [look for look in found if status in (0, look["status"])]


@pytest.fixture
def wait(phrase, connect, mode):
    connect(timeout=1, retries=0)
    return Wait(phrase, mode)


def pause_after(refused, looks):
    """Give the seconds between a look and the next one."""
    following = looks[looks.index(refused) + 1]
    moments = [datetime.fromisoformat(look["time"]) for look in (refused, following)]
    return (moments[1] - moments[0]).total_seconds()


@pytest.mark.parametrize("fault", THAT_PASS.values(), ids=THAT_PASS)
def test_fault_that_passes_only_delays(wait, fault, once):
    wait.fault(**fault)
    once(lambda: wait.is_met(fault.get("times", 1)), wait.complete)
    assert wait.run()["counts"] == {"COMPLETED": 1}
    met = [look for look in wait.looks() if look["fault"]]
    assert len(met) == fault.get("times", 1)
    # The wait goes on, and does not rush.
    assert wait.looks()[-1]["fault"] is None
    assert len(wait.looks()) < len(met) + 25


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [({"Retry-After": "3"}, 3), ({"Ratelimit-Limit": "100", "Ratelimit-Remaining": "0"}, 1)],
    ids=["Retry-After", "too many at once"],
)
def test_it_keeps_away_as_long_as_phrase_asks(wait, connect, once, monkeypatch, headers, seconds):
    # A minute, else.
    monkeypatch.setattr("phrase_provider.api.rate_limits.CONCURRENCY_WAIT", 1.0)
    connect(retries=0)
    wait.fault(status=429, headers=headers)
    once(wait.is_met, wait.complete)
    wait.run()
    (refused,) = wait.looks(429)
    # Not for the minutes after which it looks again whatever Phrase asks.
    assert seconds <= pause_after(refused, wait.looks()) < seconds + 60


def test_expired_token_is_renewed_once(wait, once):
    wait.fault(expire_token=True)
    once(wait.is_met, wait.complete)
    wait.run()
    (refused,) = wait.looks(401)
    renewals = wait.phrase.sent("POST", "/oauth/token")
    assert len([each for each in renewals if each["time"] >= refused["time"]]) <= 2
    # The same look, sent again with the new token: a look that is refused ends the wait.
    assert wait.looks()[wait.looks().index(refused) + 1]["status"] == 200


def test_lasting_401_ends_the_wait_soon_and_readably(wait):
    wait.fault(status=401, times=None)
    with pytest.raises(PhraseAuthenticationError, match=r"401.*Check the API token"):
        wait.run()
    # The one that was refused, and the same with a new token.
    assert len(wait.looks(401)) == 2


def test_job_that_is_deleted_ends_the_wait(wait, after_request):
    after_request("/jobs/", wait.phrase.delete_job, wait.project_uid, wait.job_uid)
    with pytest.raises(PhraseNotFoundError, match="Check the uid"):
        wait.run()
    assert len(wait.looks(404)) == 1


def test_outage_that_lasts_ends_the_wait_with_its_reason(wait, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__MAX_FAILURE_DURATION", "0.5")
    wait.fault(status=503, times=None)
    with pytest.raises(PhraseServerError, match="503"):
        wait.run()
    assert 3 <= len(wait.looks(503)) < 25
