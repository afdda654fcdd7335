"""Files whose source changes, their jobs in a local Phrase, and updates of them."""

from __future__ import annotations

import hashlib
import logging
from pathlib import Path
from typing import Any

from phrase_provider.files.sources import SourceFile
from phrase_provider.services.tms.job_statuses import JobReference
from phrase_provider.services.tms.records import RecordsInFolder
from phrase_provider.services.tms.updates.source_updates import ChangedSource, SourceUpdates, UpdateOptions
from phrase_provider.services.tms.updates.update_results import UpdateResult

OLD = b"Good morning\nGood night\n"
NEW = b"Good morning\nA new line here\nGood night\n"
NEWEST = b"Good morning\nThe last line\nGood night\n"
SEND = {"method": "POST", "path": "/jobs/source$"}
PATCH = {"method": "PATCH", "path": "/api2/v3/jobs$"}


class File:
    """
    A file with jobs.

    :param phrase: a local Phrase, whose imports end at once.
    :param folder: for the file and the notes.
    :param steps: workflow steps of the project.
    """

    def __init__(self, phrase: Any, folder: Path, *langs: str, steps: int = 2) -> None:
        self.phrase = phrase
        self.path = folder / "guide.txt"
        self.notes = folder / "notes"
        self.path.write_bytes(OLD)
        phrase.simulator.settings(import_seconds=[0, 0])
        self.project_uid = phrase.project(*langs or ("de", "fr"), steps=steps)
        phrase.upload(self.project_uid, "guide.txt", langs or ("de", "fr"), content=OLD)
        # Updates have another time than the upload.
        phrase.simulator.advance(60)
        listed = list(phrase.client.jobs.list(self.project_uid))
        #: Uids of all parts, by language and level.
        self.parts = {
            (part["targetLang"], part["workflowStep"]["workflowLevel"] if part["workflowStep"] else 1): part[
                "uid"
            ]
            for part in listed
        }
        self.steps = steps
        phrase.forget()

    def change(self, content: bytes = NEW) -> None:
        self.path.write_bytes(content)
        self.phrase.simulator.advance(60)

    def changed(self, *langs: str) -> ChangedSource:
        content = self.path.read_bytes()
        source = SourceFile(str(self.path), "guide.txt", len(content))
        wanted = langs or tuple(dict.fromkeys(lang for lang, _ in self.parts))
        jobs = {lang: JobReference(self.project_uid, self.parts[lang, self.steps]) for lang in wanted}
        return ChangedSource(source, hashlib.sha256(content).hexdigest(), jobs)

    def updates(self, **options: Any) -> SourceUpdates:
        return SourceUpdates(
            self.phrase.client,
            RecordsInFolder(str(self.notes)),
            logging.getLogger("task"),
            UpdateOptions(**options),
        )

    def update(self, *langs: str, **options: Any) -> dict[str, UpdateResult]:
        """Update the source; gives the results by language."""
        results = self.updates(**options).update(self.changed(*langs))
        return {result["target_lang"]: result for result in results}

    def set_status(self, status: str, *parts: tuple[str, int]) -> None:
        for part in parts:
            self.phrase.change_job(self.project_uid, self.parts[part], status=status)

    def statuses(self) -> dict[tuple[str, int], str]:
        return {
            part: self.phrase.client.jobs.get(self.project_uid, uid)["status"]
            for part, uid in self.parts.items()
        }

    def content(self, lang: str = "de") -> bytes:
        uid = self.parts[lang, 1]
        with self.phrase.client.jobs.open_original(self.project_uid, uid) as pieces:
            return b"".join(pieces)

    def noted(self) -> list[Path]:
        return list(self.notes.glob("*")) if self.notes.exists() else []
