"""What a run did with each source and language: rows for its list, lines for the manifest."""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from phrase_provider.manifest.lines import ManifestKey, renewed, written_at
from phrase_provider.services.tms.file_failures import combined_error
from phrase_provider.text import composed, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from phrase_provider.exceptions import PhraseError
    from phrase_provider.manifest.lines import ManifestFacts, ManifestLine
    from phrase_provider.manifest.manifest import Manifest
    from phrase_provider.services.tms.changes.source_changes import SourceChange
    from phrase_provider.services.tms.job_list import ListedJob
    from phrase_provider.services.tms.rows import SyncRow

CREATED, UPDATED, CLONED = "created", "updated", "cloned"
ADOPTED, DELETED, FAILED = "adopted", "deleted", "failed"

#: Lines of a part of the manifest: of a killed task those after the last part are found in Phrase.
_PART = 100
#: Characters of an error in a list.
_MAX_ERROR = 1000
_NOT_TRIED = "Not tried: errors before it concern all files."


class Result(NamedTuple):
    """
    What became of a source in one language.

    :param target_lang: Phrase code.
    :param outcome: as :class:`~phrase_provider.services.tms.job_list.ListedJob` has it.
    :param project_uid: of the job.
    :param job_uid: of the part of the highest workflow level; None: there is none.
    :param facts: what the manifest is to say beside that; None: nothing else than before.
    :param error: why it failed.
    """

    target_lang: str
    outcome: str
    project_uid: str | None = None
    job_uid: str | None = None
    facts: ManifestFacts | None = None
    error: str | None = None


class SyncResults:
    """
    Keeps what became of the sources of a run, and writes it to the manifest as it comes; threads may.

    :param manifest: gets a part for about every 100 lines.
    :param run: names the run.
    :param known: the lines of the manifest.
    """

    def __init__(self, manifest: Manifest, run: str, known: Mapping[ManifestKey, ManifestLine]) -> None:
        self._manifest = manifest
        self._run = run
        self._known = known
        self._lines: list[ManifestLine] = []
        self._errors: dict[str, PhraseError] = {}
        self._left: list[str] = []
        self._sources: set[str] = set()
        self._adding = threading.RLock()
        #: For the run's list of jobs.
        self.rows: list[ListedJob] = []

    def add(self, change: SourceChange, results: Iterable[Result]) -> None:
        """
        Keep what became of a source.

        :param change: what was to be done.
        :param results: one for each language.
        """
        with self._adding:
            self._sources.add(change["relative_path"])
            for result in results:
                self.rows.append(_row(change, result))
                if line := self._line(change, result):
                    self._lines.append(line)
            if len(self._lines) >= _PART:
                self.flush()

    def fail(
        self,
        change: SourceChange,
        target_langs: Sequence[str],
        error: PhraseError,
        facts: ManifestFacts | None = None,
    ) -> None:
        """
        Keep why a source failed.

        :param change: what was to be done.
        :param target_langs: Phrase codes; those for which it was not done.
        :param error: its reason.
        :param facts: what the manifest is to say beside that.
        """
        self._errors[printable(change["relative_path"])] = error
        self._add_failed(change, target_langs, error.brief()[:_MAX_ERROR], facts)

    def leave(self, change: SourceChange, target_langs: Sequence[str]) -> None:
        """
        Keep that a source was not tried, because of what failed before.

        :param change: what was to be done.
        :param target_langs: Phrase codes.
        """
        self._left.append(printable(change["relative_path"]))
        self._add_failed(change, target_langs, _NOT_TRIED)

    def fail_rest(self, changes: Iterable[SourceChange], error: PhraseError) -> None:
        """
        Keep why sources failed, in the languages that have no result yet.

        :param changes: what was to be done.
        :param error: the reason of all of them.
        """
        for change, target_langs in self._without_result(changes):
            self.fail(change, target_langs, error)

    def leave_rest(self, changes: Iterable[SourceChange]) -> None:
        """
        Keep that sources were not tried, in the languages that have no result yet.

        :param changes: what was to be done.
        """
        for change, target_langs in self._without_result(changes):
            self.leave(change, target_langs)

    def flush(self) -> None:
        """Write to the manifest what is not there yet."""
        with self._adding:
            self._manifest.add(self._run, self._lines)
            self._lines = []

    def summary(self, location: str) -> SyncRow:
        """
        Return where the list of jobs is, and how many rows it has of each outcome.

        :param location: of the list.
        """
        counts = Counter(row["outcome"] for row in self.rows)
        return {
            "jobs": location,
            "created": counts[CREATED],
            "updated": counts[UPDATED],
            "cloned": counts[CLONED],
            "adopted": counts[ADOPTED],
            "deleted": counts[DELETED],
            "failed": counts[FAILED],
        }

    def keys_of(self, outcome: str) -> set[tuple[str, str]]:
        """Return relative path and language of each row with an outcome."""
        return {(row["relative_path"], row["target_lang"]) for row in self.rows if row["outcome"] == outcome}

    def any_succeeded(self) -> bool:
        """Return whether anything went well."""
        return any(row["outcome"] != FAILED for row in self.rows)

    def error(self) -> PhraseError | None:
        """Return an error that names what failed; None when nothing did."""
        return combined_error(self._errors, len(self._sources), self._left)

    def _without_result(self, changes: Iterable[SourceChange]) -> Iterator[tuple[SourceChange, list[str]]]:
        done = {(row["relative_path"], row["target_lang"]) for row in self.rows}
        for change in changes:
            path = change["relative_path"]
            if left := [lang for lang in change["target_langs"] if (path, lang) not in done]:
                yield change, left

    def _add_failed(
        self,
        change: SourceChange,
        target_langs: Sequence[str],
        reason: str,
        facts: ManifestFacts | None = None,
    ) -> None:
        self.add(change, [Result(lang, FAILED, facts=facts, error=reason) for lang in target_langs])

    def _line(self, change: SourceChange, result: Result) -> ManifestLine | None:
        """Return the line to write; None where this run has written it before."""
        source = composed(change["relative_path"])
        known = self._known.get(ManifestKey(source, result.target_lang))
        facts = _facts(change, result)
        if known is None:
            return {
                "source": source,
                "target_lang": result.target_lang,
                "run": self._run,
                "at": written_at(),
                **facts,
            }
        return None if self._is_written(known, facts) else renewed(known, self._run, _news(known, facts))

    def _is_written(self, known: ManifestLine, facts: ManifestFacts) -> bool:
        # A task that is cleared takes no line from what the tasks after it have written since.
        same = ("job_uid", "sha256", "error", "deleted_at")
        return known["run"] == self._run and all(
            known.get(name) == facts.get(name) for name in same if name in facts
        )


