from __future__ import annotations

import pytest

from phrase_provider.files.sources import SourceFile
from phrase_provider.files.words import estimate_words


@pytest.fixture
def estimate(tmp_path):
    def estimate(name: str, content: str | bytes) -> int:
        data = content.encode() if isinstance(content, str) else content
        (tmp_path / name).write_bytes(data)
        return estimate_words(SourceFile(str(tmp_path / name), name, len(data)))

    return estimate
