"""The trigger that counts: woken tasks learn where to look, whatever became of the triggerer."""

from __future__ import annotations

import json
import time

from task_runs import event_of, rebuilt

from phrase_provider.triggers.events import result_of
from phrase_provider.triggers.tms.ready_jobs import PhraseTmsJobsReadyTrigger


def trigger(project_uid, number, **arguments):
    projects = [
        {
            "project_uid": project_uid,
            "level": 1,
            "own_open": number,
            "own_completed": 0,
            "others_completed": 0,
            "others_open": 0,
        }
    ]
    given = {"phrase_conn_id": "phrase_default", "poke_interval": 0.05, **arguments}
    return PhraseTmsJobsReadyTrigger(projects=projects, **given)


def test_it_fires_with_what_the_task_has_to_know(phrase, after_request):
    project_uid, uids = phrase.jobs("de", "pt_br")
    after_request("/jobs$", phrase.simulator.job, uids[0], "complete", count=2)
    waiting = trigger(project_uid, 2, max_hold=0.2, note={"started": 1.5})
    event = event_of(rebuilt(waiting))
    assert result_of(event) == {"ready": 1, "open": 1, "projects": waiting.projects}
    assert event["note"] == {"started": 1.5}


def test_it_waits_until_the_deferring_task_has_certainly_ended(phrase):
    project_uid, (uid,) = phrase.jobs("de")
    phrase.simulator.job(uid, "complete")
    earliest = time.time() + 0.5
    assert result_of(event_of(rebuilt(trigger(project_uid, 1, earliest=earliest))))["ready"] == 1
    assert time.time() >= earliest


def test_it_is_given_no_uid_and_no_path_however_many_jobs_there_are():
    few, many = trigger("p", 10), trigger("p", 6000)
    sizes = [len(json.dumps(each.serialize()[1])) for each in (few, many)]
    assert sizes[1] - sizes[0] == len("6000") - len("10")
    assert max(sizes) < 500
