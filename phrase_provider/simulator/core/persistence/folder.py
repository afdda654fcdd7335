"""
The folder that keeps a simulator's state.

``state`` holds everything but the contents of files, which lie in ``contents``, each once. Nothing is ever
changed in place: a new file is written and renamed over the old one, so that a kill at any moment
leaves the old or the new one. The process that writes holds ``lock``.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import pickle
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Protocol

import phrase_provider
from phrase_provider.simulator.core.persistence.content import Content
from phrase_provider.simulator.core.persistence.unpickling import FAILURES, Unpickler, fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from phrase_provider.simulator.core.state import BaseState

_FORMAT = 2
"""
Incremented when the meaning of a state changes although its classes have the same fields.

Format 1 refers to classes by modules that no longer have them, and is stored in another file; it is refused.
"""
_FORMER_FILE = "world"
_HELP = "give another folder, or delete this one"


class Section(Protocol):
    """A part of the state that is persisted."""

    def snapshot(self) -> dict[str, Any]:
        """Return the values to persist, by name."""

    def restore(self, kept: dict[str, Any]) -> None:
        """Continue from a snapshot."""


class StateError(Exception):
    """A state folder cannot be used; the message says why and what to do."""


class StateFolder:
    """
    The folder of a simulator's state; only its owner may read it, and one simulator at a time uses it.

    :param folder: is created when it is missing; unless it is empty, it must hold a state.
    :param state: is persisted; has the clock.
    :param others: further parts to persist, by name.
    :raises StateError: when it is in use, or holds something other than a state.
    :raises OSError: when it cannot be created or written.
    """

    def __init__(self, folder: Path, state: BaseState, others: Mapping[str, Section]) -> None:
        self._folder = folder
        self._state = state
        self._sections: dict[str, Section] = {"state": state, **others}
        self._file = folder / "state"
        self._contents = folder / "contents"
        self._lock = _lock(folder)
        self._contents.mkdir(mode=0o700, exist_ok=True)
        self._kept = {path.name for path in self._contents.iterdir()}
        self._fingerprint = fingerprint()

    def load(self) -> None:
        """
        Load the persisted state; a folder without one changes nothing.

        Simulated time stands still between the end of one simulator and the start of the next.

        :raises StateError: when the state is damaged or of another version.
        """
        if not self._file.exists():
            self._refuse_former()
            return
        first, _, body = self._file.read_bytes().partition(b"\n")
        header = self._checked(first, body)
        try:
            kept = {name: dict(values) for name, values in Unpickler(body, self._read).load().items()}
        except FAILURES as error:
            raise self._damaged(f"{type(error).__name__}: {error}") from error
        if _names(kept) != _names(self._snapshots()):
            raise self._foreign(header)
        for name, section in self._sections.items():
            section.restore(kept[name])
        unsaved = max(self._file.stat().st_mtime - header["time"], 0)
        self._state.clock.advance(unsaved * header["speed"])

    def save(self) -> int:
        """
        Write the state.

        It then survives a kill of the process, though not a failure of the machine.

        :return: size in bytes of what is rewritten at each save.
        :raises OSError: when it cannot be written; the previous state is then still there.
        """
        contents: set[str] = set()
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer, protocol=5)
        pickler.dispatch_table = {Content: lambda content: self._keep(content, contents)}
        pickler.dump(self._snapshots())
        body = buffer.getvalue()
        header = {
            "format": _FORMAT,
            "shape": self._fingerprint,
            "version": phrase_provider.__version__,
            "time": time.time(),
            "speed": self._state.clock.speed,
            "sha256": sha256(body).hexdigest(),
        }
        _replace(self._file, json.dumps(header).encode() + b"\n" + body)
        for digest in self._kept - contents:
            (self._contents / digest).unlink(missing_ok=True)
        self._kept = contents
        return len(body)

    def _snapshots(self) -> dict[str, dict[str, Any]]:
        return {name: section.snapshot() for name, section in self._sections.items()}

    def touch(self) -> None:
        """Record that the simulator is still running, so that :meth:`load` knows the time of a kill."""
        os.utime(self._file)

    def _checked(self, first: bytes, body: bytes) -> dict[str, Any]:
        try:
            header = json.loads(first)
            stamp = header["format"], header["shape"]
        except (ValueError, TypeError, KeyError):
            raise self._damaged("it has no header") from None
        if stamp != (_FORMAT, self._fingerprint):
            raise self._foreign(header)
        if header.get("sha256") != sha256(body).hexdigest():
            raise self._damaged("its checksum is wrong")
        return dict(header)

    def _refuse_former(self) -> None:
        """
        Refuse a folder that holds a state of format 1.

        :raises StateError: when there is one.
        """
        former = self._folder / _FORMER_FILE
        if former.exists():
            raise self._foreign({"format": 1, **_header(former)})

    def _foreign(self, header: dict[str, Any]) -> StateError:
        written = f"version {header.get('version')} in format {header.get('format')}"
        own = f"{phrase_provider.__version__}, format {_FORMAT}"
        return StateError(
            f"the state in {self._folder} was written by {written}; this one ({own}) cannot read it; {_HELP}"
        )

    def _damaged(self, why: str) -> StateError:
        return StateError(f"the state in {self._folder} is damaged ({why}); {_HELP}")

    def _keep(self, content: Content, used: set[str]) -> tuple[type[Content], tuple[str]]:
        used.add(content.digest)
        if content.digest not in self._kept:
            _replace(self._contents / content.digest, content)
            self._kept.add(content.digest)
        return Content, (content.digest,)

    def _read(self, digest: str) -> Content:
        try:
            content = Content((self._contents / digest).read_bytes())
        except FileNotFoundError:
            raise self._damaged(f"the file {digest} is missing") from None
        if content.digest != digest:
            raise self._damaged(f"the file {digest} has changed")
        return content


def _header(file: Path) -> dict[str, Any]:
    """Return the header of a state file; empty where there is none."""
    try:
        return dict(json.loads(file.read_bytes().partition(b"\n")[0]))
    except (ValueError, TypeError):
        return {}


def _names(sections: Mapping[str, Mapping[str, Any]]) -> dict[str, set[str]]:
    return {name: set(values) for name, values in sections.items()}


def _lock(folder: Path) -> int:
    """Lock the folder for the lifetime of this process; return the file descriptor."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = folder / "lock"
    if not lock.exists() and any(folder.iterdir()):
        raise StateError(f"{folder} is not empty and holds no state")
    folder.chmod(0o700)
    file = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(file)
        raise StateError(f"{folder} is in use by another simulator") from None
    return file


def _replace(path: Path, content: bytes) -> None:
    beside = path.with_name(f"{path.name}.new")
    with open(beside, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
    beside.replace(path)
