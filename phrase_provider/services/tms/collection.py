"""Complete jobs of projects that people made, with the places of their target files."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from phrase_provider.api.tms.job_parts import target_lang_of
from phrase_provider.api.tms.job_status import JobStatus
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.languages import format_language
from phrase_provider.files.names import require_relative_path, safe_name, shown
from phrase_provider.files.storage import identity, join
from phrase_provider.files.target_naming import check_naming, name_target
from phrase_provider.manifest.lines import ManifestKey, written_at
from phrase_provider.services.tms.job_search import path_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from phrase_provider.api.tms.models import JobPartReferenceV2, ProjectDtoV1
    from phrase_provider.files.languages import LanguageFormat
    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.services.tms.job_list import ListedJob
    from phrase_provider.services.tms.job_search import Part

DEFAULT_COLLECT_NAMING = "{project}/{lang}/{relative_path}"
#: Fields of a pattern beside those of every target's name.
_PROJECT, _PROJECT_UID = "project", "project_uid"
_NOTHING = cast("ManifestLine", {})


class Collection:
    """
    Lists jobs for the batch lane; what cannot be written is listed as failed, with the reason.

    Names come from Phrase, and so from anybody: none is taken that would lead out of the target folder.

    :param target_folder: local folder or URL.
    :param naming: path below it, with ``{project}`` (the project's name, made fit for a folder) and
        ``{project_uid}`` beside the fields of every target's name.
    :param language_format: how ``{lang}`` is written.
    :param known: lines of the manifest: what another job has written is not replaced. None: nothing known.
    :param overwrite: whether it is replaced all the same.
    :raises PhraseInputError: the pattern is broken.
    """

    def __init__(
        self,
        target_folder: str,
        naming: str = DEFAULT_COLLECT_NAMING,
        language_format: LanguageFormat = "bcp47",
        known: Mapping[ManifestKey, ManifestLine] | None = None,
        *,
        overwrite: bool = False,
    ) -> None:
        check_naming(naming, (_PROJECT, _PROJECT_UID))
        if not target_folder.strip():
            raise PhraseInputError("No target folder is given", hint="Give a local folder or a URL.")
        self._target_folder = target_folder
        self._naming = naming
        self._language_format = language_format
        self._written = {} if overwrite else _owners(known or {})
        self._jobs: list[ListedJob] = []
        self._takers: dict[str, list[ListedJob]] = {}

    def add(
        self,
        project: ProjectDtoV1,
        jobs: Iterable[JobPartReferenceV2],
        checksum: Callable[[JobPartReferenceV2], str],
    ) -> None:
        """
        Add complete jobs of a project.

        :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` returns it.
        :param jobs: parts of its highest workflow level.
        :param checksum: gives the SHA-256 of the file that a job was made from.
        """
        for job in jobs:
            row = self._row(project, job)
            if row["target_path"]:
                # Without it, its translation would count as one of another content.
                row["sha256"] = checksum(job)
            self._jobs.append(row)
            if path := row["target_path"]:
                self._takers.setdefault(identity(path), []).append(row)

    def rows(self) -> list[ListedJob]:
        """Return all jobs; those that would write the same file, or one of another job, have failed."""
        for place, rows in self._takers.items():
            owner, uids = self._written.get(place), [row["job_uid"] for row in rows]
            for row in rows:
                if len(rows) > 1:
                    others = ", ".join(str(uid) for uid in uids if uid != row["job_uid"])
                    _fail(row, f"it would be written to the same file as {others}")
                elif owner and owner != (row["project_uid"], row["relative_path"]):
                    _fail(row, f"its file is there already, from project {owner[0]}")
        self._takers.clear()
        return self._jobs

    def _row(self, project: ProjectDtoV1, job: Part) -> ListedJob:
        path, lang = path_of(job), target_lang_of(job)
        row: ListedJob = {
            "project_uid": project["uid"],
            "job_uid": job["uid"],
            "target_lang": lang,
            "source": "",
            # Files of different projects may have one name.
            "relative_path": join(project["uid"], path),
            "target_path": None,
            "words": None,
            "outcome": "adopted",
            "error": None,
        }
        try:
            row["target_path"] = self._target(project, path, lang)
        except PhraseInputError as error:
            _fail(row, error.message)
        return row

    def _target(self, project: ProjectDtoV1, path: str, lang: str) -> str:
        fields = {
            _PROJECT: safe_name(project.get("name") or "", project["uid"]),
            _PROJECT_UID: project["uid"],
        }
        language = format_language(lang, self._language_format)
        return name_target(require_relative_path(path), language, self._target_folder, self._naming, fields)


def claim_lines(
    rows: Iterable[ListedJob], run: str, known: Mapping[ManifestKey, ManifestLine]
) -> list[ManifestLine]:
    """
    Return manifest lines that say which run takes jobs home, and why it does not take some.

    :param rows: as :meth:`Collection.rows` gives them.
    :param run: name of the run.
    :param known: lines of the manifest; what they tell of an earlier delivery stays.
    """
    lines: list[ManifestLine] = []
    for row in rows:
        earlier = known.get(ManifestKey(row["relative_path"], row["target_lang"]))
        line: ManifestLine = {
            **(earlier or _NOTHING),
            "source": row["relative_path"],
            "target_lang": row["target_lang"],
            "at": written_at(earlier),
            "run": run,
            "project_uid": row["project_uid"],
            "status": JobStatus.COMPLETED.value,
            # Completed again after a delivery, it is to be delivered again.
            "delivered_at": None,
            "error": row["error"],
        }
        if row["job_uid"]:
            line |= {"job_uid": row["job_uid"], "target_path": row["target_path"], "sha256": row["sha256"]}
        lines.append(line)
    return lines


def _fail(row: ListedJob, reason: str) -> None:
    row["error"] = f"Job {row['job_uid']} ({shown(row['relative_path'])}) is not collected: {reason}"
    row["outcome"], row["job_uid"], row["target_path"] = "failed", None, None


def _owners(known: Mapping[ManifestKey, ManifestLine]) -> dict[str, tuple[str, str]]:
    """Return by place which file of which project was written there."""
    return {
        identity(path): (line.get("project_uid", ""), line["source"])
        for line in known.values()
        if (path := line.get("target_path")) and line.get("target_sha256")
    }
