"""Small files through which the processes of one host share what they know, closed to other users."""

from __future__ import annotations

import fcntl
import os
import stat
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

if TYPE_CHECKING:
    from collections.abc import Callable


def shared_directory() -> Path:
    """Return this user's directory: ``phrase-provider-<user id>`` in the temporary directory."""
    return Path(tempfile.gettempdir()) / f"phrase-provider-{os.getuid()}"


def open_private(path: Path) -> IO[bytes]:
    """
    Open a file for reading and writing, made empty if it is not there.

    :param path: the file; its directory is made as well.
    :raises OSError: it cannot be opened, or others could have written it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    require_private(path.parent, stat.S_ISDIR)
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.fdopen(os.open(path, flags, 0o600), "r+b")


def try_lock(file: IO[bytes]) -> bool:
    """
    Lock an open file for its holder alone, until it is closed.

    :param file: the file.
    :return: False when somebody else holds it, or the file system knows no locks.
    """
    try:
        # The kernel frees the lock when its holder dies, so nobody waits for a dead process.
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def require_private(path: Path, kind: Callable[[int], bool]) -> None:
    """
    Check that a file or directory belongs to this user alone.

    :param path: what to check; a link is not followed.
    :param kind: such as :func:`stat.S_ISREG`.
    :raises OSError: it does not, or is not there.
    """
    found = path.lstat()
    if not kind(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
        raise PermissionError(f"{path} does not belong to this user alone (owner, kind or mode is off)")


def derive(secret: bytes, purpose: bytes) -> bytes:
    """
    Derive 32 bytes that tell nothing of a secret.

    :param secret: what only the rightful processes know.
    :param purpose: another one gives other bytes.
    """
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"airflow-provider-phrase " + purpose).derive(
        secret
    )
