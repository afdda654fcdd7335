"""The HTTP session below a :class:`~phrase_provider.api.session.PhraseSession`: what all requests share."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies

from phrase_provider.api import deadline
from phrase_provider.exceptions import PhraseConnectionError

if TYPE_CHECKING:
    import socket
    from collections.abc import Mapping

    from urllib3.connection import HTTPConnection
    from urllib3.connectionpool import HTTPConnectionPool
    from urllib3.poolmanager import PoolManager

    from phrase_provider.api.endpoint import Query
else:
    HTTPConnection = object

#: Environment variables that name a CA bundle; the first one that is set counts, as with requests.
CA_VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE")


class HttpSession(requests.Session):
    """Sends requests in which nothing but cookies depends on what came before."""

    def ask(
        self,
        method: str,
        url: str,
        *,
        params: Query,
        headers: Mapping[str, str],
        json: object,
        data: IO[bytes] | Mapping[str, str] | None,
        timeout: float,
    ) -> requests.Response:
        """
        Send a request, and return the answer with its body unread.

        The same as ``request()``, without what that merges anew for each call, at a tenth of the call's cost.

        :param method: HTTP verb.
        :param url: with scheme and host.
        :param params: query parameters.
        :param headers: added to those of the session.
        :param json: sent as JSON, unless None.
        :param data: form fields, or the file to send; or None.
        :param timeout: seconds of silence.
        :raises requests.RequestException: no answer came.
        """
        request = requests.PreparedRequest()
        request.prepare(
            method=method,
            url=url,
            headers={**self.headers, **headers},
            params=params,
            json=json,
            data=data,
            cookies=self.cookies if len(self.cookies) else None,
            auth=_no_auth,
        )
        return self.send(
            request,
            timeout=timeout,
            verify=self.verify,
            cert=self.cert,
            proxies=self.proxies,
            stream=True,
            # A redirect would carry the token to another place; no endpoint documents one.
            allow_redirects=False,
        )

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return nothing: to prepare a redirect, requests would parse its target and read the whole body."""


def _no_auth(request: requests.PreparedRequest) -> requests.PreparedRequest:
    # Without any, requests puts the user name and password of a URL in place of the access token.
    return request


def http_session(base_url: str, *, verify: str | bool, client_certificate: str | None) -> HttpSession:
    """
    Return a session for one base URL, whose requests end with the deadline of their call.

    Proxies and CA bundle are read from the environment once: requests would do it for each call, at half
    of its cost. A netrc file is never read: it would replace the access token.

    :param base_url: decides, with ``no_proxy``, whether there is a proxy.
    :param verify: CA bundle file, or whether to check certificates.
    :param client_certificate: PEM file with certificate and key, or None.
    :raises PhraseConnectionError: the environment names a CA bundle that is not there, or a proxy without
        a host.
    """
    session = HttpSession()
    session.trust_env = False
    session.proxies.update(_proxies(base_url))
    session.verify = _ca_bundle() or True if verify is True else verify
    session.cert = client_certificate
    for scheme in ("https://", "http://"):
        session.mount(scheme, _Adapter())
    return session


def _proxies(base_url: str) -> dict[str, str]:
    try:
        proxies = get_environ_proxies(base_url)
    except ValueError:  # no such port: the first request says so
        return {}
    for scheme, proxy in proxies.items():
        _check_proxy(scheme, proxy)
    return proxies


def _check_proxy(scheme: str, proxy: str) -> None:
    """Raise an error for a proxy without a host, over which requests itself would stumble."""
    try:
        host = urlsplit(proxy if "://" in proxy else f"//{proxy}").hostname
    except ValueError:
        host = None
    if not host:
        # Not shown: it may hold a password.
        raise PhraseConnectionError(
            f"The environment names a proxy for {scheme} (such as {scheme.upper()}_PROXY) that has no host",
            hint="Write it as http://host:port, or with a user as http://user:password@host:port.",
        )


def _ca_bundle() -> str | None:
    for name in CA_VARIABLES:
        if path := os.environ.get(name):
            if not Path(path).exists():
                raise PhraseConnectionError(
                    f"The environment variable {name} names {path!r}, which does not exist here",
                    hint="Correct or unset it, or set the CA bundle of the connection.",
                )
            return path
    return None


class _Adapter(HTTPAdapter):
    """Puts the sockets of its connections, also those through a proxy, under the deadline of the call."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        _watch_connections(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> PoolManager:
        known = proxy in self.proxy_manager
        manager: PoolManager = super().proxy_manager_for(proxy, **kwargs)
        if not known:
            _watch_connections(manager)
        return manager

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        length = request.headers.get("Content-Length")
        if length and (running := deadline.current()):
            running.lengthen(int(length))
        return super().send(request, *args, **kwargs)


def _watch_connections(manager: PoolManager) -> None:
    manager.pool_classes_by_scheme = {
        scheme: _watched(pool) for scheme, pool in manager.pool_classes_by_scheme.items()
    }


@cache
def _watched(pool: type[HTTPConnectionPool]) -> type[HTTPConnectionPool]:
    connection = type(pool.ConnectionCls.__name__, (_WatchedConnection, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


class _WatchedConnection(HTTPConnection):
    """Mixed into the kinds of connections that urllib3 has: plain, TLS, through each kind of proxy."""

    def _new_conn(self) -> socket.socket:
        # Not connect(): a proxy may drip, too, before the connection through it stands.
        connected = super()._new_conn()
        if running := deadline.current():
            running.watch(connected)
        return connected

    def request(self, *args: Any, **kwargs: Any) -> None:
        if self.sock is not None and (running := deadline.current()):
            running.watch(self.sock)
        super().request(*args, **kwargs)

    def getresponse(self) -> Any:
        if running := deadline.current():
            running.all_sent()
        return super().getresponse()
