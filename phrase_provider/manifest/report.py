"""What a manifest answers: which translations are up to date, outdated, missing or failed."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypedDict

from phrase_provider.files.names import shown
from phrase_provider.files.targets import write_target
from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.manifest.states import State, state_of
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from phrase_provider.manifest.lines import ManifestLine

#: In the order in which somebody must see to them.
_ORDER = (State.FAILED, State.OUTDATED, State.MISSING, State.DELETED, State.UP_TO_DATE)
_SHOWN = 20


class TranslationRow(TypedDict):
    """
    Where a translation is.

    ``since`` is when it came there (ISO 8601, UTC): when Phrase got the content that is not delivered, when
    the last try failed, when it was delivered, or when its source was gone. ``queue`` is the workflow step
    and who had it when it was last seen, ``status`` the job's word then; ``words`` those of the source.
    """

    source: str
    target_lang: str
    state: str
    since: str | None
    queue: str | None
    status: str | None
    words: int | None
    project_uid: str | None
    job_uid: str | None
    target_path: str | None
    error: str | None


class Report(TypedDict):
    """A manifest at one moment: translations and their words by state, and each of them."""

    manifest: str
    at: str
    translations: dict[str, int]
    words: dict[str, int]
    languages: dict[str, dict[str, int]]
    rows: list[TranslationRow]


def make_report(
    manifest: str,
    lines: Mapping[ManifestKey, ManifestLine],
    target_langs: Sequence[str] = (),
    queues: Mapping[ManifestKey, str] | None = None,
) -> Report:
    """
    Return the report on a manifest.

    :param manifest: its location.
    :param lines: that it has now.
    :param target_langs: Phrase codes of the languages that each source is wanted in: what is not known of in
        one of these is missing.
    :param queues: who has what, where somebody knows it better than the manifest.
    """
    known = [_row(line, (queues or {}).get(key)) for key, line in lines.items()]
    rows = sorted(
        [*known, *_unknown(lines, target_langs)],
        key=lambda row: (_ORDER.index(State(row["state"])), row["source"], row["target_lang"]),
    )
    languages: dict[str, Counter[str]] = {}
    words: Counter[str] = Counter()
    for row in rows:
        languages.setdefault(row["target_lang"], Counter())[row["state"]] += 1
        words[row["state"]] += row["words"] or 0
    return {
        "manifest": manifest,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "translations": _in_order(Counter(row["state"] for row in rows)),
        "words": _in_order(words),
        "languages": {lang: _in_order(languages[lang]) for lang in sorted(languages)},
        "rows": rows,
    }


def write_report(report: Report, location: str) -> None:
    """
    Write a report as a JSON file.

    :param report: is written whole, or what was there stays.
    :param location: local path or URL.
    """
    write_target(location, [json.dumps(report, ensure_ascii=False, indent=1).encode()])


def table(report: Report) -> str:
    """Return a report as text for people: a line for each language, then the first that need somebody."""
    states = list(report["translations"])
    heads = ["language", *states]
    body = [
        [printable(lang), *(f"{counts[state]:,}" for state in states)]
        for lang, counts in report["languages"].items()
    ]
    body.append(["all", *(f"{count:,}" for count in report["translations"].values())])
    body.append(["words", *(f"{count:,}" for count in report["words"].values())])
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    lines = [
        "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
        for row in (heads, *body)
    ]
    return "\n".join([*lines, *_open_rows(report["rows"])])


def _told(row: TranslationRow) -> str:
    facts = (
        f"since {printable(row['since'])}" if row["since"] else None,
        printable(row["queue"] or row["status"] or ""),
        f"{row['words']:,} words" if row["words"] else None,
        printable(row["error"]) if row["error"] else None,
    )
    known = ", ".join(fact for fact in facts if fact)
    name = f"{shown(row['source'])} ({printable(row['target_lang'])})"
    return f"{row['state']:<10}  {name}{': ' if known else ''}{known}"


def _open_rows(rows: Sequence[TranslationRow]) -> Iterator[str]:
    concerned = [row for row in rows if row["state"] in (State.FAILED, State.OUTDATED, State.MISSING)]
    yield from map(_told, concerned[:_SHOWN])
    if len(concerned) > _SHOWN:
        yield f"and {len(concerned) - _SHOWN:,} more"


def _row(line: ManifestLine, queue: str | None) -> TranslationRow:
    state = state_of(line)
    return {
        "source": line["source"],
        "target_lang": line["target_lang"],
        "state": state.value,
        "since": _since(line, state),
        "queue": (queue or line.get("queue")) if state in (State.OUTDATED, State.MISSING) else None,
        "status": line.get("status"),
        "words": line.get("words"),
        "project_uid": line.get("project_uid"),
        "job_uid": line.get("job_uid"),
        "target_path": line.get("target_path"),
        "error": line.get("error"),
    }


def _since(line: ManifestLine, state: State) -> str | None:
    if state is State.DELETED:
        return line.get("deleted_at")
    if state is State.UP_TO_DATE:
        return line.get("delivered_at")
    return line["at"] if state is State.FAILED else line.get("updated_at") or line["at"]


def _unknown(
    lines: Mapping[ManifestKey, ManifestLine], target_langs: Sequence[str]
) -> Iterator[TranslationRow]:
    there = {key.source: line for key, line in lines.items() if not line.get("deleted_at")}
    for source, line in there.items():
        for lang in target_langs:
            if ManifestKey(source, lang) not in lines:
                yield {
                    "source": source,
                    "target_lang": lang,
                    "state": State.MISSING.value,
                    "since": None,
                    "queue": None,
                    "status": None,
                    "words": line.get("words"),
                    "project_uid": None,
                    "job_uid": None,
                    "target_path": None,
                    "error": None,
                }


def _in_order(counts: Mapping[str, int]) -> dict[str, int]:
    return {state.value: counts.get(state, 0) for state in reversed(_ORDER)}
