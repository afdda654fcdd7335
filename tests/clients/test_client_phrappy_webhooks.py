"""phrappy 1.1.0 subscribes to events, and looks at what was sent."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from phrappy.exceptions import PhrappyError


class Receiver(HTTPServer):
    """Keeps headers and bodies of what is posted to it."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.received = []
        self.url = f"http://127.0.0.1:{self.server_port}/hook"


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((self.headers, json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def receiver():
    with Receiver() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def webhook(client, receiver):
    body = {
        "url": receiver.url,
        "events": ["JOB_CREATED", "JOB_STATUS_CHANGED"],
        "name": "phrappy",
        "secretToken": "secret",
        "secretTokenType": "X_MEMSOURCE_TOKEN",
    }
    made = client.webhook.create_web_hook_v2(create_web_hook_dto_v2=body)
    yield made
    client.webhook.delete_web_hook_v2(web_hook_uid=made.uid)


def test_create_list_replace_and_delete(client, webhook):
    listed = client.webhook.get_web_hook_list_v2(name="phrappy", events=["JOB_CREATED"], status="ENABLED")
    assert webhook.uid in {found.uid for found in listed.content}
    body = {"url": webhook.url, "events": ["PROJECT_CREATED"], "status": "DISABLED"}
    client.webhook.update_web_hook_v2(web_hook_uid=webhook.uid, create_web_hook_dto_v2=body)
    shown = client.webhook.get_web_hook_v2(web_hook_uid=webhook.uid)
    assert (shown.status, shown.events, shown.name) == ("DISABLED", ["PROJECT_CREATED"], None)
    other = client.webhook.create_web_hook_v2(create_web_hook_dto_v2=body)
    client.webhook.delete_web_hook_v2(web_hook_uid=other.uid)
    with pytest.raises(PhrappyError, match="404"):
        client.webhook.get_web_hook_v2(web_hook_uid=other.uid)


def test_events_reach_their_receiver_with_the_secret(webhook, receiver, jobs, until):
    until(lambda: list(receiver.received), bool)
    headers, body = receiver.received[0]
    assert headers["x-memsource-token"] == "secret"
    assert body["event"] in {"JOB_CREATED", "JOB_STATUS_CHANGED"}


def test_test_calls_history_and_replay(client, webhook, receiver, until):
    client.webhook.send_test_webhook(webhook_uid=webhook.uid, event="JOB_CREATED")
    with pytest.raises(PhrappyError, match="400"):
        client.webhook.send_test_webhook(webhook_uid=webhook.uid, event="JOB_DELETED")
    calls = until(
        lambda: client.webhook.get_webhook_calls_list(webhook_uid=webhook.uid).content,
        lambda calls: any(call.statusCode == 200 for call in calls),
    )
    before = len(receiver.received)
    client.webhook.replay_webhook_calls(replay_request_dto_v1={"webhookCalls": [{"uid": calls[0].uid}]})
    until(lambda: len(receiver.received), lambda count: count > before)
    client.webhook.replay_last(number_of_calls=1)


def test_previews(client):
    previews = client.webhook.get_webhook_previews(events=["JOB_CREATED"]).previews
    assert [preview.event for preview in previews] == ["JOB_CREATED"]
    assert json.loads(previews[0].preview)["jobParts"]
