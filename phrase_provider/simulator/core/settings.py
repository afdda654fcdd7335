"""Settings, which can be changed while the simulator runs."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(ge=0, le=1e9)]
Lifetime = Annotated[int, Field(ge=1, le=10 * 365 * 86400)]
Status = Annotated[int, Field(ge=400, le=599)]
FileGlob = Annotated[str, Field(min_length=1, max_length=255)]
HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]
Duration = tuple[Seconds, Seconds]
"""Shortest and longest simulated seconds."""


class Settings(BaseModel):
    """
    What Phrase leaves open or what a test wants otherwise; ``POST /_simulator/settings`` changes it.

    Durations are simulated seconds, ``page_delay`` is real seconds.
    """

    model_config = ConfigDict(extra="forbid", validate_assignment=True)

    job_parts: bool = True
    """Serve ``GET .../jobs/{uid}/parts``, which two guides of Phrase name and its specification does not."""
    work_moves: bool = True
    """
    Let linguists accept and complete jobs by themselves; what was due while this was off is not made up for.
    """
    unassigned_work_moves: bool = False
    """
    Let linguists also work on jobs to which nobody is assigned; in Phrase, such jobs stand still.
    """
    create_project_seconds: Duration = (1, 5)
    import_seconds: Duration = (5, 20)
    analyse_seconds: Duration = (2, 10)
    pre_translate_seconds: Duration = (5, 20)
    accept_seconds: Duration = (20, 45)
    complete_seconds: Duration = (90, 140)
    export_seconds: Duration = (5, 15)
    strict_transitions: bool = False
    """Refuse status changes that skip the usual way; Phrase documents none, so all are accepted."""
    upload_limit: int = Field(default=1024**3, ge=1)
    """Bytes of a request with a file; Phrase's help says 1 GB. Other requests may have 16 MB."""
    zip_limit: int = Field(default=100 * 1024 * 1024, ge=1)
    """Bytes of a ZIP with source files; Phrase's help says 100 MB."""
    delivered_is_final: bool = True
    """
    Refuse new sources of delivered jobs. The specification's final statuses are COMPLETED_BY_LINGUIST,
    COMPLETED and CANCELLED: delivered jobs are among them only if these are statuses of the former API.
    """
    multilingual_files: Annotated[list[FileGlob], Field(max_length=10)] = []
    """
    Globs of file names, such as ``*.csv``, that are imported as multilingual: their jobs cannot be cloned.
    Phrase goes by the import settings, which the simulator has not.
    """
    refuse_known_target_langs: bool = True
    """Refuse to add a target language that a project has; Phrase documents neither."""
    refuse_known_clone_langs: bool = False
    """
    Refuse to clone a job into a language that its file has; Phrase documents no such refusal, nor whether
    words of clones are charged as those of uploads.
    """
    clone_status: Literal[200, 201, 202] = 200
    """HTTP status of the answer to clones; Phrase documents none."""
    job_limit: Annotated[int, Field(ge=0)] | None = None
    """Jobs that a project can have; the specification names a limit of clones without its number."""
    added_words_before_update: bool = False
    """
    Count the words of a job as added before its source is updated; the specification says both that they are
    counted "if the operation has been performed" and that the original words are among them.
    """
    import_error: str | None = None
    """Fail every import with this text."""
    export_error: str | None = None
    """Fail every export with this text."""
    pending_limit: int | None = Field(default=200, ge=0)
    pending_limit_status: Status = 429
    pending_limit_code: str = "TooManyPendingRequests"
    parallel_requests: int | None = Field(default=100, ge=1)
    """TMS requests at once; one more is answered 429, with the rate limit headers."""
    quota_per_minute: int | None = Field(default=6000, ge=0)
    """TMS requests in any minute of real time; one more is answered 429, without those headers."""
    quota_html: bool = False
    """
    Answer over the quota with a proxy's page, otherwise with Phrase's error body; Phrase documents neither.
    """
    retry_after: Annotated[int, Field(ge=0)] | None = None
    """Seconds in the header ``Retry-After`` of both; Phrase does not mention it, but clients honour it."""
    unauthorized_code: str = "AuthUnauthorized"
    early_download_status: Status = 404
    used_download_status: Status = 410
    preview_package_status: Literal[200, 201, 202] = 201
    """HTTP status of uploads of preview packages; Phrase documents none."""
    preview_package_key: Literal["file_uid", "uid"] = "file_uid"
    """By which uid jobs refer to a preview package; it has two, and Phrase's guides name the first."""
    content_disposition_prefix: str = ""
    """Prefix of ``filename*=`` in downloads; Phrase also sends ``attachment; ``."""
    user_role: str | None = "ADMIN"
    """``userRole`` of projects; recorded answers also have null."""
    page_delay: Annotated[float, Field(ge=0, le=3600)] = 0
    """Delay before each page of a list."""
    token_seconds: Lifetime = 14399
    """Lifetime of access tokens that are issued from now on, in real seconds."""
    login_seconds: Lifetime = 86400
    """The same for the tokens of users who log in."""
    api_token_revoked: bool = False
    """Refuse the API token, as after its revocation; access tokens stay valid."""
    invalid_grant_status: Literal[400, 401] = 400
    """HTTP status for a wrong or revoked API token; the documents say 400, but 401 was seen, too."""
    job_created_together: bool = False
    """Publish a file's new parts in one ``JOB_CREATED``, as was recorded, and not each one in its own."""
    webhook_token_headers: Annotated[list[HeaderName], Field(max_length=10)] = ["x-memsource-token"]
    """Headers for the secret of webhooks; older descriptions name ``x-phrase-token``."""
    webhook_failure_limit: int = Field(default=3000, ge=1)
    """Failures in a row that switch a webhook off."""
    delivery_timeout: Annotated[float, Field(gt=0, le=60)] = 10
    """Real seconds to wait for the receiver of a webhook or a callback."""
