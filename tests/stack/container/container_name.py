"""The name of the container that a process stands for; on the path of the processes of `ComposeProcesses`."""

from __future__ import annotations

import os


def container_name() -> str:
    """Return what Docker would have made the host's name; for `[core] hostname_callable`."""
    return os.environ["HOSTNAME"]
