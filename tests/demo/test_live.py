"""The check on a real Phrase, held against the local one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip(
    "airflow.sdk.listener", reason="the demo shows its progress through a listener of Airflow 3.2"
)

ROOT = Path(__file__).parents[2]
TOKEN = "simulator-token"


def live(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PHRASE_")}
    return subprocess.run(
        [sys.executable, "-m", "demo.live", *arguments],
        cwd=ROOT,
        env={**inherited, **environment},
        input="n\n",
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.fixture
def addressed(phrase_simulator) -> dict[str, str]:
    return {
        "PHRASE_API_TOKEN": TOKEN,
        "PHRASE_PLATFORM_URL": phrase_simulator.url,
        "PHRASE_TMS_URL": phrase_simulator.tms_url,
        "PHRASE_TEMPLATE": "Translation and Revision",
        "PHRASE_TARGET_LANG": "de",
    }


def writes(phrase_simulator) -> list[tuple[str, str]]:
    return [
        (request["method"], request["path"])
        for request in phrase_simulator.requests()
        if request["method"] != "GET" and not request["path"].startswith("/idm/")
    ]


def test_without_credentials_it_explains_itself():
    ended = live()
    assert ended.returncode == 2
    assert "PHRASE_API_TOKEN" in ended.stderr


def test_it_creates_nothing_unless_told_to_go_on(phrase_simulator, addressed):
    ended = live(**addressed)
    assert ended.returncode == 1
    assert "create a project" in ended.stdout
    assert "Nothing was created" in ended.stderr
    assert writes(phrase_simulator) == []


def test_a_wrong_token_is_named(phrase_simulator, addressed):
    ended = live("--yes", **{**addressed, "PHRASE_API_TOKEN": "not-the-token"})
    assert ended.returncode == 1
    assert "refused the Platform API token" in ended.stderr
    assert "not-the-token" not in ended.stdout + ended.stderr
    assert writes(phrase_simulator) == []


@pytest.mark.airflow
def test_it_delivers_with_nobody_translating_and_cleans_up(phrase_simulator, addressed):
    phrase_simulator.settings(work_moves=False)
    ended = live("--yes", **addressed)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "DELIVERED" in ended.stdout
    assert "Deleted project" in ended.stdout
    assert [path for method, path in writes(phrase_simulator) if method == "DELETE"]
    assert TOKEN not in ended.stdout + ended.stderr


@pytest.mark.airflow
def test_it_cleans_up_after_a_failure(phrase_simulator, addressed):
    phrase_simulator.settings(work_moves=False)
    refused = {"errorCode": "AccessDenied", "errorDescription": "Not yours"}
    phrase_simulator.fault(method="POST", path="/setStatus$", status=403, body=refused)
    ended = live("--yes", **addressed)
    assert ended.returncode == 1
    assert "AccessDenied" in ended.stderr
    assert "Deleted project" in ended.stdout
