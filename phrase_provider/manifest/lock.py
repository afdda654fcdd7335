"""A lock in any store that can create a file exclusively; it expires by itself, so that nobody breaks it."""

from __future__ import annotations

import os
import socket
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError, PhraseManifestLockedError
from phrase_provider.files.names import shown
from phrase_provider.files.storage import filesystem, is_local, join
from phrase_provider.manifest.files import files_in, remove

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Seconds of a period. A lock is held for the rest of one and for the next, and then belongs to nobody.
PERIOD = 600
#: Seconds before the end of a lock after which nothing is begun: clocks differ, and a file takes time to be
#: written.
MARGIN = 120

_SUFFIX = ".lock"


class Lease:
    """
    A lock that is held.

    :param ends: when it ends, in seconds since the epoch.
    """

    def __init__(self, ends: float) -> None:
        self._ends = ends

    def require(self) -> None:
        """
        Check that there is time to write something.

        :raises PhraseManifestLockedError: the lock ends, and somebody else may have it soon.
        """
        if time.time() > self._ends - MARGIN:
            raise PhraseManifestLockedError(
                "The lock of this compaction has ended before it was done",
                hint="Nothing was changed. Try again on a faster machine or nearer to the store.",
            )


@contextmanager
def held(folder: str) -> Iterator[Lease]:
    """
    Hold the lock of a folder.

    Its file is named after a period of time, so that a lock that a killed process left behind is not broken
    by anybody: nobody asks for it in later periods.

    :param folder: a place from :func:`~phrase_provider.files.storage.locate`.
    :raises PhraseManifestLockedError: somebody else has it.
    :raises PhraseInputError: the store cannot create files exclusively.
    """
    period = int(time.time() // PERIOD)
    locks = [_lock(folder, period), _lock(folder, period + 1)]
    taken: list[str] = []
    try:
        for lock in locks:
            if not _create(lock):
                raise _locked(lock)
            taken.append(lock)
        _require_exclusive(locks[0])
        _remove_expired(folder, locks[0])
        yield Lease((period + 2) * PERIOD)
    finally:
        for lock in taken:
            remove(lock)


def _lock(folder: str, period: int) -> str:
    begins = datetime.fromtimestamp(period * PERIOD, UTC)
    return join(folder, f"compaction-{begins:%Y%m%dT%H%M}{_SUFFIX}")


def _create(lock: str) -> bool:
    fs, inner = filesystem(lock)
    if is_local(lock):
        fs.makedirs(inner.rpartition("/")[0], exist_ok=True)
    try:
        with fs.open(inner, "xb") as file:
            file.write(f"{socket.gethostname()} {os.getpid()}\n".encode())
    except FileExistsError:
        return False
    except (ValueError, NotImplementedError) as error:
        raise _not_exclusive(lock) from error
    return True


def _require_exclusive(lock: str) -> None:
    # Some file systems take the mode, and replace the file all the same.
    if _create(lock):
        raise _not_exclusive(lock)


def _remove_expired(folder: str, current: str) -> None:
    for lock in files_in(folder, _SUFFIX):
        if lock < current:
            remove(lock)


def _locked(lock: str) -> PhraseManifestLockedError:
    return PhraseManifestLockedError(
        f"Another compaction holds {shown(lock)}",
        hint=f"Wait until it has ended. If it was killed, its lock ends within {2 * PERIOD // 60} minutes.",
    )


def _not_exclusive(lock: str) -> PhraseInputError:
    return PhraseInputError(
        f"Files cannot be created exclusively where {shown(lock)} would be, so that two compactions at once "
        "might lose lines",
        hint="Nothing was changed. A manifest works without compaction, only slower with thousands of parts.",
    )
