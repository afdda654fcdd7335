from __future__ import annotations

import pytest
from message_receiver import Receiver

TRANSLATOR = "21"
TEXT = b"one two three four five\n" * 200


@pytest.fixture
def project(phrase):
    phrase.simulator.settings(work_moves=False)
    return phrase.project(steps=1, targetLangs=["de", "fr"])["uid"]


@pytest.fixture
def jobs(phrase, project):
    """Give the uids of imported jobs by language; German is assigned."""
    created = phrase.upload(project, content=TEXT, targetLangs=["de", "fr"]).json()["jobs"]
    phrase.simulator.advance(20)
    found = {job["targetLang"]: job["uid"] for job in created}
    provider = [{"type": "USER", "id": TRANSLATOR}]
    phrase.call("PATCH", f"v1/projects/{project}/jobs/{found['de']}", json={"providers": provider})
    return found


def references(*uids):
    return [{"uid": uid} for uid in uids]


def create(phrase, path, *uids, **body):
    return phrase.call("POST", path, json={"jobs": references(*uids), **body})


def analyses(phrase, answer, key="analyses"):
    """Let analyses end, and return them."""
    phrase.simulator.advance(10)
    started = answer.json()[key]
    for one in started:
        assert phrase.get(f"v1/async/{one['asyncRequest']['id']}").json()["asyncResponse"]
    return [phrase.get(f"v3/analyses/{one['analyse']['id']}").json() for one in started]


def counted(analysis):
    """Give the words of each language by kind of match."""
    return {
        part["targetLang"]: {
            "all": part["data"]["all"]["words"],
            "repetitions": part["data"]["repetitions"]["words"],
            **{
                f"{kind}.{score}": counts["words"]
                for kind in part["data"]
                if kind.endswith("Matches")
                for score, counts in part["data"][kind].items()
            },
        }
        for part in analysis["analyseLanguageParts"]
    }


def test_one_analysis_for_each_provider(phrase, jobs):
    answer = create(phrase, "v1/analyses/byProviders", *jobs.values())
    assert answer.status_code == 200
    assert {one["asyncRequest"]["action"] for one in answer.json()["analyses"]} == {"PRE_ANALYSE"}
    german, french = analyses(phrase, answer)
    assert (german["provider"]["id"], french["provider"]) == (TRANSLATOR, None)
    assert [list(counted(one)) for one in (german, french)] == [["de"], ["fr"]]
    assert (german["name"], german["innerId"], french["innerId"]) == ("Analysis #1", 1, 2)
    assert [job["uid"] for job in german["analyseLanguageParts"][0]["jobs"]] == [jobs["de"]]


def test_one_analysis_for_each_language(phrase, jobs):
    found = analyses(phrase, create(phrase, "v1/analyses/byLanguages", *jobs.values(), name="Cost"))
    assert [(one["name"], list(counted(one))) for one in found] == [("Cost", ["de"]), ("Cost", ["fr"])]
    assert {one["settings"]["analyzeByLanguage"] for one in found} == {True}


@pytest.mark.parametrize(
    ("options", "count"),
    [({}, 1), ({"analyzeByLanguage": True}, 2), ({"analyzeByProvider": True}, 2)],
)
def test_one_analysis_unless_it_is_divided(phrase, jobs, options, count):
    answer = create(phrase, "v2/analyses", *jobs.values(), **options)
    assert len(analyses(phrase, answer, "asyncRequests")) == count


def test_numbers_add_up_and_stay_the_same(phrase, jobs):
    [first] = analyses(phrase, create(phrase, "v2/analyses", *jobs.values()), "asyncRequests")
    [second] = analyses(phrase, create(phrase, "v2/analyses", *jobs.values()), "asyncRequests")
    assert counted(first) == counted(second)
    for words in counted(first).values():
        total = words.pop("all")
        assert sum(words.values()) == total == len(TEXT.split())
        assert words["repetitions"] > 0
        assert words["machineTranslationMatches.match75"] == 0
    data = first["analyseLanguageParts"][0]["data"]
    assert data["all"]["segments"] == 201
    assert (data["all"]["percent"], data["all"]["characters"]) == (100, 6000)
    assert counted(first)["de"] != counted(first)["fr"]


def test_options_decide_what_counts_as_new(phrase, jobs):
    options = {"includeTransMemory": False, "includeMachineTranslationMatches": True}
    answer = create(phrase, "v2/analyses", jobs["de"], **options, separateFuzzyRepetitions=True)
    words = counted(analyses(phrase, answer, "asyncRequests")[0])["de"]
    assert words["transMemoryMatches.match100"] == 0
    assert words["machineTranslationMatches.match75"] > 0
    assert words["internalFuzzyMatches.match95"] > 0
    without = create(phrase, "v2/analyses", jobs["de"], includeNotConfirmedSegments=False)
    assert counted(analyses(phrase, without, "asyncRequests")[0])["de"]["all"] == 0


