"""The libraries of the simulator's server, which the extra ``simulator`` installs."""

from __future__ import annotations

from importlib.util import find_spec

MODULES = ("jinja2", "pydantic", "python_multipart", "starlette", "uvicorn")
"""What the server imports; libraries of file formats are not needed to start it."""


def missing() -> str | None:
    """
    Return which libraries are missing and how to install them, or ``None`` when all are installed.

    Nothing is imported for that.
    """
    absent = [name for name in MODULES if find_spec(name) is None]
    if not absent:
        return None
    return (
        f"the simulator needs libraries that are not installed ({', '.join(absent)}): "
        "pip install 'airflow-provider-phrase[simulator]'"
    )
