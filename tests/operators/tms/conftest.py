from __future__ import annotations

from source_files import folder  # noqa: F401
