"""What is done about a file that is in Phrase already, and has changed."""

from __future__ import annotations

from enum import StrEnum

from phrase_provider.exceptions import PhraseInputError


class OnChange(StrEnum):
    """What is done about a file that has changed since its jobs were created."""

    #: Its jobs get the new source.
    UPDATE = "update"
    #: It gets new jobs, and those that are not finished are cancelled.
    NEW_JOB = "new_job"
    #: The task fails.
    FAIL = "fail"


def require_on_change(value: object, default: OnChange) -> OnChange:
    """
    Return what is to be done about changed files.

    :param value: as the caller gave it, in any case; None or blank: the default.
    :param default: where nothing is asked for.
    :raises PhraseInputError: there is no such word.
    """
    try:
        return OnChange(str(value or default).strip().lower())
    except ValueError as error:
        raise PhraseInputError(
            f"on_change is {value!r}", hint=f"Use one of {', '.join(OnChange)}."
        ) from error
