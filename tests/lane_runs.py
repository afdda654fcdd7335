"""Jobs of a run and the lane that takes them home, for tests."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from airflow.providers.common.compat.sdk import TaskDeferred
from task_runs import POKE, context, rebuilt, run

from phrase_provider.manifest.lines import ManifestLine
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.manifest.runs import run_name
from phrase_provider.operators.tms.translate import PhraseTmsTranslateOperator
from phrase_provider.services.tms.job_list import JobList, ListedJob

SHA = hashlib.sha256(b"Hello\n\nworld\n").hexdigest()
LANGS = ("de", "fr", "ja")
START = {"method": "PUT", "path": "/targetFile$"}
DOWNLOAD = {"method": "GET", "path": "downloadTargetFile"}
PATCH = {"method": "PATCH", "path": "/api2/v3/jobs$"}


class LaneRun:
    """
    The jobs of a run: some files in some languages, imported and open, in exports that end at once.

    :param phrase: where they are.
    :param folder: of the targets, the manifest and the list.
    :param files: number of files.
    :param langs: of each.
    """

    def __init__(self, phrase: Any, folder: Path, files: int = 2, langs: Sequence[str] = LANGS) -> None:
        self.phrase = phrase
        self.folder = folder
        self.manifest = f"{folder}/phrase-manifest.jsonl"
        self.list = f"{folder}/jobs.jsonl"
        self.rows: list[ListedJob] = []
        self.context = context()
        phrase.simulator.settings(export_seconds=(0, 0))
        self.project_uid = self.add_project(files, langs)

    def add_project(self, files: int, langs: Sequence[str] = LANGS, steps: int = 1) -> str:
        """Make a project with jobs of the run; gives its uid."""
        project_uid: str = self.phrase.project(*langs, steps=steps)
        first = len({row["relative_path"] for row in self.rows})
        for number in range(first, first + files):
            self.phrase.upload(project_uid, f"{number:02}.md", langs)
        listed = self.phrase.client.jobs.list_highest(project_uid)
        self.rows += [self._row(project_uid, part) for part in listed]
        self.phrase.import_files()
        JobList(self.list).write(self.rows)
        return project_uid

    def _row(self, project_uid: str, part: Any) -> ListedJob:
        name, lang = part["filename"], part["targetLang"]
        return {
            "project_uid": project_uid,
            "job_uid": part["uid"],
            "target_lang": lang,
            "source": f"/src/{name}",
            "relative_path": name,
            "target_path": f"{self.folder}/out/{lang}/{name}",
            "sha256": SHA,
            "words": 2,
            "outcome": "created",
            "error": None,
        }

    @property
    def uids(self) -> list[str]:
        return [str(row["job_uid"]) for row in self.rows]

    @property
    def run(self) -> str:
        ti = self.context["ti"]
        return run_name(ti.dag_id, ti.run_id)

    def complete(self, *uids: str) -> None:
        for uid in uids or self.uids:
            self.phrase.simulator.job(uid, "complete")

    def translate(self, mode: str = POKE, **arguments: Any) -> Any:
        """Run the lane to its end; gives its result."""
        return run(PhraseTmsTranslateOperator, mode, self.context, **self.arguments(**arguments))

    def arguments(self, **changes: Any) -> dict[str, Any]:
        given = {
            "jobs": self.list,
            "manifest": self.manifest,
            "poll_interval": 0.05,
            "export_interval": 0.05,
            "max_hold": 0.1,
            "min_wait": 0,
        }
        return given | changes

    def lines(self) -> dict[str, ManifestLine]:
        """Give the lines of the manifest, by job."""
        return {str(line["job_uid"]): line for line in Manifest(self.manifest).read().values()}

    def add_lines(self, uids: Sequence[str], run: str, **facts: Any) -> None:
        """Do what the task of a run does that has just uploaded, updated or taken over jobs."""
        from phrase_provider.manifest.lines import written_at

        rows = [row for row in self.rows if row["job_uid"] in uids]
        lines = [
            {
                "source": row["relative_path"],
                "target_lang": row["target_lang"],
                "at": written_at(),
                "run": run,
                "project_uid": row["project_uid"],
                "job_uid": row["job_uid"],
                "sha256": row["sha256"],
                "words": row["words"],
                **facts,
            }
            for row in rows
        ]
        Manifest(self.manifest).add(run, lines)  # type: ignore[arg-type]

    def statuses(self) -> list[str]:
        return [self.phrase.status(row["project_uid"], row["job_uid"]) for row in self.rows]

    def written(self) -> list[str]:
        """Give the paths of the target files, below their folder."""
        out = self.folder / "out"
        return sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file())

    def leg(self, event: dict[str, Any] | None = None, **arguments: Any) -> Any:
        """
        Run the lane until it is deferred, as one process of a worker does.

        :param event: with which it is woken; None: it begins.
        :return: the trigger, as the triggerer makes it; or the result.
        """
        given = self.arguments(**arguments)
        task = PhraseTmsTranslateOperator(task_id="task", deferrable=True, **given)
        try:
            if event is None:
                return task.execute(self.context)
            return task.execute_complete(self.context, event)
        except TaskDeferred as deferred:
            return rebuilt(deferred.trigger)
