from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

from phrase_provider.exceptions import PhraseConnectionError, PhraseServerError
from phrase_provider.hooks.tms import PhraseTmsHook, flow_of_task


@pytest.fixture
def hook(connection):
    def make(server, **extra):
        urls = {"platform_url": server.url, "tms_url": f"{server.url}/web", "strings_url": server.url}
        return PhraseTmsHook(connection(urls | {"share_login": False} | extra))

    return make


def test_client_is_ready_to_call(wire, hook):
    server = wire(wire.token(), wire.answer(200, {"user": {"userName": "anna"}}))
    made = hook(server)
    assert made.client.users.who_am_i() == {"user": {"userName": "anna"}}
    assert made.get_conn() is made.client
    assert server.requests == ["POST /idm/oauth/token", "GET /web/api2/v1/auth/whoAmI"]
    assert server.received[1].headers["User-Agent"].startswith("airflow-provider-phrase/")


def test_access_token_is_masked_in_logs(wire, hook):
    from airflow.sdk.log import redact

    server = wire(wire.token("access-token-to-be-masked"), wire.answer(200, {"user": {}}))
    hook(server).client.users.who_am_i()
    assert "to-be-masked" not in str(redact("Bearer access-token-to-be-masked"))


def test_hook_of_a_loop_has_its_connection_and_does_not_repeat(wire, connection, monkeypatch):
    server = wire(wire.token(), wire.refusal(503))
    conn_id = connection({"platform_url": server.url, "tms_url": server.url, "share_login": False})
    hook = asyncio.run(PhraseTmsHook.aconnect(conn_id))
    monkeypatch.delenv("AIRFLOW_CONN_PHRASE_TEST")
    assert hook.settings.retries == 0
    with pytest.raises(PhraseServerError, match="503"):
        hook.client.users.who_am_i()
    assert len(server.requests) == 2


def test_hook_of_a_loop_tells_a_missing_connection():
    with pytest.raises(PhraseConnectionError, match="no Airflow connection 'nowhere'"):
        asyncio.run(PhraseTmsHook.aconnect("nowhere"))


def test_calls_are_joined_by_dag_and_run(monkeypatch):
    monkeypatch.delenv("AIRFLOW_CTX_DAG_ID", raising=False)
    assert flow_of_task() is None
    monkeypatch.setenv("AIRFLOW_CTX_DAG_ID", "flow")
    monkeypatch.setenv("AIRFLOW_CTX_DAG_RUN_ID", "manual__1")
    assert flow_of_task() == "flow/manual__1"


def test_importing_hooks_does_not_load_the_client():
    # Airflow imports hooks to show forms, in processes that never call Phrase.
    script = (
        "import airflow.sdk.bases.hook, sys; before = set(sys.modules); import phrase_provider.hooks.tms; "
        "print(*set(sys.modules) - before)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    ).stdout.split()
    assert "phrase_provider.hooks.phrase" in loaded
    assert not {"requests", "tenacity", "cryptography", "phrase_provider.api.session"} & set(loaded)
