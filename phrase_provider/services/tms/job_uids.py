"""The jobs that a task is given, in any of the forms that other tasks give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, TypeAlias, cast

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.names import shown
from phrase_provider.services.tms.job_list import JobList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.services.tms.job_list import ListedJob

#: A uid, a row of ``PhraseTmsCreateJobsOperator``, the location of a job list, or several of these.
JobUids: TypeAlias = "str | Mapping[str, object] | Iterable[str | Mapping[str, object]]"

#: Uids that a trigger is given at most: Airflow stores them with each wait, and reads them at each restart.
MAX_DEFERRED = 1000

_HINT = "Give job uids, the output of the task that created the jobs, or the path of a job list."


def job_uids_of(given: JobUids, project_uid: str | None = None) -> list[str]:
    """
    List the uids.

    :param given: uids, rows with a ``job_uid``, locations of job lists, or what several mapped tasks
        returned. A text with ``/`` is a location, which no uid has.
    :param project_uid: of a job list, only jobs of this project count; None: all.
    :raises PhraseInputError: there is none, or no such job list.
    """
    uids = list(dict.fromkeys(_uids(given, project_uid)))
    if not uids:
        raise PhraseInputError("No job is given", hint=_HINT)
    return uids


def job_rows_of(given: JobUids) -> list[ListedJob]:
    """
    List the rows.

    :param given: rows as ``PhraseTmsCreateJobsOperator`` returns them, or the location of a job list; or
        several of these.
    :raises PhraseInputError: there is none, no such job list, or a uid alone.
    """
    rows = [row for item in _flat(given) for row in _rows(item)]
    if not rows:
        raise PhraseInputError("No job is given", hint=_HINT)
    return rows


def jobs_of(given: JobUids) -> Iterator[Mapping[str, object]]:
    """
    Yield the jobs as rows; of a uid alone, the row has nothing but a ``job_uid``.

    :param given: uids, rows, locations of job lists, or what several mapped tasks returned; may be empty.
    :raises PhraseInputError: there is no such job list.
    """
    for item in _flat(given):
        if isinstance(item, Mapping):
            yield item
        elif is_location(item):
            yield from _listed(item)
        else:
            yield {"job_uid": item.strip()}


def is_location(given: object) -> bool:
    """Return whether what a task is given is the location of a job list, rather than a uid or rows."""
    return isinstance(given, str) and "/" in given


def require_deferrable(uids: list[str]) -> list[str]:
    """
    Return uids that a trigger may be given.

    :raises PhraseInputError: there are more than :data:`MAX_DEFERRED`.
    """
    if len(uids) > MAX_DEFERRED:
        raise PhraseInputError(
            f"A deferred wait takes {MAX_DEFERRED:,} job uids at most, not {len(uids):,}",
            hint="Use PhraseTmsTranslateOperator, which waits by counts, or mode='reschedule' with "
            "deferrable=False; or leave job_uids out and wait for all jobs of the project.",
        )
    return uids


def _uids(given: JobUids, project_uid: str | None) -> Iterator[str]:
    for item in _flat(given):
        if isinstance(item, Mapping):
            yield str(item["job_uid"])
        elif not is_location(item):
            yield item
        else:
            for row in _listed(item):
                if row.get("job_uid") and project_uid in (None, row.get("project_uid")):
                    yield str(row["job_uid"])


def _rows(item: str | Mapping[str, object]) -> list[ListedJob]:
    if isinstance(item, Mapping):
        return [cast("ListedJob", item)]
    if is_location(item):
        return _listed(item)
    raise PhraseInputError(
        f"The job {shown(item)} is given as a uid alone",
        hint="Give the rows of the task that created the jobs, or the path of a job list.",
    )


def _listed(location: str) -> list[ListedJob]:
    try:
        return JobList(location).read()
    except FileNotFoundError as error:
        raise PhraseInputError(
            f"There is no job list at {shown(location)}",
            hint="See the task that writes it; all workers must reach the path.",
        ) from error


def _flat(given: JobUids | Iterable[JobUids]) -> Iterator[str | Mapping[str, object]]:
    if isinstance(given, (str, Mapping)):
        if not isinstance(given, str) or given.strip():
            yield given
        return
    for item in given:
        yield from _flat(item)