def content_facts(change: SourceChange, sha256: str, size: int) -> ManifestFacts:
    """
    Return what the manifest says of a job that has got content.

    :param change: of the source.
    :param sha256: of the content, in hex.
    :param size: of the same, in bytes.
    """
    return {
        "sha256": sha256,
        "size": size,
        "words": change["words"],
        "status": "NEW",
        "updated_at": written_at(),
        "deleted_at": None,
    }


def _news(known: ManifestLine, facts: ManifestFacts) -> ManifestFacts:
    """Return what a line does not know better: a job that had this content may have come far since."""
    if (known.get("job_uid"), known.get("sha256")) != (facts.get("job_uid"), facts.get("sha256")):
        return facts
    news = facts.copy()
    if known.get("status"):
        news.pop("status", None)
    if known.get("updated_at"):
        news.pop("updated_at", None)
    return news


def _facts(change: SourceChange, result: Result) -> ManifestFacts:
    facts: ManifestFacts = {"path": change["path"], "base": change["base"], "error": result.error}
    if result.job_uid and result.project_uid:
        facts |= {"project_uid": result.project_uid, "job_uid": result.job_uid}
    return facts | (result.facts or {})


def _row(change: SourceChange, result: Result) -> ListedJob:
    sha256 = (result.facts or {}).get("sha256", change["sha256"])
    return {
        "project_uid": result.project_uid or "",
        "job_uid": result.job_uid,
        "target_lang": result.target_lang,
        "source": change["path"],
        "relative_path": change["relative_path"],
        "target_path": change["targets"].get(result.target_lang),
        "sha256": sha256,
        "words": change["words"],
        "outcome": result.outcome,
        "error": result.error,
    }
