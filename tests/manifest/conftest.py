from __future__ import annotations

import pytest


@pytest.fixture(params=["local", "memory"])
def place(request, tmp_path):
    """A folder of each kind: in the file system, and in a store of objects."""
    if request.param == "local":
        yield str(tmp_path)
        return
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    yield "memory://bucket/out"
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]
