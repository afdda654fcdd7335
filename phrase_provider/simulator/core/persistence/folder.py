"""
What outlasts a restart, in a folder.

``world`` holds everything but the contents of files, which lie in ``contents``, each once. Nothing is ever
changed in place: a file is written beside and then takes the other's place, so that a kill at any moment
leaves the old or the new one. Whoever writes holds ``lock``.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import pickle
import time
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import phrase_provider
from phrase_provider.simulator.core.persistence.content import Content
from phrase_provider.simulator.core.persistence.unpickling import FAILURES, Unpickler, shape

if TYPE_CHECKING:
    from pathlib import Path

    from phrase_provider.simulator.core.tokens import Tokens
    from phrase_provider.simulator.tms.state import World

_FORMAT = 1
"""Grows when a state means something else although its objects look the same."""
_HELP = "give another folder, or delete this one"


class StateError(Exception):
    """A state that cannot be used; the text says why, and what helps."""


class State:
    """
    The folder that keeps a simulator's state; nobody else may read it, and one simulator at a time writes it.

    :param folder: made when it is missing; may be empty, else it must hold a state.
    :raises StateError: when it is in use or something else.
    :raises OSError: when it cannot be made or written.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._world = folder / "world"
        self._contents = folder / "contents"
        self._lock = _lock(folder)
        self._contents.mkdir(mode=0o700, exist_ok=True)
        self._kept = {path.name for path in self._contents.iterdir()}
        self._shape = shape()

    def load(self, world: World, tokens: Tokens) -> None:
        """
        Have a world and its tokens go on where the state's stood; a folder without a state changes nothing.

        Simulated time stands still between the end of one simulator and the start of the next.

        :raises StateError: when the state is damaged or of another version.
        """
        if not self._world.exists():
            return
        first, _, body = self._world.read_bytes().partition(b"\n")
        header = self._checked(first, body)
        try:
            memory = Unpickler(body, self._read).load()
            kept, known = memory["world"], memory["tokens"]
        except FAILURES as error:
            raise self._damaged(f"{type(error).__name__}: {error}") from error
        if set(kept) != set(world.memory()):
            raise self._foreign(header)
        world.recall(kept)
        tokens.known = known
        unsaved = max(self._world.stat().st_mtime - header["time"], 0)
        world.clock.advance(unsaved * header["speed"])

    def save(self, world: World, tokens: Tokens) -> int:
        """
        Write everything.

        It is safe from then on from a kill of the process, though not from a failure of the machine.

        :return: bytes of what is written anew each time.
        :raises OSError: when it cannot be written; the state before is then still there.
        """
        contents: set[str] = set()
        buffer = io.BytesIO()
        pickler = pickle.Pickler(buffer, protocol=5)
        pickler.dispatch_table = {Content: lambda content: self._keep(content, contents)}
        pickler.dump({"world": world.memory(), "tokens": tokens.known})
        body = buffer.getvalue()
        header = {
            "format": _FORMAT,
            "shape": self._shape,
            "version": phrase_provider.__version__,
            "time": time.time(),
            "speed": world.clock.speed,
            "sha256": sha256(body).hexdigest(),
        }
        _replace(self._world, json.dumps(header).encode() + b"\n" + body)
        for digest in self._kept - contents:
            (self._contents / digest).unlink(missing_ok=True)
        self._kept = contents
        return len(body)

    def touch(self) -> None:
        """Note that the simulator still runs, which is how :meth:`load` knows what time it was at a kill."""
        os.utime(self._world)

    def _checked(self, first: bytes, body: bytes) -> dict[str, Any]:
        try:
            header = json.loads(first)
            stamp = header["format"], header["shape"]
        except (ValueError, TypeError, KeyError):
            raise self._damaged("it has no header") from None
        if stamp != (_FORMAT, self._shape):
            raise self._foreign(header)
        if header.get("sha256") != sha256(body).hexdigest():
            raise self._damaged("its checksum is wrong")
        return dict(header)

    def _foreign(self, header: dict[str, Any]) -> StateError:
        return StateError(
            f"the state in {self._folder} was written by version {header.get('version')}, "
            f"which this one ({phrase_provider.__version__}) cannot read; {_HELP}"
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


def _lock(folder: Path) -> int:
    """Make the folder ours for as long as this process lives."""
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