def test_pieces_of_a_split_job_share_its_words(phrase, project, jobs):
    path = f"v1/projects/{project}/jobs/{jobs['de']}/split"
    pieces = [job["uid"] for job in phrase.call("POST", path, json={"partCount": 3}).json()["jobs"]]
    found = [
        counted(analyses(phrase, create(phrase, "v2/analyses", piece), "asyncRequests")[0])["de"]["all"]
        for piece in pieces
    ]
    assert sum(found) == len(TEXT.split())
    assert max(found) - min(found) < 10


def test_analysis_is_empty_until_its_end(phrase, jobs):
    started = create(phrase, "v1/analyses/byProviders", jobs["de"]).json()["analyses"][0]
    running = phrase.get(f"v3/analyses/{started['analyse']['id']}").json()
    assert (running["importStatus"]["status"], running["analyseLanguageParts"]) == ("RUNNING", [])
    assert started["asyncRequest"]["asyncResponse"] is None


def test_subscriber_and_callback_are_told_of_an_analysis(phrase, jobs):
    with Receiver() as subscriber, Receiver() as callback:
        phrase.call("POST", "v2/webhooks", json={"url": subscriber.url, "events": ["ANALYSIS_CREATED"]})
        answer = create(phrase, "v1/analyses/byProviders", jobs["de"], callbackUrl=callback.url)
        [analysis] = analyses(phrase, answer)
    (event,), (body,) = subscriber.bodies, callback.bodies
    assert set(body) == {"asyncRequest", "analyse"}
    assert event["analyse"] == body["analyse"]
    assert body["analyse"]["dateCreated"].endswith("Z")
    assert {**body["analyse"], "dateCreated": analysis["dateCreated"]} == analysis


def test_analysis_can_fail(phrase, jobs):
    phrase.simulator.job(jobs["de"], "fail-analysis")
    answer = create(phrase, "v1/analyses/byProviders", jobs["de"])
    [failed] = analyses(phrase, answer)
    request = phrase.get(f"v1/async/{answer.json()['analyses'][0]['asyncRequest']['id']}").json()
    assert failed["importStatus"] == {"status": "ERROR", "errorMessage": "The segments cannot be counted."}
    assert request["asyncResponse"]["errorCode"] == "AnalyseFailed"


@pytest.mark.parametrize(
    ("type_", "level", "action"),
    [
        ("PreAnalyse", None, "PRE_ANALYSE"),
        ("PostAnalyse", None, "POST_ANALYSE"),
        ("Compare", 1, "COMPARE_ANALYSE"),
    ],
)
def test_type_decides_the_action(phrase, jobs, type_, level, action):
    body = {"type": type_} | ({"compareWorkflowLevel": level} if level else {})
    answer = create(phrase, "v1/analyses/byProviders", jobs["de"], **body)
    assert answer.json()["analyses"][0]["asyncRequest"]["action"] == action
    assert analyses(phrase, answer)[0]["type"] == type_


@pytest.mark.parametrize("path", ["v1/analyses/byProviders", "v1/analyses/byLanguages", "v2/analyses"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"jobs": []}, 400),
        ({"jobs": references("x")}, 404),
        ({"type": "Compare"}, 400),
        ({"type": "PreAnalyseTarget"}, 400),
        ({"netRateScheme": {"id": "1"}}, 400),
        ({"compareWorkflowLevel": 16}, 400),
        ({"name": "x" * 256}, 400),
    ],
)
def test_analysis_is_refused(phrase, project, jobs, path, body, status):
    assert create(phrase, path, jobs["de"], **body).status_code == status
    assert phrase.get(f"v3/projects/{project}/analyses").json()["totalElements"] == 0


def test_analysis_wants_imported_jobs_of_one_project(phrase, jobs):
    other = phrase.upload(phrase.project()["uid"]).json()["jobs"][0]["uid"]
    assert create(phrase, "v1/analyses/byProviders", jobs["de"], other).status_code == 400
    importing = create(phrase, "v1/analyses/byProviders", other)
    assert (importing.status_code, importing.json()["errorCode"]) == (400, "JOB_NOT_READY")


def test_lists_of_version_1_end_at_100_jobs(phrase, jobs):
    assert create(phrase, "v1/analyses/byProviders", *["x"] * 101).status_code == 400
    assert create(phrase, "v2/analyses", *["x"] * 101).status_code == 404


def test_each_analysis_needs_a_place_among_the_pending(phrase, jobs):
    phrase.simulator.settings(pending_limit=1)
    assert create(phrase, "v1/analyses/byLanguages", *jobs.values()).status_code == 429
    assert create(phrase, "v1/analyses/byLanguages", jobs["de"]).status_code == 200


def test_large_jobs_are_divided_or_refused(phrase, project):
    uids = []
    for name, lines in (("a.txt", 99_000), ("b.txt", 99_000), ("c.txt", 99_000), ("d.txt", 9_000)):
        uids.append(phrase.upload(project, name, b"x\n" * lines).json()["jobs"][0]["uid"])
    phrase.simulator.advance(20)
    assert create(phrase, "v2/analyses", *uids).status_code == 400
    divided = create(phrase, "v2/analyses", *uids[:3])
    assert len(analyses(phrase, divided, "asyncRequests")) == 3


