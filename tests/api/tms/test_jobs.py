from __future__ import annotations

import io
import json

import pytest

from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.api.tms.jobs import FEW, MAX_SEARCHED
from phrase_provider.exceptions import PhraseNotFoundError, PhraseOutcomeUnknownError, PhraseTransportError

V1 = "https://tms.test/web/api2/v1/projects/p1"
V2 = "https://tms.test/web/api2/v2/projects/p1/jobs"


def _part(uid, level=1, **fields):
    return {
        "uid": uid,
        "status": "NEW",
        "targetLang": "de",
        "workflowStep": {"workflowLevel": level},
        **fields,
    }


@pytest.fixture
def project(requests_mock):
    """A project with its workflow levels."""

    def register(*levels):
        steps = [{"id": 70 + level, "workflowLevel": level} for level in levels]
        requests_mock.get(V1, json={"uid": "p1", "workflowSteps": steps})

    return register


@pytest.fixture
def levels(requests_mock, page, project):
    """Job parts by workflow level, as the list gives them."""

    def register(parts):
        project(*parts)

        def answer(request, _):
            return page(*parts[int(request.qs["workflowlevel"][0])])

        requests_mock.get(V2, json=answer)

    return register


def _asked(requests_mock):
    return [f"{request.path.partition('/projects/p1')[2]}" for request in requests_mock.request_history]


def test_create_sends_the_file_as_it_is(client, requests_mock):
    requests_mock.post(f"{V1}/jobs", status_code=201, json={"jobs": [{"uid": "j1"}], "unsupportedFiles": []})
    content = "größe\r\n\0".encode()
    request = JobRequest("août.md", ["de", "pt_br"], folder="docs")
    created = client.jobs.create("p1", request, lambda: io.BytesIO(content))
    assert created == {"jobs": [{"uid": "j1"}], "unsupportedFiles": []}
    sent = requests_mock.last_request
    assert sent.body.closed
    assert sent.headers["Content-Length"] == str(len(content))
    assert sent.headers["Content-Type"] == "application/octet-stream"
    assert sent.headers["Content-Disposition"] == "attachment; filename*=UTF-8''ao%C3%BBt.md"
    assert json.loads(sent.headers["Memsource"])["targetLangs"] == ["de", "pt_br"]


def test_create_with_an_unknown_outcome_is_sent_once(client, requests_mock):
    requests_mock.post(f"{V1}/jobs", status_code=500)
    with pytest.raises(PhraseOutcomeUnknownError):
        client.jobs.create("p1", JobRequest("a.md", ["de"]), lambda: io.BytesIO(b"a"))
    assert requests_mock.call_count == 1


def test_list_reads_every_level(client, requests_mock, levels):
    levels({1: [_part("a1"), _part("b1")], 3: [_part("a3", 3)]})
    assert [part["uid"] for part in client.jobs.list("p1")] == ["a1", "b1", "a3"]
    assert _asked(requests_mock) == ["", "/jobs", "/jobs"]


def test_list_of_given_levels_does_not_ask_for_the_project(client, requests_mock, levels):
    levels({1: [_part("a1")], 2: [_part("a2", 2)]})
    assert [part["uid"] for part in client.jobs.list("p1", levels=[2])] == ["a2"]
    assert _asked(requests_mock) == ["/jobs"]


def test_list_filters(client, requests_mock, levels):
    levels({1: []})
    assert list(client.jobs.list("p1", filename="a.md", target_lang="pt_br")) == []
    assert requests_mock.last_request.qs == {
        "workflowlevel": ["1"],
        "filename": ["a.md"],
        "targetlang": ["pt_br"],
        "pagenumber": ["0"],
        "pagesize": ["50"],
    }


def test_highest_level_is_the_one_to_export(client, levels):
    levels({2: [_part("a2", 2)], 5: [_part("a5", 5)], 1: [_part("a1")]})
    assert [part["uid"] for part in client.jobs.list_highest("p1")] == ["a5"]


def test_few_parts_are_read_one_by_one(client, requests_mock):
    uids = [f"j{number}" for number in range(FEW)]
    for uid in uids:
        requests_mock.get(f"{V1}/jobs/{uid}", json=_part(uid))
    assert [part["uid"] for part in client.jobs.get_many("p1", uids)] == uids
    assert requests_mock.call_count == FEW


