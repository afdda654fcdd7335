"""A PostgreSQL of a test's own, from the server programs installed on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

#: The server refuses to run as root; Debian's package makes this user.
OWNER = "postgres"


def programs() -> Path | None:
    """Folder of the newest installed server's programs, or None."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    return debian[-1] if debian else None


def _as_owner(*command: str | Path) -> list[str]:
    line = [str(part) for part in command]
    return ["runuser", "-u", OWNER, "--", *line] if os.getuid() == 0 else line


def _run(*command: str | Path, **options: Any) -> None:
    ended = subprocess.run(
        _as_owner(*command), capture_output=True, text=True, cwd="/", check=False, **options
    )
    assert ended.returncode == 0, f"{command[0]}: {ended.stderr}"


@contextmanager
def server(bin_folder: Path, port: int, *, name: str) -> Iterator[None]:
    """
    Run a server on 127.0.0.1 whose user, password and database have the same name.

    :param bin_folder: as :func:`programs` gives it.
    """
    # Not below pytest's folder, which is closed to other users, such as the server's.
    with (
        tempfile.TemporaryDirectory(prefix="postgres-") as made,
        _running(bin_folder, Path(made), port, name),
    ):
        yield


@contextmanager
def _running(bin_folder: Path, folder: Path, port: int, name: str) -> Iterator[None]:
    if os.getuid() == 0:
        shutil.chown(folder, OWNER)
    password, data = folder / "password", folder / "data"
    password.write_text(name)
    password.chmod(0o644)
    _run(bin_folder / "initdb", "-D", data, "-U", name, "--pwfile", password, "--auth", "scram-sha-256")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    _run(bin_folder / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-o", options, "start")
    try:
        environment = {**os.environ, "PGPASSWORD": name}
        _run(bin_folder / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", name, name, env=environment)
        yield
    finally:
        _run(bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "stop")
