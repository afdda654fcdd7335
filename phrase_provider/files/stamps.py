"""What a store tells of a file that is another once its content is: an ETag, or when it was changed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.files.storage import FileInfo

#: Seconds for which a time says nothing: clocks tick coarsely, so that a file may change again within the
#: same tick, after it was read.
SETTLING = 3.0

_TIMES = ("mtime", "LastModified", "last_modified")


def stamp_of(info: FileInfo, *, local: bool, now: float) -> str:
    """
    Return a text that is another one when the content of a file may be another.

    :param info: of the file, as its file system tells it.
    :param local: whether it is of this machine's file system: then what no program can set counts, too,
        such as the time at which a copied file with an old date appeared.
    :param now: when it was told, in seconds since the epoch.
    :return: ``""`` where nothing is told, or the file changed just now: then only the content tells.
    """
    if etag := info.get("ETag") or info.get("etag"):
        return f"etag {etag}"
    times = (info["mtime"], info["created"]) if local else _times(info)
    if not times or max(times) > now - SETTLING:
        return ""
    return f"changed {times} {info.get('ino')}" if local else f"changed {times}"


def _times(info: FileInfo) -> tuple[float, ...]:
    given = (info.get(name) for name in _TIMES)
    times = (time.timestamp() if isinstance(time, datetime) else time for time in given)
    return tuple(float(time) for time in times if isinstance(time, (int, float)))
