"""The entities of Phrase TMS. Times are epoch seconds of simulated time."""

from phrase_provider.simulator.tms.entities.async_requests import AsyncRequest
from phrase_provider.simulator.tms.entities.mails import Mail, MailOccasion
from phrase_provider.simulator.tms.entities.organization import (
    WITHOUT_WORKFLOW,
    EmailTemplate,
    ProviderReference,
    Reference,
    Template,
    User,
    Vendor,
    WorkflowStep,
)
from phrase_provider.simulator.tms.entities.projects import (
    Job,
    JobPart,
    Project,
    ProjectStep,
    SourceFile,
    StatusChange,
)
from phrase_provider.simulator.tms.entities.statuses import (
    AsyncAction,
    ImportStatus,
    JobStatus,
    ProjectStatus,
)

__all__ = [
    "WITHOUT_WORKFLOW",
    "AsyncAction",
    "AsyncRequest",
    "EmailTemplate",
    "ImportStatus",
    "Job",
    "JobPart",
    "JobStatus",
    "Mail",
    "MailOccasion",
    "Project",
    "ProjectStatus",
    "ProjectStep",
    "ProviderReference",
    "Reference",
    "SourceFile",
    "StatusChange",
    "Template",
    "User",
    "Vendor",
    "WorkflowStep",
]
