"""What became of the targets of a run: a line for each, from its lists and the manifest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.manifest.lines import ManifestKey
from phrase_provider.manifest.states import is_delivered
from phrase_provider.text import composed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from phrase_provider.manifest.lines import ManifestLine
    from phrase_provider.services.tms.changes.source_changes import SourceChange
    from phrase_provider.services.tms.job_list import ListedJob

_NOT_DONE = "Nothing was done about it: see the tasks before this one."


class RunLines(NamedTuple):
    """
    What became of the targets of a run.

    :param own: the line of each target that the run has, by its key; of one that the manifest does not have,
        one that says why.
    :param taken_over: by a newer run, which reports them.
    """

    own: dict[ManifestKey, ManifestLine]
    taken_over: dict[ManifestKey, ManifestLine]


def run_lines(
    run: str,
    rows: Iterable[ListedJob],
    changes: Iterable[SourceChange],
    lines: Mapping[ManifestKey, ManifestLine],
) -> RunLines:
    """
    Return the lines of a run's targets.

    :param run: its name.
    :param rows: of its list of jobs.
    :param changes: of its list of changes: what the list of jobs lacks of them was not done.
    :param lines: of the manifest.
    """
    found = RunLines({}, {})
    for row in rows:
        key = ManifestKey(composed(row["relative_path"]), row["target_lang"])
        line = _of_row(run, key, row, lines.get(key))
        is_left = line["run"] != run and not is_delivered(line) and not line.get("deleted_at")
        (found.taken_over if is_left else found.own)[key] = line
    for change in changes:
        for key in _expected(change) - found.own.keys() - found.taken_over.keys():
            found.own[key] = {**_line(run, key, lines.get(key)), "run": run, "error": _NOT_DONE}
    return found


def _of_row(run: str, key: ManifestKey, row: ListedJob, known: ManifestLine | None) -> ManifestLine:
    line = _line(run, key, known)
    if not row.get("sha256") and not line.get("sha256") and line.get("job_uid") == row.get("job_uid"):
        # The list tells no checksum: what the job has is what it was delivered with.
        line["sha256"] = line["target_source_sha256"] = ""
    if row.get("outcome") == "failed" and line["run"] == run:
        line["error"] = row.get("error") or line.get("error") or _NOT_DONE
    return line


def _line(run: str, key: ManifestKey, known: ManifestLine | None) -> ManifestLine:
    first: ManifestLine = {"source": key.source, "target_lang": key.target_lang, "run": run, "at": ""}
    return {**first, **(known or first)}


def _expected(change: SourceChange) -> set[ManifestKey]:
    if change["kind"] == "deleted":
        return set()
    source = composed(change["relative_path"])
    return {ManifestKey(source, lang) for lang in (*change["target_langs"], *change["open_langs"])}