def test_many_parts_are_read_from_the_list(client, requests_mock, levels):
    uids = [f"j{number}" for number in range(40)]
    levels({1: [_part(uid) for uid in uids], 2: [_part(f"{uid}-2", 2) for uid in uids]})
    wanted = [*uids[::2], "j1-2"]
    assert [part["uid"] for part in client.jobs.get_many("p1", wanted)] == wanted
    assert requests_mock.call_count == 3


def test_part_that_the_list_lacks_is_read_alone(client, requests_mock, levels):
    levels({1: [_part("j1"), _part("j2"), _part("j3")]})
    requests_mock.get(f"{V1}/jobs/j4", json=_part("j4"))
    assert [part["uid"] for part in client.jobs.get_many("p1", ["j1", "j2", "j3", "j4"])] == [
        "j1",
        "j2",
        "j3",
        "j4",
    ]


def test_part_that_does_not_exist_is_an_error(client, requests_mock, levels):
    levels({1: [_part("j1"), _part("j2"), _part("j3")]})
    requests_mock.get(f"{V1}/jobs/j4", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseNotFoundError):
        client.jobs.get_many("p1", ["j1", "j2", "j3", "j4"])


@pytest.mark.parametrize("shape", [lambda parts: parts, lambda parts: {"content": parts}])
def test_parts_come_from_the_endpoint_of_the_guides(client, requests_mock, shape):
    requests_mock.get(f"{V1}/jobs/j1/parts", json=shape([_part("j1"), _part("j2")]))
    assert [part["uid"] for part in client.jobs.get_parts("p1", "j1")] == ["j1", "j2"]
    assert requests_mock.call_count == 1


def test_parts_fall_back_to_the_documented_reads(client, requests_mock, levels):
    same = {"filename": "a.md", "originalFileDirectory": "docs", "isParentJobSplit": True}
    parts = [
        _part("j1", 2, innerId="7.1", **same),
        _part("j2", 2, innerId="7.2", **same),
        _part("other file", 2, innerId="8", **same),
        _part("other folder", 2, innerId="7.3", **(same | {"originalFileDirectory": "legal"})),
    ]
    levels({1: [_part("k1", innerId="7.1", **same)], 2: parts})
    requests_mock.get(f"{V1}/jobs/j1/parts", status_code=404)
    requests_mock.get(f"{V1}/jobs/j1", json={**parts[0], "workflowLevel": 2})
    assert [part["uid"] for part in client.jobs.get_parts("p1", "j1")] == ["j1", "j2"]
    assert requests_mock.last_request.qs["filename"] == ["a.md"]
    assert requests_mock.last_request.qs["targetlang"] == ["de"]
    assert requests_mock.call_count == 3


def test_more_parts_than_a_page_holds_come_from_the_documented_reads(client, requests_mock, levels):
    same = {"filename": "a.md", "innerId": "7.1", "isParentJobSplit": True}
    parts = [_part(f"j{number}", **same) for number in range(60)]
    levels({1: parts})
    first = {"content": parts[:50], "pageNumber": 0, "totalPages": 2, "totalElements": 60}
    requests_mock.get(f"{V1}/jobs/j1/parts", json=first)
    requests_mock.get(f"{V1}/jobs/j1", json={**parts[1], "workflowLevel": 1})
    assert len(client.jobs.get_parts("p1", "j1")) == 60


def test_part_is_never_without_itself(client, requests_mock, levels):
    levels({1: []})
    requests_mock.get(f"{V1}/jobs/j1/parts", status_code=404)
    requests_mock.get(f"{V1}/jobs/j1", json=_part("j1"))
    assert client.jobs.get_parts("p1", "j1") == [_part("j1")]


def test_parts_of_an_unknown_job_are_an_error(client, requests_mock):
    requests_mock.get(f"{V1}/jobs/j1/parts", status_code=404)
    requests_mock.get(f"{V1}/jobs/j1", status_code=404, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseNotFoundError):
        client.jobs.get_parts("p1", "j1")


