"""Restricted unpickling: only the simulator's own classes."""

from __future__ import annotations

import dataclasses
import io
import pickle
import sys
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.core.persistence.content import Content

if TYPE_CHECKING:
    from collections.abc import Callable

_PACKAGE = "phrase_provider.simulator"
_LOADED_LATE = f"{_PACKAGE}.tms.formats"
"""Its modules are imported on demand, and nothing in it is persisted."""
_LIBRARY = frozenset({("collections", "deque"), ("random", "Random")})
"""Classes that may be read besides the simulator's own."""

FAILURES = (
    pickle.UnpicklingError,
    AttributeError,
    EOFError,
    ImportError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
)
"""Errors that unpickling raises for data of another version."""


class Unpickler(pickle.Unpickler):
    """
    Loads the simulator's own classes only, so that a foreign pickle cannot run code.

    :param read_content: returns the content of a file by its digest.
    """

    def __init__(self, body: bytes, read_content: Callable[[str], Content]) -> None:
        super().__init__(io.BytesIO(body))
        self._read_content = read_content

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (Content.__module__, Content.__name__):
            return self._read_content
        ours = module.startswith(f"{_PACKAGE}.") and "." not in name
        if not ours and (module, name) not in _LIBRARY:
            raise pickle.UnpicklingError(f"{module}.{name} is not allowed in a state")
        found = super().find_class(module, name)
        if not isinstance(found, type) or (ours and found.__module__ != module):
            raise pickle.UnpicklingError(f"{module}.{name} is not a class of its module")
        return found


def fingerprint() -> str:
    """Return a digest of the fields of the simulator's classes; it differs for another version."""
    fields = [
        (kind.__module__, kind.__name__, field.name, str(field.type))
        for name, module in sys.modules.items()
        if name.startswith(f"{_PACKAGE}.") and not name.startswith(_LOADED_LATE)
        for kind in vars(module).values()
        if isinstance(kind, type) and kind.__module__ == name and dataclasses.is_dataclass(kind)
        for field in dataclasses.fields(kind)
    ]
    return sha256(repr(sorted(fields)).encode()).hexdigest()
