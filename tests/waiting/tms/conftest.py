from __future__ import annotations

import pytest


@pytest.fixture
def parts(requests_mock):
    """Job parts by uid, each with what the single read shows of it."""

    def register(**fields):
        for uid, shown in fields.items():
            url = f"https://tms.test/web/api2/v1/projects/p1/jobs/{uid}"
            requests_mock.get(url, json={"uid": uid, "filename": f"{uid}.md", **shown})

    return register
