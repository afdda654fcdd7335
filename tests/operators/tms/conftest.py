from __future__ import annotations

from source_files import folder  # noqa: F401
from store_fixtures import s3, s3_url  # noqa: F401
