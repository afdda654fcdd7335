"""Who is assigned, who works, and who gets a mail."""

from __future__ import annotations

import pytest

from phrase_provider.simulator.process import SimulatorProcess

TRANSLATOR, REVISER, PROJECT_OWNER = "Tara Translator", "Rita Reviser", "Sim Ulator"
LATER = 45 + 140


@pytest.fixture
def project(phrase):
    """A project with two steps, in which nobody works unassigned."""
    phrase.simulator.settings(unassigned_work_moves=False)
    return phrase.project(2)["uid"]


@pytest.fixture
def parts(phrase, project):
    """The two steps of an imported job."""
    uids = [job["uid"] for job in phrase.upload(project).json()["jobs"]]
    phrase.simulator.advance(20)
    return uids


def assign(phrase, project, *uids, steps=2):
    template = phrase.templates()[steps - 1]["uid"]
    path = f"v1/projects/{project}/applyTemplate/{template}/assignProviders/forJobParts"
    return phrase.call("POST", path, json={"jobs": [{"uid": uid} for uid in uids]})


def set_status(phrase, project, uid, status, **flags):
    path = f"v1/projects/{project}/jobs/{uid}/setStatus"
    return phrase.call("POST", path, json={"requestedStatus": status, **flags})


def give(phrase, project, uid, *providers):
    return phrase.call("PATCH", f"v1/projects/{project}/jobs/{uid}", json={"providers": providers})


def statuses(phrase, project, uids):
    return [phrase.job(project, uid)["status"] for uid in uids]


def mails(phrase, **filters):
    return [(mail["occasion"], mail["to"], mail["job"]) for mail in phrase.simulator.mails(**filters)]


def test_nobody_works_unassigned_unless_a_switch_says_so():
    with SimulatorProcess(speed=0) as simulator:
        assert simulator.settings()["unassigned_work_moves"] is False


def test_unassigned_work_stands_still(phrase, project, parts):
    phrase.simulator.advance(10 * LATER)
    assert statuses(phrase, project, parts) == ["NEW", "NEW"]


def test_assigned_work_moves_step_by_step(phrase, project, parts):
    assign(phrase, project, *parts)
    phrase.simulator.advance(LATER)
    assert statuses(phrase, project, parts) == ["COMPLETED", "EMAILED"]
    phrase.simulator.advance(LATER)
    assert statuses(phrase, project, parts) == ["COMPLETED", "COMPLETED"]


def test_step_without_provider_stands_still_when_the_one_before_it_is_finished(phrase, project, parts):
    assign(phrase, project, parts[0])
    phrase.simulator.advance(3 * LATER)
    assert statuses(phrase, project, parts) == ["COMPLETED", "NEW"]


def test_work_goes_on_from_the_assignment_and_stops_when_it_is_taken_back(phrase, project, parts):
    (vendor,) = phrase.get("v1/vendors").json()["content"]
    give(phrase, project, parts[0], {"type": "VENDOR", "id": vendor["id"]})
    phrase.simulator.advance(45)
    assert statuses(phrase, project, parts) == ["ACCEPTED", "NEW"]
    give(phrase, project, parts[0])
    phrase.simulator.advance(LATER)
    assert statuses(phrase, project, parts) == ["ACCEPTED", "NEW"]


def test_template_notifies_those_whom_it_assigns_once(phrase, project, parts):
    assign(phrase, project, *parts)
    assert assign(phrase, project, *parts).json()["jobs"] == []
    assert mails(phrase) == [("JOB_ASSIGNED", TRANSLATOR, parts[0]), ("JOB_ASSIGNED", REVISER, parts[1])]
    assert mails(phrase, job=parts[1]) == [("JOB_ASSIGNED", REVISER, parts[1])]


def test_edits_notify_nobody_and_requests_to_notify_each_time(phrase, project, parts):
    give(phrase, project, parts[0], {"type": "USER", "id": "21"})
    assert mails(phrase) == []
    template = phrase.get("v1/emailTemplates").json()["content"][0]["id"]
    body = {"jobs": [{"uid": uid} for uid in parts], "emailTemplate": {"id": template}}
    for _ in range(2):
        phrase.call("POST", f"v1/projects/{project}/jobs/notifyAssigned", json=body)
    assert mails(phrase) == [("JOB_ASSIGNED", TRANSLATOR, parts[0])] * 2


def test_owner_is_notified_each_time_that_is_asked_for(phrase, project, parts):
    set_status(phrase, project, parts[0], "COMPLETED")
    assert mails(phrase) == []
    for _ in range(2):
        set_status(phrase, project, parts[0], "DELIVERED", notifyOwner=True)
    assert mails(phrase, occasion="OWNER_NOTIFIED") == [("OWNER_NOTIFIED", PROJECT_OWNER, parts[0])] * 2


def test_finished_step_tells_the_next_one(phrase, project, parts):
    give(phrase, project, parts[1], {"type": "USER", "id": "22"})
    set_status(phrase, project, parts[0], "COMPLETED", propagateStatus=True)
    assert statuses(phrase, project, parts) == ["COMPLETED", "EMAILED"]
    assert mails(phrase) == [("STATUS_PROPAGATED", REVISER, parts[1])]
    set_status(phrase, project, parts[0], "DELIVERED", propagateStatus=True)
    assert len(mails(phrase)) == 1


def test_next_step_without_provider_stays_new(phrase, project, parts):
    set_status(phrase, project, parts[0], "COMPLETED", propagateStatus=True)
    assert statuses(phrase, project, parts) == ["COMPLETED", "NEW"]


@pytest.mark.parametrize("status", ["DELIVERED", "REJECTED"])
def test_step_tells_the_one_before_it(phrase, project, parts, status):
    give(phrase, project, parts[0], {"type": "USER", "id": "21"})
    set_status(phrase, project, parts[0], "COMPLETED")
    set_status(phrase, project, parts[1], status, propagateStatus=True)
    assert statuses(phrase, project, parts) == [status, status]
    assert mails(phrase) == [("STATUS_PROPAGATED", TRANSLATOR, parts[0])]


def test_status_is_not_propagated_unless_asked_for(phrase, project, parts):
    assign(phrase, project, *parts)
    sent = mails(phrase)
    set_status(phrase, project, parts[0], "COMPLETED")
    set_status(phrase, project, parts[1], "REJECTED")
    assert statuses(phrase, project, parts) == ["COMPLETED", "REJECTED"]
    assert mails(phrase) == sent


def test_vendors_are_listed_and_read(phrase):
    (vendor,) = phrase.get("v1/vendors", name="words").json()["content"]
    assert (vendor["id"], vendor["name"]) == ("41", "Good Words Ltd.")
    assert phrase.get(f"v1/vendors/{vendor['uid']}").json() == vendor
    assert phrase.get("v1/vendors", name="nobody").json()["content"] == []
    assert phrase.get("v1/vendors/nobody").status_code == 404
