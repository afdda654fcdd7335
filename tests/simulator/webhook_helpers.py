"""What tests of webhooks and callbacks share."""

from __future__ import annotations

import time

DELAYS = [2, 4, 8, 16, 30, 30, 30, 30, 30, 30]
"""Minutes between an attempt and the next one."""


def subscribe(phrase, receiver, *events, **fields):
    body = {"url": receiver.url, "events": events or ["PROJECT_CREATED"], **fields}
    return phrase.call("POST", "v2/webhooks", json=body).json()


def calls(phrase, **query):
    return phrase.get("v1/webhooksCalls", **query).json()["content"]


def replay(phrase, path="", **options):
    answer = phrase.call("POST", f"v1/webhooksCalls/replay{path}", **options)
    phrase.simulator.advance(0)
    return answer.status_code


def attempts(phrase, receiver, minutes):
    """Tell how many attempts arrive in each of some spans of simulated time, but for its last second."""
    arrived = []
    for span in minutes:
        phrase.simulator.advance(span * 60 - 1)
        arrived.append(len(receiver.got))
        phrase.simulator.advance(1)
    return arrived


def export(phrase, receiver, **body):
    """Let an export with a callback end; gives job and async request."""
    project = phrase.project(targetLangs=["de"])
    (part,) = phrase.upload(project["uid"]).json()["jobs"]
    phrase.simulator.job(part["uid"], "complete")
    path = f"v3/projects/{project['uid']}/jobs/{part['uid']}/targetFile"
    request = phrase.call("PUT", path, json={"callbackUrl": receiver.url, **body}).json()["asyncRequest"]
    phrase.simulator.advance(15)
    return part, request


def wait_for(condition, seconds=8):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "It did not happen."
        time.sleep(0.02)
