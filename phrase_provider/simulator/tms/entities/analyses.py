"""Analyses: word counts of jobs by language and match."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from phrase_provider.simulator.tms.entities.statuses import ImportStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities.organization import ProviderReference, User
    from phrase_provider.simulator.tms.entities.projects import JobPart, Project
    from phrase_provider.simulator.tms.entities.word_counts import Tally


@dataclass(frozen=True)
class LanguagePart:
    """The counts of an analysis in one target language; ``jobs`` are all that were counted."""

    id: str
    language: str
    jobs: tuple[JobPart, ...]
    tally: Tally


@dataclass(eq=False)
class Analysis:
    """
    An analysis of job parts; ``languages`` are filled when it is finished.

    :param options: what to count, in fields of the schema ``CreateAnalyseAsyncV2DtoV2``.
    :param provider: of the jobs, where they are analysed by provider.
    """

    id: str
    uid: str
    inner_id: int
    name: str
    type: str
    project: Project
    created: float
    created_by: User
    options: dict[str, Any]
    provider: ProviderReference | None = None
    status: ImportStatus = ImportStatus.RUNNING
    error: str | None = None
    languages: list[LanguagePart] = field(default_factory=list)

    @property
    def outdated(self) -> bool:
        """Whether the source of a job was updated since."""
        updates = (part.job.source_updated for language in self.languages for part in language.jobs)
        return any(update is not None and update > self.created for update in updates)
