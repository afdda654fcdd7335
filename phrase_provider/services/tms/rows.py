"""What operators return, and take from each other, as types: plain JSON. Loaded by type checkers only."""

from __future__ import annotations

from typing import TypedDict


class ProjectRow(TypedDict):
    """The project of a batch; languages are Phrase codes."""

    project_uid: str
    name: str | None
    template_uid: str
    source_lang: str | None
    target_langs: list[str]


class LanguagesRow(TypedDict):
    """
    Languages that files of a project have now; languages are Phrase codes.

    ``cloned`` and ``present`` count jobs, ``failed`` files; ``job_list`` is where the jobs are listed.
    """

    project_uid: str
    target_langs: list[str]
    cloned: int
    present: int
    failed: int
    job_list: str | None


class CollectionRow(TypedDict):
    """
    Complete jobs that were found in projects of people.

    ``projects`` counts those that have some, ``ready`` and ``failed`` count jobs; ``jobs`` is the location of
    the job list, ``manifest`` that of the manifest. ``todo`` says whether the list has any.
    """

    projects: int
    ready: int
    failed: int
    jobs: str
    manifest: str
    todo: bool


class SyncRow(TypedDict):
    """What a synchronization did: where the run's list of jobs is, and the number of its rows by outcome."""

    jobs: str
    created: int
    updated: int
    cloned: int
    adopted: int
    deleted: int
    failed: int


class DeliveryRow(TypedDict):
    """Jobs that were moved to a status; ``at`` is the ISO 8601 time of the last move."""

    project_uid: str
    job_uids: list[str]
    status: str
    at: str


class ExportRow(TypedDict):
    """A target file that was written; ``size`` in bytes, ``sha256`` in hex."""

    project_uid: str
    job_uid: str
    target_path: str
    size: int
    sha256: str


class AssignmentRow(TypedDict):
    """Numbers of projects, and of job parts that were assigned, or skipped by reason."""

    projects: int
    assigned: int
    already_assigned: int
    skipped: dict[str, int]


class ReportRow(TypedDict):
    """
    What became of a planned target.

    ``language`` is as the user wrote it; ``seconds`` count from the start of the run to the delivery.
    """

    source: str
    target_lang: str
    language: str
    job_uid: str | None
    status: str
    target_path: str
    seconds: float | None


class ChangesRow(TypedDict):
    """
    What a run has to do, in small: the changes themselves are in a file.

    ``changes`` is the path of the list of changes, ``jobs`` that of the run's list of jobs, which a later
    task writes; ``manifest`` the manifest's, ``run`` what it calls the run. ``batch_id`` has its rotation
    suffix. ``new``, ``changed``, ``languages`` and ``deleted`` count source files, ``open`` and ``ready``
    translations: in Phrase and not delivered, and those of them that people completed again after an earlier
    delivery. ``words`` are estimated words times languages of what is to be sent. ``todo`` says whether
    anything is to be done beside a report.
    """

    changes: str
    jobs: str
    manifest: str
    run: str
    batch_id: str
    base: str
    new: int
    changed: int
    languages: int
    deleted: int
    open: int
    ready: int
    words: int
    todo: bool
