"""Source files that tests of several rooms upload."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with three files, two of which have the same name."""
    for name in ("guide.md", "app/strings.json", "web/strings.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text('{"greeting": "Hello"}')
    return tmp_path
