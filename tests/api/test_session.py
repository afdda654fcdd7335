from __future__ import annotations

import io
import logging
import ssl
import traceback
from dataclasses import replace

import pytest

from phrase_provider.api.endpoint import Endpoint, Repeat
from phrase_provider.api.session import Call, PhraseSession
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseConnectionError,
    PhraseError,
    PhraseInputError,
    PhraseOutcomeUnknownError,
    PhraseServerError,
    PhraseTlsError,
    PhraseTransportError,
)

READ = Endpoint("GET", "/read")
CREATE = Endpoint("POST", "/create", Repeat.LOOK_UP)
UPDATE = Endpoint("POST", "/update")
DOWNLOAD = Endpoint("GET", "/download", Repeat.START_OVER)
FILE = b"\x00\xffsource\r\n" * 20_000


def _connect(settings, server, **changes):
    return TmsClient.connect(
        replace(settings, platform_url=server.url, tms_url=f"{server.url}/web", **changes)
    )


def test_call_carries_what_it_was_given(requests_mock, session):
    requests_mock.post("https://tms.test/web/things/a%2Fb%20%C3%A4", json=[1])
    thing = Endpoint("POST", "/things/{thing}")
    query = {"name": "ä b", "levels": [1, 2], "left_out": None}
    answer = session(user_agent="us (mail)").json(
        Call(thing, {"thing": "a/b ä"}, query, {"k": "ü"}, headers={"X-A": "1"})
    )
    assert answer == [1]
    sent = requests_mock.last_request
    assert sent.query == "name=%c3%a4+b&levels=1&levels=2"
    assert sent.json() == {"k": "ü"}
    assert sent.headers["Authorization"] == "Bearer access-token-not-to-be-seen"
    assert sent.headers["User-Agent"] == "us (mail)"
    assert sent.headers["Accept"] == "application/json"
    assert sent.headers["X-A"] == "1"


@pytest.mark.parametrize("uid", ["", ".", ".."])
def test_id_that_would_lead_elsewhere_is_not_sent(requests_mock, session, uid):
    with pytest.raises(PhraseInputError, match="not a valid project_uid"):
        session().json(Call(Endpoint("DELETE", "/projects/{project_uid}"), {"project_uid": uid}))
    assert requests_mock.call_count == 0


def test_no_content_is_none(requests_mock, session):
    requests_mock.delete("https://tms.test/web/thing", status_code=204)
    assert session().json(Call(Endpoint("DELETE", "/thing", success=204))) is None


@pytest.mark.parametrize("location", ["https://elsewhere.test/", "/login"])
@pytest.mark.parametrize("endpoint", [READ, CREATE, DOWNLOAD])
def test_redirect_is_not_followed(requests_mock, session, endpoint, location):
    url = f"https://tms.test/web{endpoint.path}"
    headers = {"Location": location, "memsource-action-id": "a1"}
    requests_mock.register_uri(endpoint.method, url, status_code=302, headers=headers, json={})
    with (
        pytest.raises(PhraseTransportError, match="302") as caught,
        session(retries=2).stream(Call(endpoint)),
    ):
        pass
    assert isinstance(caught.value, PhraseOutcomeUnknownError) == (endpoint is CREATE)
    assert "Redirects are not followed" in str(caught.value)
    assert requests_mock.call_count == (3 if endpoint is READ else 1)
    assert {request.hostname for request in requests_mock.request_history} == {"tms.test"}


