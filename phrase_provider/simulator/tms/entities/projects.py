"""Projects and their steps, source files, jobs and job parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.entities.organization import WITHOUT_WORKFLOW
from phrase_provider.simulator.tms.entities.statuses import ImportStatus, JobStatus, ProjectStatus

if TYPE_CHECKING:
    from phrase_provider.simulator.core.persistence.content import Content
    from phrase_provider.simulator.tms.entities.organization import (
        ProviderReference,
        Reference,
        Template,
        User,
        WorkflowStep,
    )
    from phrase_provider.simulator.tms.entities.statuses import AsyncAction


@dataclass(frozen=True)
class ProjectStep:
    """A workflow step of one project; ``level`` counts from 1, ``id`` is unique in all projects."""

    id: int
    level: int
    step: WorkflowStep


@dataclass(eq=False)
class Project:
    id: str
    uid: str
    internal_id: int
    name: str
    template: Template | None
    source_lang: str
    target_langs: list[str]
    steps: list[ProjectStep]
    owner: User
    created_by: User
    created: float
    references: dict[str, Reference]
    status: ProjectStatus = ProjectStatus.NEW
    due: float | None = None
    note: str | None = None
    purchase_order: str | None = None
    file_handover: bool = False
    workflow_settings: dict[str, bool] = field(default_factory=dict)
    archived_at: float | None = None
    deleted: bool = False
    files: int = 0
    analyses: int = 0
    parts: dict[str, JobPart] = field(default_factory=dict, repr=False)

    @property
    def archived(self) -> bool:
        return self.archived_at is not None

    @property
    def workflow(self) -> list[ProjectStep]:
        """The steps that answers contain: none in a project without workflow."""
        return [step for step in self.steps if step.step != WITHOUT_WORKFLOW]

    @property
    def last_level(self) -> int:
        return max(step.level for step in self.steps)


@dataclass(eq=False)
class SourceFile:
    """
    An uploaded file, shared by the parts of all languages and steps; ``problem`` fails its import.

    ``multilingual``: it holds the texts of all its languages, whose jobs then belong together.
    """

    uid: str
    name: str
    directory: str | None
    content: Content
    words: int
    segments: int
    problem: str | None = None
    multilingual: bool = False
    jobs: list[Job] = field(default_factory=list, repr=False)

    @property
    def parts(self) -> list[JobPart]:
        return [part for job in self.jobs for part in job.parts]


@dataclass(eq=False)
class Job:
    """
    One target language of one file (``jobReference``), with the parts of its workflow steps and splits.

    ``target`` is the target file, if one was uploaded; ``added_words`` is ``None`` until the source is
    updated; ``remote_folder`` is that of a job from a connector.
    """

    uid: str
    inner_id: str
    project: Project
    file: SourceFile
    target_lang: str
    target: Content | None = None
    source_updated: float | None = None
    added_words: int | None = None
    continuous: bool = False
    remote_folder: str | None = None
    parts: list[JobPart] = field(default_factory=list, repr=False)

    @property
    def translated(self) -> bool:
        """Whether a step was completed or pre-translated; before that, the target file is the source file."""
        return any(part.translated for part in self.parts)

    @property
    def kept(self) -> frozenset[str]:
        """Texts whose translation outlived an update of the source."""
        return frozenset().union(*(part.kept for part in self.parts))


@dataclass(frozen=True)
class StatusChange:
    """A change of a part's status: when (epoch seconds), and by whom."""

    at: float
    status: JobStatus
    by: User


@dataclass(eq=False)
class JobPart:
    """
    One workflow step of a job: what the API calls a job.

    ``number`` is the id in webhooks; the part has the segments of the file from ``begin_index`` to
    ``end_index``; ``plan`` is incremented whenever the part changes, so that events scheduled before are
    ignored; ``fail_next`` holds the errors of the next actions on it; ``kept`` are the texts of the segments
    that stayed confirmed when the source was updated.
    """

    uid: str
    number: int
    job: Job
    step: ProjectStep
    created: float
    providers: list[ProviderReference] = field(default_factory=list)
    due: float | None = None
    status: JobStatus = JobStatus.NEW
    import_status: ImportStatus = ImportStatus.RUNNING
    import_error: str | None = None
    begin_index: int = 0
    end_index: int = -1
    split: bool = False
    plan: int = 0
    translated: bool = False
    kept: frozenset[str] = frozenset()
    target_updated: float | None = None
    fail_next: dict[AsyncAction, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list, repr=False)

    @property
    def project(self) -> Project:
        return self.job.project

    @property
    def file(self) -> SourceFile:
        return self.job.file

    @property
    def target_lang(self) -> str:
        return self.job.target_lang

    @property
    def level(self) -> int:
        return self.step.level

    @property
    def imported(self) -> bool:
        return self.import_status is ImportStatus.OK

    def overlaps(self, other: JobPart) -> bool:
        """Return whether two parts of one job have segments in common."""
        return self.begin_index <= other.end_index and other.begin_index <= self.end_index

    def is_assigned(self, kind: str, id_: str) -> bool:
        """Return whether a provider of this kind (``USER`` or ``VENDOR``) and id has the part."""
        return any((provider["type"], provider["id"]) == (kind, id_) for provider in self.providers)
