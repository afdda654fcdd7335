"""The bytes of a file."""

from __future__ import annotations

from functools import cached_property
from hashlib import sha256


class Content(bytes):
    """The bytes of a file; the state folder stores them once, in a file named by ``digest``."""

    @cached_property
    def digest(self) -> str:
        return sha256(self).hexdigest()
