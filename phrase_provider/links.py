"""Links from a task in Airflow to what it works on in Phrase."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperatorLink

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator, Context
    from airflow.sdk.types import TaskInstanceKey


class _PushedLink(BaseOperatorLink):
    """A link whose URL the task pushes as soon as it knows it, so that it shows while the task waits."""

    def get_link(self, operator: BaseOperator, *, ti_key: TaskInstanceKey) -> str:
        """Read back what the task pushed; Airflow calls this when the task has ended."""
        from airflow.sdk.bases.xcom import BaseXCom

        key: Any = ti_key
        return BaseXCom.get_value(key=self.xcom_key, ti_key=key) or ""


class PhraseTmsProjectLink(_PushedLink):
    """Opens the project in Phrase TMS."""

    name = "Phrase project"
    xcom_key = "phrase_project_url"


class PhraseTmsJobLink(_PushedLink):
    """Opens the job in Phrase TMS."""

    name = "Phrase job"
    xcom_key = "phrase_job_url"


def push_links(
    context: Context, tms_url: str, *, project_uid: str | None = None, job_uid: str | None = None
) -> None:
    """
    Make the links of the running task work.

    :param context: of the task.
    :param tms_url: base URL of TMS; its pages for people live below it too.
    :param project_uid: project to open.
    :param job_uid: job part to open.
    """
    ti: Any = context["ti"]
    if project_uid:
        ti.xcom_push(key=PhraseTmsProjectLink.xcom_key, value=f"{tms_url}/project2/show/{project_uid}")
    if job_uid:
        ti.xcom_push(key=PhraseTmsJobLink.xcom_key, value=f"{tms_url}/job/{job_uid}/translate")
