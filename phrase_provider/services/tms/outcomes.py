"""What became of the jobs of a run, as Phrase shows them now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.fields import text
from phrase_provider.api.tms.job_parts import is_split, target_lang_of
from phrase_provider.api.tms.job_status import least_far
from phrase_provider.exceptions import PhraseNotFoundError
from phrase_provider.services.tms.job_search import failed, one_per_job, path_of
from phrase_provider.services.tms.updates.superseded_jobs import not_superseded
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.services.tms.job_search import Part

#: Status of a job that was deleted in Phrase, alone or with its project.
GONE = "GONE"
#: Status of a job whose file Phrase could not import: its own status then stays ``NEW``.
IMPORT_FAILED = "IMPORT FAILED"


class Outcomes:
    """
    Tells where the jobs of a project's highest workflow level are, from one listing.

    Source: ``GET /api2/v2/projects/{projectUid}/jobs``.

    :param client: of the connection.
    :param project_uid: uid.
    """

    def __init__(self, client: TmsClient, project_uid: str) -> None:
        self._client = client
        self._project_uid = project_uid
        self._listed = self._list()

    def of_job(self, job_uid: str) -> str:
        """
        Return a job's status, of a split job that of the part that is least far.

        :param job_uid: uid of a part; one of a split job stands for all its parts.
        :return: Phrase's word, :data:`IMPORT_FAILED` or :data:`GONE`.
        """
        parts = self._parts(job_uid)
        if not parts:
            return GONE
        if any(failed(part) for part in parts):
            return IMPORT_FAILED
        return least_far(text(part, "status", f"job {job_uid}") for part in parts)

    def earlier(self, relative_path: str, target_lang: str) -> str | None:
        """
        Return the job that a file has in the project though this run has none for it.

        :param relative_path: of the file.
        :param target_lang: Phrase code.
        :return: uid of the earliest job whose import did not fail and that no newer one has superseded; None:
            there is none.
        """
        own = [
            part
            for part in self._listed.values()
            if target_lang_of(part) == target_lang
            and path_of(part) == composed(relative_path)
            and not failed(part)
        ]
        return next((str(part["uid"]) for part in not_superseded(one_per_job(own))), None)

    def _list(self) -> dict[str, Part]:
        try:
            listed = self._client.jobs.list_highest(self._project_uid)
            return {text(part, "uid", "a job of the project"): part for part in listed}
        except PhraseNotFoundError:
            return {}

    def _parts(self, job_uid: str) -> Sequence[Part]:
        listed = self._listed.get(job_uid)
        if listed is not None and not is_split(listed):
            return [listed]
        try:
            return self._client.jobs.get_many(self._project_uid, [job_uid], with_split_parts=True)
        except PhraseNotFoundError:
            return []