def test_netrc_does_not_replace_the_access_token(wire, session, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = wire(wire.answer(200, {}))
    session(server.url).json(Call(READ))
    assert server.received[0].headers["Authorization"] == "Bearer access-token-not-to-be-seen"


def test_first_401_renews_and_replays_once(wire, settings):
    server = wire(wire.token("old"), wire.answer(401), wire.token("new"), wire.answer(200, {"user": {}}))
    client = _connect(settings, server)
    assert client.users.who_am_i() == {"user": {}}
    assert [request.headers.get("Authorization") for request in server.received] == [
        None,
        "Bearer old",
        None,
        "Bearer new",
    ]


@pytest.mark.parametrize("endpoint", [READ, DOWNLOAD])
def test_lasting_401_ends_after_one_renewal(wire, settings, endpoint):
    server = wire(wire.token("old"), wire.refusal(401), wire.token("new"), wire.refusal(401))
    client = _connect(settings, server)
    with pytest.raises(PhraseAuthenticationError, match="Check the API token"):
        client.session.json(Call(endpoint))
    assert len(server.requests) == 4


def test_refused_renewal_names_the_api_token(wire, settings):
    server = wire(wire.token("old"), wire.answer(401), wire.answer(400, {"error": "invalid_grant"}))
    client = _connect(settings, server)
    with pytest.raises(PhraseAuthenticationError, match=r"refused the Platform API token.*invalid_grant"):
        client.session.json(Call(CREATE))
    assert len(server.requests) == 3


@pytest.mark.parametrize("trouble", [401, 429])
def test_refused_create_is_not_sent_again_and_leaves_a_new_token(wire, settings, trouble):
    script = wire.token("old"), wire.refusal(trouble), wire.token("new"), wire.answer(201, {"uid": "u"})
    server = wire(*(script if trouble == 401 else [*script[:2], script[3]]))
    client = _connect(settings, server)
    with pytest.raises(PhraseOutcomeUnknownError, match=f"took effect.*{trouble}"):
        client.session.json(Call(CREATE))
    assert server.requests.count("POST /web/create") == 1
    assert client.session.json(Call(CREATE)) == {"uid": "u"}
    token = "new" if trouble == 401 else "old"
    assert server.received[-1].headers["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize(
    ("trouble", "endpoint"), [(401, UPDATE), (429, UPDATE), (407, UPDATE), (407, CREATE)]
)
def test_upload_is_sent_anew_and_whole(wire, session, waits, trouble, endpoint):
    opened = []

    def opener():
        opened.append(io.BytesIO(FILE))
        return opened[-1]

    server = wire(wire.answer(trouble), wire.answer(201, {"jobs": []}))
    assert session(server.url).json(Call(endpoint, upload=opener)) == {"jobs": []}
    assert [request.body for request in server.received] == [FILE, FILE]
    assert len(waits) == (trouble != 401)
    assert all(file.closed for file in opened)


@pytest.mark.parametrize("trouble", ["reset", "hang", "close", 500, 200])
def test_upload_is_not_sent_twice_when_it_may_have_arrived(wire, session, waits, trouble):
    answers = {500: wire.answer(500), 200: wire.answer(200, b"<html>")}
    server = wire(answers.get(trouble, trouble), wire.answer(201, {}))
    with pytest.raises(
        PhraseOutcomeUnknownError, match="not known whether POST /create took effect"
    ) as caught:
        session(server.url, timeout=0.3).json(Call(CREATE, upload=lambda: io.BytesIO(FILE)))
    assert [request.body for request in server.received] == [FILE]
    assert caught.value.sent
    assert waits == []


def test_download_is_handed_over_unread_and_uncompressed(wire, session):
    server = wire(wire.answer(200, FILE, Content_Disposition="filename*=UTF-8''a.md"))
    with session(server.url).stream(Call(DOWNLOAD)) as body:
        assert b"".join(body.iter_chunks()) == FILE
    assert server.received[0].headers["Accept-Encoding"] == "identity"


def test_download_that_breaks_off_is_an_error(wire, session):
    named = b"Content-Disposition: attachment; filename=a\r\n"
    server = wire(b"HTTP/1.1 200 OK\r\n" + named + b"Content-Length: 50\r\n\r\nonly this")
    read = []
    with (
        pytest.raises(PhraseTransportError, match="GET /download"),
        session(server.url).stream(Call(DOWNLOAD)) as body,
    ):
        read += body.iter_chunks()
    assert b"".join(read) in (b"", b"only this")
    assert server.requests == ["GET /download"]


def test_error_page_that_breaks_off_is_an_error_of_the_network(wire, session):
    server = wire(b"HTTP/1.1 404 X\r\nContent-Length: 50\r\n\r\nonly this")
    with pytest.raises(PhraseTransportError), session(server.url).stream(Call(DOWNLOAD)):
        pass


@pytest.mark.parametrize("endpoint", [READ, CREATE])
def test_unknown_certificate_is_refused_before_anything_is_sent(wire, session, waits, tls, endpoint):
    server = wire(wire.answer(200, {}), tls=tls)
    with pytest.raises(PhraseTlsError, match=r"CERTIFICATE_VERIFY_FAILED.*CA bundle") as caught:
        session(server.url).json(Call(endpoint))
    assert caught.value.sent is False
    assert server.received == []
    assert waits == []


def test_ca_bundle_makes_the_certificate_known(wire, session, tls, certificate):
    server = wire(wire.answer(200, {}), tls=tls)
    assert session(server.url, verify=str(certificate)).json(Call(READ)) == {}


def test_client_certificate_is_shown(wire, session, tls, certificate):
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(certificate)
    server = wire(wire.answer(200, {}), tls=tls)
    trusting = {"verify": str(certificate), "client_certificate": str(certificate)}
    assert session(server.url, **trusting).json(Call(READ)) == {}


def test_missing_client_certificate_is_a_tls_error(wire, session, tls, certificate):
    tls.verify_mode = ssl.CERT_REQUIRED
    tls.load_verify_locations(certificate)
    server = wire(tls=tls)
    with pytest.raises((PhraseTlsError, PhraseTransportError)):
        session(server.url, verify=str(certificate), retries=0).json(Call(READ))
    assert server.received == []


def test_file_without_a_certificate_is_a_tls_error(wire, session, tls, tmp_path):
    (tmp_path / "notes.pem").write_text("no certificate")
    server = wire(tls=tls)
    with pytest.raises(PhraseTlsError):
        session(server.url, verify=str(tmp_path / "notes.pem")).json(Call(READ))


def test_tls_to_a_host_that_speaks_plain_http(wire, session, waits):
    server = wire(wire.answer(200, {}))
    with pytest.raises(PhraseTlsError, match="TLS failed for GET /read"):
        session(server.url.replace("http:", "https:")).json(Call(READ))
    assert waits == []


def test_tls_connection_that_is_cut_is_repeated(wire, session, tls, certificate, waits):
    server = wire(wire.CLOSE, wire.answer(200, {}), tls=tls)
    assert session(server.url, verify=str(certificate)).json(Call(READ)) == {}
    assert len(server.requests) == 2
    assert len(waits) == 1


@pytest.mark.parametrize("trouble", ["reset", "hang", 401, 403, 404, 429, 500, 302, b"junk\r\n\r\n"])
def test_no_error_tells_a_secret(wire, settings, trouble, caplog):
    caplog.set_level(logging.DEBUG)
    action = wire.answer(trouble) if isinstance(trouble, int) else trouble
    server = wire(
        wire.token("access-token-not-to-be-seen"), action, wire.token("access-token-not-to-be-seen"), action
    )
    client = _connect(settings, server, timeout=0.2, retries=0)
    with pytest.raises(PhraseError) as caught:
        client.projects.get("uid")
    told = [str(caught.value), repr(caught.value), *traceback.format_exception(caught.value), caplog.text]
    assert "not-to-be-seen" not in "\n".join([*told, repr(settings), repr(caught.value.__dict__)])


def test_credentials_of_a_proxy_are_not_told(wire, session, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    refusing = wire(listen=False).url.removeprefix("http://")
    monkeypatch.setenv("http_proxy", f"http://user:proxy-password@{refusing}")
    with pytest.raises(PhraseTransportError) as caught:
        session("http://tms.test/web", retries=1).json(Call(CREATE))
    assert caught.value.sent is False
    told = [str(caught.value), repr(caught.value), *traceback.format_exception(caught.value), caplog.text]
    assert "proxy-password" not in "\n".join(told)


def test_credentials_of_a_url_are_not_told(wire, settings, session, caplog):
    caplog.set_level(logging.DEBUG)
    url = wire(listen=False).url.replace("://", "://user:url-password@")
    with pytest.raises(PhraseTransportError) as caught:
        session(url, retries=1).json(Call(READ))
    told = [str(caught.value), repr(caught.value), *traceback.format_exception(caught.value), caplog.text]
    assert "url-password" not in "\n".join(told)


def test_call_does_not_show_its_form():
    assert "secret" not in repr(Call(READ, form={"subject_token": "secret"}))


def test_unknown_host_says_so(session):
    with pytest.raises(PhraseTransportError, match="The connection failed for GET /read") as caught:
        session("https://phrase.invalid", retries=0).json(Call(READ))
    assert caught.value.sent is False


@pytest.mark.parametrize("url", ["https://a..b", "https://*", "http://127.0.0.1:99999", "http://phrase test"])
@pytest.mark.parametrize("endpoint", [READ, CREATE])
def test_url_that_cannot_be_one_is_a_matter_of_the_connection(session, waits, url, endpoint):
    with pytest.raises(PhraseConnectionError, match="Correct host name and port"):
        session(url).json(Call(endpoint))
    assert waits == []


def test_answer_that_is_no_json_names_what_stands_between(requests_mock, settings):
    html = "<html><head><TITLE>\nUnder maintenance </TITLE></head></html>"
    requests_mock.get("https://tms.test/web/read", text=html, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhraseServerError, match="an HTML page titled 'Under maintenance'") as caught:
        PhraseSession(replace(settings, retries=0), settings.tms_url).json(Call(READ))
    assert (caught.value.status, caught.value.action_id) == (200, "a1")


def test_closed_session_gives_its_connections_back(wire, session):
    server = wire(wire.answer(200, {}), wire.answer(200, {}))
    sender = session(server.url)
    sender.json(Call(READ))
    sender.close()
    assert sender.json(Call(READ)) == {}


@pytest.mark.parametrize("body", [{}, {"uid": None}, [], None, "text"])
def test_an_answer_without_what_is_documented_is_a_fault(requests_mock, session, body):
    requests_mock.get("https://tms.test/web/read", [{"json": body}, {"json": {"uid": "p1"}}])
    call = Call(Endpoint("GET", "/read"), expect=("uid",))
    assert session().json(call) == {"uid": "p1"}
    assert requests_mock.call_count == 2


def test_an_incomplete_answer_to_a_create_leaves_its_outcome_open(requests_mock, session):
    requests_mock.post("https://tms.test/web/make", json={})
    with pytest.raises(PhraseOutcomeUnknownError):
        session().json(Call(Endpoint("POST", "/make", Repeat.LOOK_UP), expect=("uid",)))
    assert requests_mock.call_count == 1
