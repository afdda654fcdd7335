"""The jobs that a task is given, in any of the forms that other tasks give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from phrase_provider.exceptions import PhraseInputError

#: A uid, a row of ``PhraseTmsCreateJobsOperator``, or several of either.
JobUids: TypeAlias = "str | Mapping[str, object] | Iterable[str | Mapping[str, object]]"


def job_uids_of(given: JobUids) -> list[str]:
    """
    List the uids.

    :param given: uids, rows with a ``job_uid``, or what several mapped tasks returned.
    :raises PhraseInputError: there is none.
    """
    uids = list(dict.fromkeys(_uids(given)))
    if not uids:
        raise PhraseInputError(
            "No job is given", hint="Give job uids, or the output of the task that created the jobs."
        )
    return uids


def _uids(given: JobUids | Iterable[JobUids]) -> Iterable[str]:
    if isinstance(given, Mapping):
        return [str(given["job_uid"])]
    if isinstance(given, str):
        return [given] if given.strip() else []
    return [uid for item in given for uid in _uids(item)]
