"""Quiet periods: a source is not updated while somebody is translating it, unless that takes too long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.services.tms.records import Records


class Look(TypedDict):
    """
    What the last looks at a file's jobs showed.

    ``confirmed`` has the confirmed words by uid, ``unchanged_since`` says since when they are that many, and
    ``held_since`` since when the update waits; both are ISO 8601.
    """

    confirmed: dict[str, int]
    unchanged_since: str
    held_since: str


@dataclass(frozen=True, slots=True)
class QuietPeriod:
    """
    How long nobody must have translated a file before its source is updated.

    :param minutes: for which the confirmed words must not have moved.
    :param at_most: minutes that an update waits for that, after which it is made all the same; None: as long
        as it takes.
    """

    minutes: float
    at_most: float | None = None


def held_until(
    client: TmsClient,
    project_uid: str,
    job_uids: Sequence[str],
    period: QuietPeriod,
    looks: Records,
    key: str,
) -> datetime | None:
    """
    Look at the jobs of a file, and return when it is worth looking again; None: they are quiet.

    Source: ``POST …/jobs/segmentsCount``.

    :param client: of the connection.
    :param project_uid: uid.
    :param job_uids: uids of the parts that are worked on.
    :param period: how long they must be quiet.
    :param looks: has the last look, and gets this one.
    :param key: of the file.
    """
    now, last = datetime.now(UTC), cast("Look | None", looks.read(key))
    confirmed = {
        uid: counts.confirmed_words or 0
        for uid, counts in client.segment_counts.get(project_uid, job_uids).items()
    }
    look = _joined(last, confirmed, now)
    ends = _end(look, period)
    if now >= ends:
        looks.remove(key)
        return None
    looks.write(key, look)
    return ends


def _joined(last: Look | None, confirmed: Mapping[str, int], now: datetime) -> Look:
    stamp = now.isoformat()
    if last is None:
        return {"confirmed": dict(confirmed), "unchanged_since": stamp, "held_since": stamp}
    moved = last["confirmed"] != confirmed
    return {
        "confirmed": dict(confirmed),
        "unchanged_since": stamp if moved else last["unchanged_since"],
        "held_since": last["held_since"],
    }


def _end(look: Look, period: QuietPeriod) -> datetime:
    """Return when the file is quiet if nothing moves any more, or has waited long enough."""
    quiet = datetime.fromisoformat(look["unchanged_since"]) + timedelta(minutes=period.minutes)
    if period.at_most is None:
        return quiet
    return min(quiet, datetime.fromisoformat(look["held_since"]) + timedelta(minutes=period.at_most))
