"""Proxies and certificates as the environment names them, read once for each session."""

from __future__ import annotations

import base64

import pytest

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.session import Call
from phrase_provider.exceptions import PhraseConnectionError, PhraseError, PhraseTlsError

READ = Endpoint("GET", "/read")


@pytest.fixture(autouse=True)
def clean(monkeypatch):
    for name in ("no_proxy", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("name", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_proxy_of_the_environment_is_used(wire, session, monkeypatch, name):
    proxy = wire(wire.answer(200, {"from": "proxy"}))
    monkeypatch.setenv(name, proxy.url.replace("://", "://user:word@"))
    assert session("http://tms.test/web").json(Call(READ)) == {"from": "proxy"}
    assert proxy.requests == ["GET http://tms.test/web/read"]
    credentials = base64.b64encode(b"user:word").decode()
    assert proxy.received[0].headers["Proxy-Authorization"] == f"Basic {credentials}"


def test_proxy_of_the_environment_is_used_for_tls(wire, session, monkeypatch):
    proxy = wire(wire.answer(403))
    monkeypatch.setenv("https_proxy", proxy.url)
    with pytest.raises(PhraseError, match="GET /read"):
        session("https://tms.test/web", retries=0).json(Call(READ))
    assert proxy.requests == ["CONNECT tms.test:443"]


@pytest.mark.parametrize("hosts", ["127.0.0.1", "elsewhere.test,127.0.0.1", "127.0.0.0/8", "*"])
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_no_proxy_is_honoured(wire, session, monkeypatch, name, hosts):
    proxy, phrase = wire(), wire(wire.answer(200, {"from": "phrase"}))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv(name, hosts)
    assert session(phrase.url).json(Call(READ)) == {"from": "phrase"}
    assert (proxy.requests, phrase.requests) == ([], ["GET /read"])


def test_other_hosts_of_no_proxy_change_nothing(wire, session, monkeypatch):
    proxy = wire(wire.answer(200, {"from": "proxy"}))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", "elsewhere.test,10.0.0.0/8")
    assert session("http://tms.test").json(Call(READ)) == {"from": "proxy"}


def test_environment_is_read_once(wire, session, monkeypatch):
    proxy, phrase = wire(), wire(wire.answer(200, {"from": "phrase"}))
    asking = session(phrase.url)
    monkeypatch.setenv("http_proxy", proxy.url)
    assert asking.json(Call(READ)) == {"from": "phrase"}
    assert proxy.requests == []


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_ca_bundle_of_the_environment_makes_the_certificate_known(
    wire, session, tls, certificate, monkeypatch, name
):
    server = wire(wire.answer(200, {}), tls=tls)
    monkeypatch.setenv(name, str(certificate))
    assert session(server.url).json(Call(READ)) == {}


def test_ca_bundle_for_requests_comes_first(wire, session, tls, certificate, monkeypatch):
    server = wire(wire.answer(200, {}), tls=tls)
    monkeypatch.setenv("CURL_CA_BUNDLE", "/no/such/bundle.pem")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert session(server.url).json(Call(READ)) == {}


def test_ca_bundle_of_the_connection_comes_before_that_of_the_environment(
    wire, session, tls, certificate, monkeypatch
):
    import certifi

    server = wire(wire.answer(200, {}), tls=tls)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    with pytest.raises(PhraseTlsError):
        session(server.url, verify=certifi.where()).json(Call(READ))
    assert server.received == []


def test_ca_bundle_that_is_not_there_names_its_variable(session, monkeypatch):
    monkeypatch.setenv("CURL_CA_BUNDLE", "/no/such/bundle.pem")
    with pytest.raises(PhraseConnectionError, match=r"CURL_CA_BUNDLE names '/no/such/bundle\.pem'"):
        session("https://tms.test")


@pytest.mark.parametrize("hosts", ["", "tms.test"])
def test_port_that_is_none_is_told_by_the_first_call(session, monkeypatch, hosts):
    monkeypatch.setenv("no_proxy", hosts)
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with pytest.raises(PhraseConnectionError, match="Correct host name and port"):
        session("http://tms.test:99999").json(Call(READ))


@pytest.mark.parametrize("proxy", ["http://user:hidden@", "http://", "http://[::1"])
def test_proxy_without_a_host_is_refused_and_its_password_not_told(wire, session, monkeypatch, proxy):
    monkeypatch.setenv("HTTP_PROXY", proxy)
    server = wire(wire.answer(200, {}))
    with pytest.raises(PhraseConnectionError, match=r"HTTP_PROXY.* has no host") as refused:
        session(server.url).json(Call(Endpoint("GET", "/thing")))
    assert "hidden" not in str(refused.value)
    assert server.requests == []


def test_netrc_is_never_used(wire, session, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password other\n")
    monkeypatch.setenv("NETRC", str(netrc))
    proxy = wire(wire.answer(200, {}))
    monkeypatch.setenv("http_proxy", proxy.url)
    session("http://tms.test").json(Call(READ))
    sent = proxy.received[0].headers
    assert sent["Authorization"] == "Bearer access-token-not-to-be-seen"
    assert "Proxy-Authorization" not in sent


def test_cookies_of_a_host_go_back_to_it(wire, session):
    server = wire(wire.answer(200, {}, Set_Cookie="node=7; Path=/"), wire.answer(200, {}))
    asking = session(server.url)
    asking.json(Call(READ))
    asking.json(Call(READ))
    assert [request.headers["Cookie"] for request in server.received] == [None, "node=7"]
