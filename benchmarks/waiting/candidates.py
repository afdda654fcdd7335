"""What this provider is measured beside: triggers of others, the least that polls, one that sleeps."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, NamedTuple

Maker = Callable[[int], Any]


class Peer(NamedTuple):
    """
    A trigger of another provider.

    :param path: its class.
    :param arguments: for its number and the seconds between polls.
    :param connection: that leads to the stub, from its base URL.
    :param waits: how many are measured.
    :param prepare: leads to the stub what no connection leads there, given host and port.
    """

    path: str
    arguments: Callable[[int, float], dict[str, Any]]
    connection: Callable[[str], dict[str, Any]]
    waits: int = 200
    prepare: Callable[[str], None] = lambda _: None


CONNECTION = "peer"
#: One poll for each wait, with a session that all share; and the least that a wait can be.
FLOOR, SLEEP = "one poll each, shared session", "a trigger that only sleeps"


def _fivetran(host: str) -> None:
    hook = import_module("fivetran_provider_async.hooks").FivetranHook
    hook.api_protocol, hook.api_host = "http", host


def _dbt(_: str) -> None:
    hook = import_module("airflow.providers.dbt.cloud.hooks.dbt").DbtCloudHook
    secure = hook.get_request_url_params

    def plain(*args: Any, **kwargs: Any) -> tuple[str, dict[str, Any]]:
        url, params = secure(*args, **kwargs)
        return url.replace("https:", "http:"), params

    hook.get_request_url_params = staticmethod(plain)


PEERS = {
    "dbt-cloud": Peer(
        "airflow.providers.dbt.cloud.triggers.dbt.DbtCloudRunJobTrigger",
        lambda number, interval: {
            "conn_id": CONNECTION,
            "run_id": number,
            "end_time": time.time() + 3600,
            "poll_interval": interval,
            "account_id": 1,
        },
        lambda url: {"conn_type": "dbt_cloud", "host": _host(url), "login": "1", "password": "x"},
        prepare=_dbt,
    ),
    "databricks": Peer(
        "airflow.providers.databricks.triggers.databricks.DatabricksExecutionTrigger",
        lambda number, interval: {
            "run_id": number,
            "databricks_conn_id": CONNECTION,
            "polling_period_seconds": int(interval),
        },
        lambda url: {
            "conn_type": "databricks",
            "host": _host(url).partition(":")[0],
            "port": int(_host(url).partition(":")[2]),
            "schema": "http",
            "login": "token",
            "password": "x",
        },
    ),
    "airbyte": Peer(
        "airflow.providers.airbyte.triggers.airbyte.AirbyteSyncTrigger",
        lambda number, interval: {
            "job_id": number,
            "conn_id": CONNECTION,
            "end_time": time.time() + 3600,
            "poll_interval": interval,
        },
        lambda url: {"conn_type": "airbyte", "host": url},
        # It blocks the loop for each poll: more would take minutes.
        waits=20,
    ),
    "http": Peer(
        "airflow.providers.http.triggers.http.HttpSensorTrigger",
        lambda number, interval: {
            "endpoint": f"sensor/{number}",
            "http_conn_id": CONNECTION,
            "poke_interval": interval,
        },
        lambda url: {"conn_type": "http", "host": url},
    ),
    "fivetran-async": Peer(
        "fivetran_provider_async.triggers.FivetranTrigger",
        lambda number, interval: {
            "task_id": "task",
            "connector_id": f"c{number}",
            "fivetran_conn_id": CONNECTION,
            "previous_completed_at": datetime(2026, 1, 2, tzinfo=UTC),
            "poke_interval": interval,
        },
        lambda url: {"conn_type": "fivetran", "login": "x", "password": "x"},
        prepare=_fivetran,
    ),
}


def maker(candidate: str, url: str, interval: float) -> Maker:
    """
    Give what makes the triggers of a candidate.

    :param candidate: name of a peer, :data:`FLOOR` or :data:`SLEEP`.
    :param url: of the stub.
    :param interval: seconds between polls.
    """
    if candidate in PEERS:
        return _peer(PEERS[candidate], url, interval)
    return (lambda _: Poller(url, interval)) if candidate == FLOOR else lambda _: _sleeper()()


def _peer(peer: Peer, url: str, interval: float) -> Maker:
    os.environ[f"AIRFLOW_CONN_{CONNECTION.upper()}"] = json.dumps(peer.connection(url))
    peer.prepare(_host(url))
    module, _, name = peer.path.rpartition(".")
    kind = getattr(import_module(module), name)
    return lambda number: kind(**peer.arguments(number, interval))


class Poller:
    """Polls for itself, over a session that all share."""

    _session: Any = None

    def __init__(self, url: str, interval: float) -> None:
        self._url, self._interval = f"{url}/floor", interval

    async def run(self) -> Any:
        aiohttp = import_module("aiohttp")
        Poller._session = Poller._session or aiohttp.ClientSession()
        while True:
            async with Poller._session.get(self._url) as response:
                if (await response.json())["data"]["status"] == 1:
                    yield
            await asyncio.sleep(self._interval)


def _sleeper() -> Any:
    base = import_module("airflow.triggers.base").BaseTrigger

    async def run(_: Any) -> Any:
        await asyncio.sleep(1e6)
        yield

    return type("Sleeper", (base,), {"run": run, "serialize": lambda _: ("", {})})


def _host(url: str) -> str:
    return url.removeprefix("http://")
