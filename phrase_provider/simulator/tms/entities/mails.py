"""Mails that Phrase would send; the simulator only records them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities.organization import ProviderReference


class MailOccasion(StrEnum):
    """Why a mail is sent."""

    JOB_ASSIGNED = "JOB_ASSIGNED"
    """To its providers, by an assignment from a template that notifies them, or on request."""
    OWNER_NOTIFIED = "OWNER_NOTIFIED"
    """To the owner, by a change of status with ``notifyOwner``."""
    STATUS_PROPAGATED = "STATUS_PROPAGATED"
    """To the providers of a neighbouring workflow step, by a change of status with ``propagateStatus``."""


@dataclass(frozen=True)
class Mail:
    """
    A mail to one recipient.

    :param at: epoch seconds of simulated time.
    :param job_uid: uid of the job part that it is about.
    """

    at: float
    occasion: MailOccasion
    to: ProviderReference
    job_uid: str
