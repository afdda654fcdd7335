"""A private file through which the processes of one host share an access token."""

from __future__ import annotations

import base64
import json
import logging
import os
import random
import stat
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken

from phrase_provider.api.auth.access_token import AccessToken
from phrase_provider.api.auth.private_files import (
    derive,
    open_private,
    require_private,
    shared_directory,
    try_lock,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

#: Seconds between looks while another process makes the token.
_PAUSE = (0.02, 0.1)


class TokenCache:
    """
    One token file below a directory of this user, locked while a token is made.

    Airflow starts a process for each task: without this, a thousand mapped tasks exchange a
    thousand times. The file is encrypted with a key that comes from the API token, so it is worth
    nothing without it.

    :param api_token: Platform API token: gives the key, and part of the file's name.
    :param platform_url: the other part.
    :param directory: default ``phrase-provider-<user id>`` in the temporary directory.
    :param lock_timeout: seconds to wait for another process that makes a token.
    """

    def __init__(
        self, api_token: str, platform_url: str, directory: Path | None = None, lock_timeout: float = 60
    ) -> None:
        self._lock_timeout = lock_timeout
        self._directory = directory or shared_directory()
        secret = f"{platform_url}\n{api_token}".encode()
        self._fernet = Fernet(base64.urlsafe_b64encode(derive(secret, b"token file key")))
        self._path = self._directory / f"{derive(secret, b'token file name').hex()[:32]}.token"

    def get_or_make(
        self, good: Callable[[AccessToken | None], bool], make: Callable[[], AccessToken]
    ) -> AccessToken:
        """
        Return the shared token if it is good, else make one and share it.

        A directory or file that others could have written is not used: the token is then made for
        this process alone, with a warning.

        :param good: says whether a token read from the file will do.
        :param make: makes a new one; the other processes wait meanwhile, for a while.
        :raises PhraseError: whatever ``make`` raises.
        """
        try:
            lock = open_private(self._path.with_suffix(".lock"))
        except OSError as error:
            log.warning("The access token is not shared between processes: %s", error)
            return make()
        with lock:
            return self._shared(good, make, lock)

    def _shared(
        self, good: Callable[[AccessToken | None], bool], make: Callable[[], AccessToken], lock: IO[bytes]
    ) -> AccessToken:
        give_up = time.monotonic() + self._lock_timeout
        while not (locked := try_lock(lock)) and time.monotonic() < give_up:
            # Whoever holds the lock makes a token just now.
            time.sleep(random.uniform(*_PAUSE))
            if good(token := self._read()) and token:
                return token
        if not locked:
            log.warning("The process that makes the access token takes long; this one makes its own.")
        token = self._read()
        if token is None or not good(token):
            token = make()
            self._write(token)
        return token

    def _read(self) -> AccessToken | None:
        try:
            require_private(self._path, stat.S_ISREG)
            entry = json.loads(self._fernet.decrypt(self._path.read_bytes()))
            return AccessToken(str(entry["value"]), float(entry["use_until"]))
        except FileNotFoundError:
            return None
        except (OSError, InvalidToken, ValueError, KeyError, TypeError) as error:
            log.warning("The shared access token is not used: %s", type(error).__name__)
            return None

    def _write(self, token: AccessToken) -> None:
        entry = json.dumps({"value": token.value, "use_until": token.use_until}).encode()
        try:
            # The rename replaces whatever was there.
            with _spool(self._directory) as spool:
                spool.write_bytes(self._fernet.encrypt(entry))
                spool.replace(self._path)
        except OSError as error:
            log.warning("The access token is not shared between processes: %s", error)


@contextmanager
def _spool(directory: Path) -> Iterator[Path]:
    """Make a file 0600 that is gone afterwards, unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=directory)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)
