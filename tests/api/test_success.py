"""A success is the documented answer: its status where a document tells it, its body, or none."""

from __future__ import annotations

from importlib import import_module

import pytest

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseGatewayError, PhraseOutcomeUnknownError, PhraseServerError

PAGE = b"<html><title>Sign in</title></html>"
THING = {"uid": "u1"}

READ = Endpoint("GET", "/thing", success=200)
DELETE = Endpoint("DELETE", "/thing", success=204)
CREATE = Endpoint("POST", "/thing", Repeat.LOOK_UP, success=201)
MOVE = Endpoint("POST", "/thing", Repeat.LOOK_UP, success=204)
#: No document tells its status.
START = Endpoint("PUT", "/thing")

#: ``x-success-code-source`` of the specification is a document for each; None: inferred or unknown.
DOCUMENTED = {
    "projects.APPLY_TEMPLATE": 201,
    "projects.GET": 200,
    "projects.LIST": 200,
    "projects.EDIT": 200,
    "projects.DELETE": 204,
    "jobs.CREATE": 201,
    "jobs.GET": 200,
    "jobs.LIST": 200,
    "jobs.DELETE": 204,
    "jobs.PARTS": None,
    "jobs.ORIGINAL": 200,
    "jobs.SET_STATUS": 204,
    "exports.START": None,
    "exports.DOWNLOAD": 200,
    "async_requests.GET": 200,
    "async_requests.PENDING": 200,
    "async_requests.STATUS": 200,
    "templates.GET": 200,
    "templates.LIST": 200,
    "analyses.GET": 200,
    "users.WHO_AM_I": 200,
}


@pytest.mark.parametrize("name", DOCUMENTED)
def test_status_is_required_where_a_document_tells_it(name):
    module, _, constant = name.partition(".")
    endpoint = getattr(import_module(f"phrase_provider.api.tms.{module}"), constant)
    assert endpoint.success == DOCUMENTED[name]


@pytest.mark.parametrize("status", [201, 202, 203, 204, 206, 299])
def test_read_with_another_status_is_repeated(wire, session, waits, status):
    server = wire(wire.answer(status, b"" if status == 204 else THING), wire.answer(200, THING))
    assert session(server.url).json(Call(READ, expect=("uid",))) == THING
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    "answer",
    [(200, PAGE), (200, b""), (200, THING), (202, b""), (201, THING)],
    ids=["page", "empty 200", "JSON", "accepted", "created"],
)
def test_body_or_status_where_none_is_documented_is_no_success(wire, session, waits, answer):
    server = wire(wire.answer(*answer), wire.answer(204))
    assert session(server.url).json(Call(DELETE)) is None
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("endpoint", "answer"),
    [
        (CREATE, (200, PAGE)),
        (CREATE, (200, THING)),
        (CREATE, (201, PAGE)),
        (CREATE, (201, b"")),
        (CREATE, (201, [THING])),
        (CREATE, (202, b"")),
        (CREATE, (204, b"")),
        (MOVE, (200, PAGE)),
        (MOVE, (200, b"")),
    ],
)
def test_create_without_the_documented_answer_is_in_doubt(wire, session, waits, endpoint, answer):
    server = wire(wire.answer(*answer))
    with pytest.raises(PhraseOutcomeUnknownError):
        session(server.url).json(Call(endpoint, expect=("uid",) if endpoint is CREATE else ()))
    assert len(server.requests) == 1


@pytest.mark.parametrize("status", [200, 201, 202, 299])
def test_status_that_no_document_tells_may_be_any_with_the_documented_body(wire, session, status):
    server = wire(wire.answer(status, THING))
    assert session(server.url).json(Call(START, expect=("uid",))) == THING


@pytest.mark.parametrize("answer", [(202, b""), (204, b""), (200, PAGE), (200, {}), (200, "text")])
def test_status_that_no_document_tells_still_needs_the_body(wire, session, waits, answer):
    server = wire(wire.answer(*answer), wire.answer(202, THING))
    assert session(server.url).json(Call(START, expect=("uid",))) == THING
    assert len(waits) == 1


def test_error_names_both_statuses_and_who_may_stand_between(wire, session):
    server = wire(wire.answer(200, PAGE), wire.answer(200, THING, memsource_action_id="a1"))
    told = "DELETE /thing was answered with .* and 200 instead of 204.*proxy"
    with pytest.raises(PhraseGatewayError, match=told):
        session(server.url, retries=0).json(Call(DELETE))
    with pytest.raises(PhraseServerError, match=told):
        session(server.url, retries=0).json(Call(DELETE))


def test_status_is_not_set_by_the_page_of_a_proxy(wire, session):
    server = wire(wire.answer(200, PAGE, Content_Type="text/html"))
    with pytest.raises(PhraseOutcomeUnknownError, match="Sign in"):
        TmsClient(session(server.url)).jobs.set_status("p", "j", JobStatus.DELIVERED)
    assert len(server.requests) == 1


@pytest.mark.parametrize("me", [None, [], "anna", {}, {"user": None}, {"user": "anna"}, {"user": []}])
def test_who_am_i_without_a_user_is_no_success(wire, session, me):
    server = wire(*[wire.answer(200, me)] * 2)
    with pytest.raises(PhraseServerError, match=r"without (a )?user"):
        TmsClient(session(server.url, retries=0)).users.who_am_i()