def test_one_part_of_a_split_job_stands_for_all(client, requests_mock):
    requests_mock.get(f"{V1}/jobs/j1", json=_part("j1", split=True))
    requests_mock.get(f"{V1}/jobs/k1", json=_part("k1"))
    requests_mock.get(f"{V1}/jobs/j1/parts", json=[_part("j1", split=True), _part("j2", split=True)])
    found = client.jobs.get_many("p1", ["j1", "k1"], with_split_parts=True)
    assert sorted(part["uid"] for part in found) == ["j1", "j2", "k1"]


def test_set_status_mails_nobody_unless_told(client, requests_mock):
    requests_mock.post(f"{V1}/jobs/j1/setStatus", status_code=204)
    client.jobs.set_status("p1", "j1", JobStatus.DELIVERED)
    assert requests_mock.last_request.json() == {
        "requestedStatus": "DELIVERED",
        "notifyOwner": False,
        "propagateStatus": False,
    }
    client.jobs.set_status("p1", "j1", JobStatus.NEW, notify_owner=True, propagate_status=True)
    assert requests_mock.last_request.json() == {
        "requestedStatus": "NEW",
        "notifyOwner": True,
        "propagateStatus": True,
    }


def test_set_status_with_an_unknown_outcome_is_sent_once(client, requests_mock):
    requests_mock.post(f"{V1}/jobs/j1/setStatus", status_code=503)
    with pytest.raises(PhraseOutcomeUnknownError):
        client.jobs.set_status("p1", "j1", JobStatus.DELIVERED)
    assert requests_mock.call_count == 1


def test_original_comes_in_pieces(client, requests_mock):
    named = {"Content-Disposition": "filename*=UTF-8''a.md", "Content-Length": "3000000"}
    requests_mock.get(f"{V1}/jobs/j1/original", content=b"x" * 3_000_000, headers=named)
    with client.jobs.open_original("p1", "j1") as pieces:
        sizes = [len(piece) for piece in pieces]
    assert sum(sizes) == 3_000_000
    assert max(sizes) == 1 << 20


def test_original_that_breaks_off_is_an_error(wire, session):
    from phrase_provider.api.tms.client import TmsClient

    named = b"Content-Disposition: filename*=UTF-8''a.md\r\n"
    server = wire(b"HTTP/1.1 200 OK\r\n" + named + b"Content-Length: 50\r\n\r\nonly this")
    with (
        pytest.raises(PhraseTransportError),
        TmsClient(session(server.url)).jobs.open_original("p1", "j1") as pieces,
    ):
        list(pieces)


def test_page_of_one_language_and_level(client, requests_mock, page):
    requests_mock.get(V2, json=page(_part("j1"), number=3, total=9))
    found = client.jobs.get_page("p1", 2, 3, target_lang="pt_br")
    assert ([part["uid"] for part in found.items], found.total) == (["j1"], 9)
    assert requests_mock.last_request.qs["targetlang"] == ["pt_br"]
    assert requests_mock.last_request.qs["workflowlevel"] == ["2"]


def test_search_tells_which_parts_a_project_has(client, requests_mock):
    requests_mock.post(f"{V1}/jobs/search", json={"jobs": [{"uid": "a", "status": "NEW"}]})
    assert [part["uid"] for part in client.jobs.search("p1", ["a", "b"])] == ["a"]
    assert requests_mock.last_request.json() == {"jobs": [{"uid": "a"}, {"uid": "b"}]}


def test_search_for_many_parts_takes_several_calls(client, requests_mock):
    requests_mock.post(f"{V1}/jobs/search", json={"jobs": []})
    client.jobs.search("p1", [f"j{number}" for number in range(2 * MAX_SEARCHED + 1)])
    assert [len(request.json()["jobs"]) for request in requests_mock.request_history] == [50, 50, 1]


def test_part_that_was_deleted_is_not_found(client, requests_mock):
    requests_mock.get(f"{V1}/jobs/gone", status_code=404, json={"errorCode": "NotFound"})
    requests_mock.get(f"{V1}/jobs/a", json=_part("a"))
    assert client.jobs.find("p1", "gone") is None
    found = client.jobs.find("p1", "a")
    assert found
    assert found["uid"] == "a"
