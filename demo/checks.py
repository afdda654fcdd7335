"""What must be true after a run: the files, and what Phrase says of the jobs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from demo.flow import Flow
    from phrase_provider.simulator.process import SimulatorProcess


def problems(
    flow: Flow, phrase: SimulatorProcess, sources: Sequence[Path], languages: Sequence[str]
) -> list[str]:
    """
    Compare a finished run with what was asked for.

    :param flow: the run.
    :param phrase: asked for the status of each job.
    :param sources: the files that went in.
    :param languages: those they went into.
    """
    found = [] if flow.state == "success" else [f"the DAG run is {flow.state}"]
    wanted = len(sources) * len(languages)
    if len(flow.rows) != wanted:
        found.append(f"{len(flow.rows)} jobs instead of {wanted}")
    statuses = _statuses(phrase, flow.params["batch_id"])
    originals = {source.read_bytes() for source in sources}
    for row in flow.rows:
        found += (f"{row['target_path']} {trouble}" for trouble in _troubles(row, statuses, originals))
    return found


def _troubles(row: dict[str, str], statuses: dict[str, str], originals: set[bytes]) -> Iterator[str]:
    target = Path(row["target_path"])
    if not target.is_file():
        yield "is not there"
    elif target.read_bytes() in originals:
        yield "is the same as its source"
    if statuses.get(row["job_uid"]) != "DELIVERED":
        yield f"comes from a job that is {statuses.get(row['job_uid'])} in Phrase"


def _statuses(phrase: SimulatorProcess, batch_id: str) -> dict[str, str]:
    """Ask Phrase for the status of each job part of a batch."""
    settings = ClientSettings(
        api_token=phrase.api_token,
        platform_url=phrase.url,
        tms_url=phrase.tms_url,
        strings_url=f"{phrase.url}/v2",
        token_cache=False,
    )
    client = TmsClient.connect(settings)
    return {
        part["uid"]: part["status"]
        for project in client.projects.list(batch_id)
        for part in client.jobs.list(project["uid"])
    }
