"""How a run is named in a manifest, and where its lists are."""

from __future__ import annotations

import hashlib
import re

from phrase_provider.files.storage import join, locate

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST = 80


def run_name(dag_id: str, run_id: str) -> str:
    """
    Return the name of a DAG run in file names and lines: readable, and no other run's.

    :param dag_id: DAG.
    :param run_id: run, such as ``scheduled__2026-12-01T03:00:00+00:00``.
    """
    readable = _UNSAFE.sub("-", f"{dag_id}.{run_id}")[-_LONGEST:].strip("-.")
    return f"{readable}-{hashlib.sha256(f'{dag_id}/{run_id}'.encode()).hexdigest()[:8]}"


def run_folder(manifest: str, run: str) -> str:
    """
    Return the folder of a run's lists.

    :param manifest: local path or URL of the manifest.
    :param run: as :func:`run_name` gives it.
    """
    return join(f"{locate(manifest)}.runs", run)
