"""The organization: its users, workflow steps, templates of projects and of mails."""

from __future__ import annotations

from dataclasses import dataclass, field

ProviderReference = dict[str, str]
"""A user or vendor to whom jobs can be assigned: ``type`` (``USER`` or ``VENDOR``), ``id`` and ``uid``."""

Reference = dict[str, str]
"""A business reference of a project (client, domain, ...): ``id``, ``uid`` and ``name``."""


@dataclass(frozen=True)
class User:
    id: str
    uid: str
    user_name: str
    first_name: str
    last_name: str
    email: str
    role: str = "ADMIN"


@dataclass(frozen=True)
class Vendor:
    """Another organization to which jobs can be assigned; its users are unknown."""

    id: str
    uid: str
    name: str


@dataclass(frozen=True)
class WorkflowStep:
    """A step of the organization; projects have instances of it (:class:`ProjectStep`)."""

    id: str
    uid: str
    name: str
    abbreviation: str
    order: int


WITHOUT_WORKFLOW = WorkflowStep("", "", "", "", 0)
"""The only step of a project that was created without workflow steps; answers do not contain it."""


@dataclass(frozen=True)
class Template:
    id: str
    uid: str
    name: str
    source_lang: str
    target_langs: tuple[str, ...]
    steps: tuple[WorkflowStep, ...]
    owner: User
    created: float
    references: dict[str, Reference] = field(default_factory=dict)
    note: str | None = None
    providers: tuple[dict[str, list[ProviderReference]], ...] = ()
    """For each step, the providers by target language."""
    notification: EmailTemplate | None = None
    """With it, the providers of all steps are notified when the template assigns them."""


@dataclass(frozen=True)
class EmailTemplate:
    """An email template; ``type`` is the occasion."""

    id: str
    uid: str
    name: str
    type: str
    subject: str
    body: str
