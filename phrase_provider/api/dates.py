"""Points in time: from and to the form of Phrase, and as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from phrase_provider.exceptions import PhraseInputError


def to_phrase_time(value: str | date) -> str:
    """
    Return a point in time as TMS takes it: ISO 8601, UTC, whole seconds.

    :param value: ISO 8601 text, a datetime (UTC unless it says otherwise) or a date (its last second).
    :raises PhraseInputError: the text is not a date.
    """
    moment = _parse(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(23, 59, 59))
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def from_phrase_time(text: str | None) -> datetime | None:
    """
    Return the point in time that Phrase wrote.

    :param text: such as ``2026-01-10T18:13:51+0000``.
    :return: with a time zone; None where there is none, or none that can be read.
    """
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def for_people(moment: datetime) -> str:
    """
    Return a point in time for the reader of a log, such as ``Fri 2026-12-04 17:00 UTC``.

    :param moment: with a time zone.
    """
    return moment.astimezone(UTC).strftime("%a %Y-%m-%d %H:%M UTC")


def _parse(text: str) -> date:
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else datetime.fromisoformat(text)
    except ValueError as error:
        raise PhraseInputError(
            f"{text!r} is not a date", hint="Write it as 2026-01-31 or 2026-01-31T18:00:00+01:00."
        ) from error
