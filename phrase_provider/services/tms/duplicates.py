"""Jobs and projects that are in Phrase twice: a request took effect after nobody expected it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.tms.job_parts import folder_of, target_lang_of
from phrase_provider.api.tms.job_status import ENDED
from phrase_provider.services.tms.contents import Contents
from phrase_provider.services.tms.job_search import Part, failed, one_per_job
from phrase_provider.services.tms.markers import batch_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.waiting.conditions import Logger


def warn_of_duplicates(client: TmsClient, project_uid: str, log: Logger) -> None:
    """
    Log the jobs of a project, and the projects of its batch, that are there twice, with the same content.

    They are left as they are: somebody may work on them. Jobs that are there twice are downloaded.

    :param client: of the connection.
    :param project_uid: uid.
    :param log: gets a warning for each.
    """
    if not (project := client.projects.find(project_uid)):
        return
    contents = Contents(client, project_uid)
    for first, later in duplicate_jobs(client.jobs.list_highest(project_uid)):
        # A job of other content has taken the place of the former one on purpose.
        if contents.of_upload(first) != contents.of_upload(later):
            continue
        log.warning(
            "Job %s (%s, %s) is a second upload of the file of job %s: its words are charged. Delete it in "
            "Phrase if nobody needs it.",
            later["uid"],
            later["filename"],
            target_lang_of(later),
            first["uid"],
        )
    line = batch_line(project.get("note"))
    for other in client.projects.list_with_marker(project["name"], line) if line else []:
        if other["uid"] != project_uid and batch_line(other["note"]) == line:
            log.warning(
                "Project %s is of the same batch as %s. Delete it in Phrase if nobody needs it.",
                other["uid"],
                project_uid,
            )


def duplicate_jobs(parts: Iterable[Part]) -> Iterator[tuple[Part, Part]]:
    """
    Yield each job with an earlier one of the same folder, file name and language.

    :param parts: of a project's highest workflow level; failed imports and cancelled jobs do not count.
    """
    first: dict[tuple[str, ...], Part] = {}
    for part in one_per_job(part for part in parts if not failed(part) and part["status"] not in ENDED):
        name = folder_of(part), part["filename"], target_lang_of(part)
        if first.setdefault(name, part) is not part:
            yield first[name], part
