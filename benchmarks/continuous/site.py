"""A translated site: its sources, targets and manifest, and a Phrase that has its jobs."""

from __future__ import annotations

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.continuous.content import make_sources
from benchmarks.continuous.traffic import NOT_COUNTED, Traffic
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.api.tms.job_parts import level_of, target_lang_of
from phrase_provider.api.tms.job_request import JobRequest
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.files.languages import format_language
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.simulator.process import SimulatorProcess

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from phrase_provider.api.tms.models import ProjectTemplateReferenceV1
    from phrase_provider.manifest.lines import ManifestLine

#: Name of the batch whose content the site is.
BATCH = "bench"
#: Uploads at a time while a site is made.
_THREADS = 4
#: Jobs that Phrase takes in a call that edits them.
_CHUNK = 100


class Site:
    """
    A folder of sources beside a Phrase of its own.

    :param folder: has or gets the sources (`in`), targets (`out`) and the manifest.
    :param simulator: running.
    :param access_log: of the simulator.
    """

    def __init__(self, folder: Path, simulator: SimulatorProcess, access_log: Path) -> None:
        self.folder = folder
        self.simulator = simulator
        self.traffic = Traffic(access_log)
        self.sources: list[Path] = []
        self.client = TmsClient.connect(
            ClientSettings(
                simulator.api_token,
                simulator.url,
                simulator.tms_url,
                simulator.url,
                user_agent=NOT_COUNTED,
                token_cache=False,
            )
        )

    @property
    def manifest(self) -> Manifest:
        return Manifest(str(self.folder / "phrase-manifest.jsonl"))

    def connection(self) -> dict[str, str]:
        """Return the environment variables that lead Airflow to this Phrase."""
        return {"AIRFLOW_CONN_PHRASE_DEFAULT": self.simulator.airflow_connection()}

    def project_uid(self) -> str:
        """Return the uid of the batch's project; empty where there is none yet."""
        return next((project["uid"] for project in self.client.projects.list(BATCH)), "")

    def targets(self) -> int:
        """Return how many target files there are."""
        return sum(path.is_file() for path in (self.folder / "out").rglob("*.md"))

    def write(self, count: int) -> list[Path]:
        """Write so many sources, and return them."""
        self.sources = make_sources(self.folder / "in", count)
        return self.sources

    def template(self, steps: int = 1) -> str:
        """Return the name of the template with so many workflow steps."""
        return self._templates()[steps - 1]["templateName"]

    def template_uid(self, steps: int = 1) -> str:
        """Return its uid."""
        return self._templates()[steps - 1]["uid"]

    def _templates(self) -> list[ProjectTemplateReferenceV1]:
        return sorted(self.client.templates.list(), key=lambda item: len(item["templateName"]))

    def deliver(self, project_uid: str, langs: Sequence[str]) -> dict[tuple[str, str], dict[int, str]]:
        """
        Do what earlier runs did: upload the sources, deliver their jobs, write targets and manifest.

        :return: uids of job parts by workflow level, for each relative path and language.
        """

        def upload(source: Path) -> list[Any]:
            relative = source.relative_to(self.folder / "in")
            request = JobRequest(relative.name, langs, folder=str(relative.parent))
            content = source.read_bytes()
            created = self.client.jobs.create(project_uid, request, lambda: io.BytesIO(content))
            return [(str(relative), part) for part in created["jobs"]]

        # The earlier runs kept to the limit; here they are over in a moment.
        limit = self.simulator.settings()["pending_limit"]
        self.simulator.settings(pending_limit=None)
        parts: dict[tuple[str, str], dict[int, str]] = {}
        with ThreadPoolExecutor(_THREADS) as pool:
            for path, part in (item for items in pool.map(upload, self.sources) for item in items):
                parts.setdefault((path, target_lang_of(part)), {})[level_of(part)] = part["uid"]
        self.simulator.advance(120)
        self.simulator.settings(pending_limit=limit)
        self.set_status([uid for levels in parts.values() for uid in levels.values()], JobStatus.DELIVERED)
        lines = [self._line(project_uid, key, levels) for key, levels in parts.items()]
        self.manifest.add("earlier", lines)
        return parts

    def set_status(self, job_uids: Sequence[str], status: JobStatus) -> None:
        """Set the status of many jobs, as people or earlier runs did."""
        for first in range(0, len(job_uids), _CHUNK):
            self.client.job_batches.edit(job_uids[first : first + _CHUNK], status=status)

    def _line(self, project_uid: str, key: tuple[str, str], levels: dict[int, str]) -> ManifestLine:
        path, lang = key
        source, target = (
            self.folder / "in" / path,
            self.folder / "out" / format_language(lang, "bcp47") / path,
        )
        content = source.read_bytes()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        checksum, now = hashlib.sha256(content).hexdigest(), datetime.now(UTC).isoformat()
        return {
            "source": path,
            "target_lang": lang,
            "at": now,
            "run": "earlier",
            "path": str(source),
            "base": str(self.folder / "in"),
            "sha256": checksum,
            "size": len(content),
            "project_uid": project_uid,
            "job_uid": levels[max(levels)],
            "status": "DELIVERED",
            "words": 40,
            "target_path": str(target),
            "target_sha256": checksum,
            "target_source_sha256": checksum,
            "delivered_at": now,
        }


@contextmanager
def site(folder: Path, *, speed: float, **settings: Any) -> Iterator[Site]:
    """
    Run a Phrase for a site.

    :param folder: is made.
    :param speed: simulated seconds per second.
    :param settings: of the simulator.
    """
    folder.mkdir(parents=True)
    log = folder / "access.jsonl"
    # The templates of the local Phrase name providers for a few languages only.
    given = {"quota_per_minute": None, "unassigned_work_moves": True, **settings}
    with SimulatorProcess(speed=speed, access_log=log, settings=given) as simulator:
        yield Site(folder, simulator, log)
