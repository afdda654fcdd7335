"""The operator that adds languages to files that a project has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.links import PhraseTmsProjectLink
from phrase_provider.operators.tms.base import PhraseTmsOperator

if TYPE_CHECKING:
    from collections.abc import Sequence

    from airflow.sdk import BaseOperatorLink, Context

    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.services.tms.job_list import ListedJob
    from phrase_provider.services.tms.job_uids import JobUids
    from phrase_provider.services.tms.languages.clone_sources import FileLanguages
    from phrase_provider.services.tms.languages.language_additions import AddedLanguages
    from phrase_provider.services.tms.rows import LanguagesRow


class PhraseTmsAddLanguagesOperator(PhraseTmsOperator):
    """
    Adds target languages to files that are in Phrase already: clones their jobs, without a new upload.

    The project gets the languages that it lacks. A file that has a job in a language keeps it: a retry, a
    cleared task and another run find the clones, by folder, file name and language. Of two runs that clone at
    the same moment both use the earlier jobs, and the later one removes its own. Phrase does not clone
    multilingual files: they are named, and hold no other back. The clones are imported later, and nobody has
    them: :class:`~phrase_provider.operators.tms.providers.PhraseTmsAssignProvidersOperator` waits for the
    one, and mends the other. Whether Phrase charges their words, its documents do not say; as of an upload,
    in doubt.

    Sends ``POST /api2/v1/projects/{projectUid}/targetLangs``, and ``POST …/jobs/clone`` for up to 100 files
    at a time; looks with ``GET /api2/v2/projects/{projectUid}/jobs``, one language after the other. Returns
    ``{project_uid, target_langs, cloned, present, failed, job_list}``: numbers of jobs that were cloned and
    that were there, of files that failed, and where the list of the jobs is.

    :param project_uid: uid (templated).
    :param target_langs: languages to add, in any usual form (templated).
    :param jobs: uids of jobs, rows that created them, or the path of a run's job list: the files that they
        were made from, in whatever language; default: all files of the project (templated).
    :param job_list: path or URL that all workers reach, for the list of the jobs in these languages, one line
        of JSON each; for tasks that take jobs by path (templated).
    :raises PhraseInputError: no language is given, or no job.
    :raises PhraseValidationError: Phrase refuses to clone a file, or does not know a language.
    :raises PhraseUploadsFailedError: several files failed, for different reasons; the others are cloned.
    """

    template_fields: Sequence[str] = (
        *PhraseTmsOperator.template_fields,
        "project_uid",
        "target_langs",
        "jobs",
        "job_list",
    )
    operator_extra_links: Sequence[BaseOperatorLink] = (PhraseTmsProjectLink(),)

    def __init__(
        self,
        *,
        project_uid: str,
        target_langs: str | Sequence[str],
        jobs: JobUids | None = None,
        job_list: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.project_uid = project_uid
        self.target_langs = target_langs
        self.jobs = jobs
        self.job_list = job_list

    def execute(self, context: Context) -> LanguagesRow:
        """Clone what is missing."""
        from phrase_provider.files.languages import unique_targets
        from phrase_provider.files.targets import check_target
        from phrase_provider.idempotency.ledger import Ledger
        from phrase_provider.services.tms.languages.language_additions import LanguageAdditions

        target_langs = unique_targets(self.target_langs)
        if self.job_list:
            check_target(self.job_list)
        project = self.client.projects.get(self.project_uid)
        self.push_links(context, project_uid=self.project_uid)
        files = self._files(project, target_langs)
        done = LanguageAdditions(self.client, project, Ledger.of(context), self.log).add(files)
        self._list(done, target_langs)
        row: LanguagesRow = {
            "project_uid": self.project_uid,
            "target_langs": target_langs,
            "cloned": len(done.cloned),
            "present": len(done.jobs) - len(done.cloned),
            "failed": len(done.failed),
            "job_list": self.job_list or None,
        }
        self.log.info(
            "%d jobs cloned, %d were there, %d files failed.", row["cloned"], row["present"], row["failed"]
        )
        if error := done.error():
            # A failed task has no return value; the jobs that are there go on.
            context["ti"].xcom_push(key="return_value", value=row)
            raise error
        return row

    def _files(self, project: ProjectDtoV1, target_langs: Sequence[str]) -> list[FileLanguages]:
        from phrase_provider.services.tms.job_uids import job_uids_of
        from phrase_provider.services.tms.languages.clone_files import all_files, files_of_jobs

        if self.jobs is None or self.jobs == "":
            return all_files(self.client, project, target_langs)
        uids = job_uids_of(self.jobs, self.project_uid)
        return files_of_jobs(self.client, project, uids, target_langs, self.log)

    def _list(self, done: AddedLanguages, target_langs: Sequence[str]) -> None:
        from phrase_provider.services.tms.job_list import JobList

        if self.job_list:
            JobList(self.job_list).write(_listed(self.project_uid, done, target_langs))


def _listed(project_uid: str, done: AddedLanguages, target_langs: Sequence[str]) -> list[ListedJob]:
    rows: list[ListedJob] = [
        {
            "project_uid": project_uid,
            "job_uid": part["uid"],
            "target_lang": lang,
            "relative_path": path,
            "outcome": "cloned" if (path, lang) in done.cloned else "adopted",
        }
        for (path, lang), part in done.jobs.items()
    ]
    for path, error in done.failed.items():
        rows += [
            {
                "project_uid": project_uid,
                "job_uid": None,
                "target_lang": lang,
                "relative_path": path,
                "outcome": "failed",
                "error": error.message,
            }
            for lang in target_langs
            if (path, lang) not in done.jobs
        ]
    return rows
