"""What a simulator was asked, counted from its access log."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

#: User agent of what people do, and earlier runs did.
NOT_COUNTED = "benchmark"
#: Requests that tell one kind of work, by name.
KINDS = {
    "uploads": re.compile(r"^POST .*/projects/[^/]+/jobs$"),
    "updates": re.compile(r"^POST .*/jobs/source$"),
    "clones": re.compile(r"^POST .*/jobs/clone$"),
    "exports": re.compile(r"^PUT .*/targetFile$"),
    "downloads": re.compile(r"^GET .*/downloadTargetFile/"),
}
#: Methods of calls that change something in Phrase.
_WRITES = ("POST ", "PUT ", "PATCH ", "DELETE ")


class Traffic:
    """
    The requests of the TMS API since the last mark.

    :param access_log: of the simulator, JSON lines.
    """

    def __init__(self, access_log: Path) -> None:
        self._log = access_log
        self._offset = 0

    def mark(self) -> None:
        """Begin to count anew."""
        self._offset = self._log.stat().st_size

    def counted(self) -> Counter[str]:
        """
        Count the requests since the mark.

        :return: ``requests``, ``writes``, and each of :data:`KINDS`.
        """
        counts: Counter[str] = Counter(dict.fromkeys(("requests", "writes", *KINDS), 0))
        with self._log.open("rb") as log:
            log.seek(self._offset)
            for line in log:
                request = json.loads(line)
                if not request["path"].startswith("/web/") or _is_of_people(request):
                    continue
                call = f"{request['method']} {request['path']}"
                counts["requests"] += 1
                counts["writes"] += call.startswith(_WRITES)
                counts.update(kind for kind, pattern in KINDS.items() if pattern.search(call))
        return counts


def _is_of_people(request: dict[str, Any]) -> bool:
    return NOT_COUNTED in dict(request["request_headers"]).get("user-agent", "")
