from __future__ import annotations

from store_fixtures import memory, place, s3, s3_url  # noqa: F401
