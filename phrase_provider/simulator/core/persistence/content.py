"""The bytes of a file."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256


class Content(bytes):
    """What a file holds; the state on disk keeps it once, in a file of its own, named by ``digest``."""

    @cached_property
    def digest(self) -> str:
        return sha256(self).hexdigest()
