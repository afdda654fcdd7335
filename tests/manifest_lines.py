"""Lines of manifests, for tests."""

from __future__ import annotations

from typing import Any

from phrase_provider.manifest.lines import ManifestLine


def line(source: str = "a.md", lang: str = "de", second: int = 0, **facts: Any) -> ManifestLine:
    """Make a line, written some seconds after three o'clock."""
    known = {"source": source, "target_lang": lang, "run": "nightly", "at": at(second)}
    return known | facts  # type: ignore[return-value]


def at(second: int) -> str:
    return f"2026-12-01T03:{second // 60:02}:{second % 60:02}.000000+00:00"
