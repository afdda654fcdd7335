"""Leaves out of the reference what users never call: the methods that Airflow calls, and mixins."""

from __future__ import annotations

import sys
from typing import Any

from airflow.sdk import BaseOperator
from airflow.triggers.base import BaseTrigger  # noqa: TID253 - no DAG is parsed here


def skip(app: Any, what: str, name: str, obj: Any, skipped: bool, options: Any) -> bool | None:
    """Skip the methods and attributes of operators, sensors and triggers."""
    owner = _owner(obj)
    return True if owner and issubclass(owner, BaseOperator | BaseTrigger) else None


def _owner(member: Any) -> type | None:
    """Return the class in which a method or property was defined."""
    function = getattr(member, "fget", None) or getattr(member, "func", None) or member
    path = getattr(function, "__qualname__", "").split(".")
    module = sys.modules.get(getattr(function, "__module__", None) or "")
    owner = getattr(module, path[0], None) if len(path) == 2 else None
    return owner if isinstance(owner, type) else None


def shown_bases(app: Any, name: str, obj: Any, options: Any, bases: list[type]) -> None:
    """Show instead of a private class the classes that it extends, and no mixins."""
    bases[:] = list(dict.fromkeys(_shown(bases))) or [object]


def _shown(bases: Any) -> list[type]:
    found: list[type] = []
    for base in bases:
        if base.__name__.startswith("_"):
            found += _shown(base.__bases__)
        elif not base.__name__.endswith("Mixin"):
            found.append(base)
    return found


def setup(app: Any) -> dict[str, bool]:
    """Connect both to autodoc."""
    app.connect("autodoc-skip-member", skip)
    app.connect("autodoc-process-bases", shown_bases)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
