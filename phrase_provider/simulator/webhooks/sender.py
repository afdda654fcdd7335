"""Sending of deliveries over HTTP, in threads."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from ipaddress import ip_address
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from phrase_provider.simulator.webhooks import publish
from phrase_provider.simulator.webhooks.entities import SecretTokenType

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.simulator.webhooks.deliveries import Delivery
    from phrase_provider.simulator.webhooks.state import WebhookState

    Lane = deque[Delivery]
    Outcome = tuple[int | None, str | None]

_THREADS = 16
_NOT_SENT = "Not sent: the receiver is not on this machine; start the simulator with --deliver-to anywhere."
_CALLBACKS_AT_ONCE = 4
"""Maximum number of parallel callbacks to one receiver."""


@dataclass(frozen=True)
class _Message:
    url: str
    body: bytes
    headers: dict[str, str]


class Sender:
    """
    Sends deliveries in threads, those of a webhook in order, so that a slow receiver does not delay others.

    The threads are daemons: a receiver that hangs does not delay the end of the process either.

    :param hooks: has the deliveries, in which outcomes are recorded.
    :param anywhere: also send to other machines.
    """

    def __init__(self, hooks: WebhookState, *, anywhere: bool) -> None:
        self._hooks = hooks
        self._anywhere = anywhere
        self._lanes: dict[str, Lane] = {}
        self._work: SimpleQueue[tuple[Lane, Delivery, Callable[[], Outcome]]] = SimpleQueue()
        self._on_answered: list[Callable[[], None]] = []
        self._threads = 0
        self._busy = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self.idle = asyncio.Event()

    def on_answered(self, callback: Callable[[], None]) -> None:
        """Call ``callback`` in the event loop after each delivery that was answered or failed."""
        self._on_answered.append(callback)

    def resume(self) -> None:
        """Send the unanswered deliveries of the previous run again."""
        self._hooks.deliveries.resume()

    def flush(self) -> None:
        """Start sending what is due, without waiting; must run in the event loop."""
        self._loop = asyncio.get_running_loop()
        for delivery in self._hooks.deliveries.take():
            lane = self._lanes.setdefault(_lane(delivery), deque())
            lane.append(delivery)
            if len(lane) == 1:
                self._begin(lane)
        self._note_idle()

    def forget(self) -> None:
        """Drop all deliveries, as the state is reset; answers to them are ignored."""
        self._lanes = {}

    def _begin(self, lane: Lane) -> None:
        self._busy += 1
        if self._threads < min(_THREADS, self._busy):
            self._threads += 1
            threading.Thread(target=self._serve, daemon=True).start()
        settings, delivery = self._hooks.tms.settings, lane[0]
        headers = _headers(delivery, settings.webhook_token_headers)
        message = _Message(delivery.url, delivery.body.encode(), headers)
        post = partial(_post, message, settings.delivery_timeout, anywhere=self._anywhere)
        self._work.put((lane, delivery, post))

    def _serve(self) -> None:
        """Send deliveries one by one; runs in a thread."""
        while True:
            lane, delivery, post = self._work.get()
            outcome = post()
            if self._loop:
                # The loop is closed if the server has stopped meanwhile.
                with suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._end, lane, delivery, outcome)

    def _end(self, lane: Lane, delivery: Delivery, outcome: Outcome) -> None:
        self._busy -= 1
        lane.popleft()
        if self._hooks.deliveries.is_unanswered(delivery):
            publish.record_attempt(self._hooks, delivery, *outcome)
        while lane and not self._hooks.deliveries.is_unanswered(lane[0]):
            lane.popleft()
        if lane:
            self._begin(lane)
        for callback in self._on_answered:
            callback()

    def _note_idle(self) -> None:
        self._lanes = {key: lane for key, lane in self._lanes.items() if lane}
        if self._lanes:
            self.idle.clear()
        else:
            self.idle.set()


def _lane(delivery: Delivery) -> str:
    """Return the key of a delivery's lane: its webhook, or one of a few lanes of a callback's receiver."""
    if delivery.webhook:
        return delivery.webhook.uid
    return f"{_host(delivery.url)} {int(delivery.request_id or 0) % _CALLBACKS_AT_ONCE}"


def _headers(delivery: Delivery, token_headers: list[str]) -> dict[str, str]:
    """
    Return the headers of a delivery.

    :param token_headers: names of the headers for a secret of the default type.
    """
    headers = {"Content-Type": "application/json", "User-Agent": "phrase-simulator", "Connection": "close"}
    secret = delivery.webhook.secret if delivery.webhook else None
    if delivery.webhook and secret:
        usual = delivery.webhook.secret_type is SecretTokenType.X_MEMSOURCE_TOKEN
        headers |= dict.fromkeys(token_headers if usual else ["Authorization"], secret)
    return headers


def _post(message: _Message, timeout: float, *, anywhere: bool) -> Outcome:
    """
    Send a message and return its outcome.

    :param timeout: real seconds to connect, and between two bytes of the answer.
    :param anywhere: also send to other machines.
    :return: HTTP status, or ``None`` and the error.
    """
    import requests

    with requests.Session() as session:
        try:
            # Parsed as it will be when it is sent: parsers disagree about the host of a malformed URL.
            url = requests.Request("POST", message.url).prepare().url or ""
            session.trust_env = not _on_this_machine(url)
            if session.trust_env and not anywhere:
                return None, _NOT_SENT
            answer = session.post(
                url,
                message.body,
                headers=message.headers,
                timeout=timeout,
                allow_redirects=False,
                stream=True,
                auth=lambda request: request,  # nothing from .netrc
            )
        except (OSError, ValueError) as error:
            return None, type(error).__name__
        answer.close()
        return answer.status_code, None if answer.ok else answer.reason


def _host(url: str) -> str:
    """Return the host of a URL; empty for an invalid one."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _on_this_machine(url: str) -> bool:
    host = _host(url)
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