@pytest.mark.parametrize(
    ("chosen", "languages"),
    [
        ({}, ["de", "fr"]),
        ({"targetLangs": ["fr"]}, ["fr"]),
        ({"provider": {"type": "USER", "id": TRANSLATOR}}, ["de"]),
        ({"statuses": ["NEW"], "filename": "a.txt"}, ["de", "fr"]),
        ({"statuses": ["PRECEDING_COMPLETED"], "workflowStep": {"id": "101"}}, ["de", "fr"]),
        ({"statuses": ["PRECEDING_NOT_COMPLETED"]}, None),
        ({"jobOwner": {"uid": "x"}}, None),
        ({"sourcePath": "x"}, None),
        ({"statuses": ["COMPLETED"]}, None),
        ({"dueIn": "OVERDUE"}, None),
    ],
)
def test_jobs_are_chosen_by_a_filter(phrase, project, jobs, chosen, languages):
    body = {"jobFilter": {"project": {"uid": project}, **chosen}}
    answer = phrase.call("POST", "v2/analyses", json=body)
    if languages is None:
        assert answer.status_code == 400
    else:
        assert list(counted(analyses(phrase, answer, "asyncRequests")[0])) == languages


def test_jobs_are_chosen_by_their_due_date(phrase, project, jobs):
    path = f"v1/projects/{project}/jobs/{jobs['fr']}"
    phrase.call("PATCH", path, json={"dateDue": "2020-01-02T00:00:00Z"})
    for chosen in ({"dueIn": "OVERDUE"}, {"dateDue": "2020-01-03T00:00:00Z"}):
        body = {"jobFilter": {"project": {"uid": project}, **chosen}}
        answer = phrase.call("POST", "v2/analyses", json=body)
        assert list(counted(analyses(phrase, answer, "asyncRequests")[0])) == ["fr"]


def test_jobs_come_by_uid_or_by_filter(phrase, project, jobs):
    body = {"jobFilter": {"project": {"uid": project}}}
    assert create(phrase, "v2/analyses", jobs["de"], **body).status_code == 400
    assert phrase.call("POST", "v2/analyses", json={}).status_code == 400


def test_analyses_are_listed_and_deleted(phrase, project, jobs):
    first, second = analyses(phrase, create(phrase, "v1/analyses/byLanguages", *jobs.values()))
    listed = phrase.get(f"v3/projects/{project}/analyses").json()["content"]
    assert [(one["uid"], one["innerId"]) for one in listed] == [(second["uid"], "2"), (first["uid"], "1")]
    assert phrase.get(f"v3/projects/{project}/analyses", uid=first["uid"]).json()["totalElements"] == 1
    of_job = phrase.get(f"v3/projects/{project}/jobs/{jobs['fr']}/analyses").json()["content"]
    assert [one["uid"] for one in of_job] == [second["uid"]]

    assert phrase.call("DELETE", f"v1/analyses/{first['uid']}", params={"purge": "true"}).status_code == 204
    assert phrase.get(f"v3/analyses/{first['uid']}").status_code == 404
    bulk = {"analyses": [{"id": second["id"]}]}
    assert phrase.call("DELETE", "v1/analyses/bulk", json=bulk).status_code == 204
    assert phrase.call("DELETE", "v1/analyses/bulk", json=bulk).status_code == 404
    assert phrase.get(f"v3/projects/{project}/analyses").json()["content"] == []


def test_analysis_is_outdated_after_a_source_update(phrase, project, jobs):
    [before] = analyses(phrase, create(phrase, "v1/analyses/byLanguages", jobs["de"]))
    headers = {
        "Memsource": f'{{"jobs": [{{"uid": "{jobs["de"]}"}}]}}',
        "Content-Disposition": "filename=a.txt",
        "Content-Type": "application/octet-stream",
    }
    phrase.call("POST", f"v1/projects/{project}/jobs/source", data=b"new", headers=headers)
    phrase.simulator.advance(20)
    after = phrase.get(f"v3/analyses/{before['uid']}").json()
    assert (before["outdated"], after["outdated"]) == (False, True)


def test_null_is_as_good_as_nothing(phrase, project, jobs):
    options = ("type", "name", "includeTransMemory", "analyzeByLanguage", "netRateScheme", "jobFilter")
    answer = create(phrase, "v2/analyses", *jobs.values(), **dict.fromkeys(options))
    [analysis] = analyses(phrase, answer, "asyncRequests")
    assert (analysis["type"], analysis["settings"]["includeTransMemory"]) == ("PreAnalyse", True)
    by_filter = {"jobs": None, "jobFilter": {"project": {"uid": project}, "targetLangs": None}}
    assert phrase.call("POST", "v2/analyses", json=by_filter).status_code == 200
