"""The operator that lists complete jobs of projects that people made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from phrase_provider.links import PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.files.languages import LanguageFormat
    from phrase_provider.manifest.lines import ManifestKey, ManifestLine
    from phrase_provider.manifest.manifest import Manifest
    from phrase_provider.services.tms.job_list import JobList, ListedJob
    from phrase_provider.services.tms.project_search import ProjectCriteria
    from phrase_provider.services.tms.rows import CollectionRow

#: Digits of a number that is too large for an argument.
_DIGITS = 10


class PhraseTmsCollectJobsOperator(PhraseTmsOperator):
    """
    Finds projects that people made in Phrase, and lists their jobs that are complete, for the batch lane.

    No marker is needed, and nothing is changed in Phrase. A job counts once all its parts of the highest
    workflow level are ``COMPLETED``; what is ``DELIVERED`` has been taken home. Projects that this package
    made for a batch are left out, as their own DAG delivers them. Target files are named from the project,
    the folder, the name and the language in Phrase; a name that would lead out of the target folder, and two
    jobs that would write one file, are listed as failed, and named in the log.

    Sends ``GET /api2/v1/projects``, then for each project ``GET /api2/v1/projects/{projectUid}`` and ``GET
    /api2/v2/projects/{projectUid}/jobs``, and for each file with complete jobs ``GET …/original``: the
    manifest tells from which content a translation was made. Returns ``{projects, ready, failed, jobs,
    manifest, todo}``: how many projects have complete jobs, how many jobs are ready and how many cannot be
    taken, where they are listed, and whether any are.

    :param target_folder: folder or URL that the workers can write (templated).
    :param manifest: path or URL of the manifest, which keeps a job from replacing the file of another; each
        job gets a line; default: ``phrase-manifest.jsonl`` in the target folder (templated).
    :param jobs: path or URL that all workers reach, for the list of jobs; default: in the folder of the run
        beside the manifest (templated).
    :param name: part of the projects' name (templated).
    :param client_name: name of the client, or its numeric id (templated).
    :param domain_name: name of the domain, or its numeric id (templated).
    :param statuses: of the projects, such as ``COMPLETED``; default: any (templated).
    :param created_within_hours: only projects that were created within so many hours (templated).
    :param template: name, uid or numeric id of the template that they were made from (templated).
    :param include_batches: also projects that this package made for a batch.
    :param target_naming: path below the target folder, with ``{project}``, ``{project_uid}``, ``{lang}``,
        ``{relative_path}``, ``{folder}``, ``{name}``, ``{stem}`` and ``{suffix}`` (templated).
    :param language_format: how ``{lang}`` is written: ``bcp47``, ``posix``, ``android``, ``apple``, ``java``,
        or a text for each language (templated).
    :param overwrite: replace files that, by the manifest, came from another job (templated).
    :param max_projects: projects that may be found (templated).
    :raises PhraseInputError: no project is meant, too many are found, or a pattern or place cannot be used.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "target_folder",
        "manifest",
        "jobs",
        "name",
        "client_name",
        "domain_name",
        "statuses",
        "created_within_hours",
        "template",
        "target_naming",
        "language_format",
        "overwrite",
        "max_projects",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        target_folder: str,
        manifest: str | None = None,
        jobs: str | None = None,
        name: str | None = None,
        client_name: str | int | None = None,
        domain_name: str | int | None = None,
        statuses: str | Sequence[str] | None = None,
        created_within_hours: int | str | None = None,
        template: str | int | None = None,
        include_batches: bool = False,
        target_naming: str = "{project}/{lang}/{relative_path}",
        language_format: LanguageFormat = "bcp47",
        overwrite: bool | str = False,
        max_projects: int | str = 200,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.target_folder = target_folder
        self.manifest = manifest
        self.jobs = jobs
        self.name = name
        self.client_name = client_name
        self.domain_name = domain_name
        self.statuses = statuses
        self.created_within_hours = created_within_hours
        self.template = template
        self.include_batches = include_batches
        self.target_naming = target_naming
        self.language_format = language_format
        self.overwrite = overwrite
        self.max_projects = max_projects

    def execute(self, context: Context) -> CollectionRow:
        """List what is complete."""
        from phrase_provider.files.storage import join
        from phrase_provider.files.targets import check_target
        from phrase_provider.manifest.manifest import MANIFEST_NAME, Manifest
        from phrase_provider.manifest.runs import run_folder, run_name
        from phrase_provider.services.tms.collection import claim_lines
        from phrase_provider.services.tms.job_list import JobList

        run = run_name(context["ti"].dag_id, context["ti"].run_id)
        manifest = Manifest(self.manifest or join(self.target_folder, MANIFEST_NAME))
        jobs = JobList(self.jobs or join(run_folder(manifest.location, run), "jobs.jsonl"))
        check_target(jobs.location)
        known = manifest.read()
        rows = self._collect(context, known)
        jobs.write(rows)
        manifest.add(run, claim_lines(rows, run, known))
        return self._result(rows, jobs, manifest)

    def _collect(self, context: Context, known: dict[ManifestKey, ManifestLine]) -> list[ListedJob]:
        from phrase_provider.flags import is_true
        from phrase_provider.services.tms.collection import Collection
        from phrase_provider.services.tms.completed_jobs import completed_jobs
        from phrase_provider.services.tms.contents import Contents
        from phrase_provider.services.tms.project_search import ProjectSearch

        overwrite = is_true(self.overwrite, "overwrite")
        collection = Collection(
            self.target_folder, self.target_naming, self.language_format, known, overwrite=overwrite
        )
        search = ProjectSearch(self.client, self.log, max_projects=_number(self.max_projects, "max_projects"))
        for project in search.find(self._criteria()):
            checksum = Contents(self.client, project["uid"]).of_upload
            collection.add(project, completed_jobs(self.client, project), checksum)
        rows = collection.rows()
        if len(projects := {row["project_uid"] for row in rows}) == 1:
            self.push_links(context, project_uid=projects.pop())
        return rows

    def _criteria(self) -> ProjectCriteria:
        from phrase_provider.api.tms.project_filter import parse_project_statuses
        from phrase_provider.services.tms.project_search import ProjectCriteria

        hours = self.created_within_hours
        criteria = ProjectCriteria(
            name=_text(self.name),
            client=_text(self.client_name),
            domain=_text(self.domain_name),
            statuses=parse_project_statuses(self.statuses or ()),
            created_within_hours=_number(hours, "created_within_hours") if hours else None,
            batches=self.include_batches,
        )
        if not (template := _text(self.template)):
            return criteria
        return replace(criteria, template_uid=self.client.templates.resolve(template)["uid"])

    def _result(self, rows: Sequence[ListedJob], jobs: JobList, manifest: Manifest) -> CollectionRow:
        failed = [row for row in rows if row["outcome"] == "failed"]
        for row in failed:
            self.log.warning("%s", row["error"])
        ready = len(rows) - len(failed)
        self.log.info("%d jobs are complete, %d of them cannot be taken.", len(rows), len(failed))
        return {
            "projects": len({row["project_uid"] for row in rows}),
            "ready": ready,
            "failed": len(failed),
            "jobs": jobs.location,
            "manifest": manifest.location,
            "todo": bool(rows),
        }


def _text(value: str | int | None) -> str | None:
    return str(value or "").strip() or None


def _number(value: int | str, name: str) -> int:
    from phrase_provider.exceptions import PhraseInputError

    text = str(value).strip()
    if not (text.isascii() and text.isdecimal() and len(text) < _DIGITS) or int(text) < 1:
        raise PhraseInputError(f"{name} is {text[:20]!r}", hint="Give a whole number from 1.")
    return int(text)
