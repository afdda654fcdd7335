"""Links from a task in Airflow to what it works on in Phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator, Context
    from airflow.sdk.types import TaskInstanceKey

    from phrase_provider.hooks.tms import PhraseTmsHook


class _PushedLink(BaseOperatorLink):
    """A link whose URL the task pushes as soon as it knows it, so that it shows while the task waits."""

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Return what the task pushed; Airflow asks on the worker, when the task has ended."""
        urls: dict[str, str] = getattr(operator, "phrase_urls", {})
        return urls.get(self.xcom_key, "")


class PhraseTmsProjectLink(_PushedLink):
    """Opens the project in Phrase TMS."""

    name = "Phrase project"
    xcom_key = "phrase_project_url"


class PhraseTmsJobLink(_PushedLink):
    """Opens the job in Phrase TMS."""

    name = "Phrase job"
    xcom_key = "phrase_job_url"


class PhraseProgressLink(_PushedLink):
    """Opens the file in which a task keeps how far it is; of a local file, the link shows the path."""

    name = "Progress"
    xcom_key = "phrase_progress_url"


class PhraseTmsLinksMixin:
    """Lets a task show links to what it works on."""

    hook: PhraseTmsHook

    def project_url(self, project_uid: str) -> str:
        """
        Return where people see a project.

        :param project_uid: uid.
        """
        # Phrase's pages for people live below the same base URL as its API, unless a proxy stands between.
        return f"{self.hook.settings.web_url or self.hook.settings.tms_url}/project2/show/{project_uid}"

    def job_url(self, job_uid: str) -> str:
        """
        Return where people see a job.

        :param job_uid: uid of a part.
        """
        return f"{self.hook.settings.web_url or self.hook.settings.tms_url}/job/{job_uid}/translate"

    def push_links(self, context: Context, *, project_uid: str, job_uid: str | None = None) -> None:
        """
        Push the URLs of project and job, so that the links to Phrase work from now on.

        :param context: of the running task.
        :param project_uid: project to open.
        :param job_uid: job part to open.
        """
        self.phrase_urls = {PhraseTmsProjectLink.xcom_key: self.project_url(project_uid)}
        if job_uid:
            self.phrase_urls[PhraseTmsJobLink.xcom_key] = self.job_url(job_uid)
        for key, url in self.phrase_urls.items():
            context["ti"].xcom_push(key=key, value=url)

    def push_progress_link(self, context: Context, location: str) -> None:
        """
        Push where the progress is, so that the link to it works from now on.

        :param context: of the running task.
        :param location: local path or URL of the file.
        """
        from phrase_provider.files.pages import page_of

        url = page_of(location)
        self.phrase_urls = {**getattr(self, "phrase_urls", {}), PhraseProgressLink.xcom_key: url}
        context["ti"].xcom_push(key=PhraseProgressLink.xcom_key, value=url)
