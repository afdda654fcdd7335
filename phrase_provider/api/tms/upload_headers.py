"""The headers with which a file is sent to Phrase as the body of a request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping


def upload_headers(filename: str, memsource: Mapping[str, object]) -> dict[str, str]:
    """
    Return the headers of an upload, all ASCII.

    :param filename: of the file, in any script.
    :param memsource: what Phrase shall do with it; values that are None are left out.
    """
    given = {key: value for key, value in memsource.items() if value is not None}
    return {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(filename, safe='')}",
        "Memsource": json.dumps(given),
    }
