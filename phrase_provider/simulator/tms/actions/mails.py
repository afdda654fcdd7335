"""Sending of mails, which are only recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.actions import linguists
from phrase_provider.simulator.tms.entities import JobStatus, Mail, MailOccasion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from phrase_provider.simulator.tms.entities import JobPart, ProviderReference
    from phrase_provider.simulator.tms.state import State


def send(state: State, occasion: MailOccasion, part: JobPart, to: Iterable[ProviderReference]) -> None:
    """
    Record a mail to each recipient.

    :param part: the job that the mail is about.
    """
    now = state.clock.now()
    state.mails.extend(Mail(now, occasion, recipient, part.uid) for recipient in to)


def notify_assigned(state: State, parts: Iterable[JobPart]) -> None:
    """Mail the providers of jobs; new jobs are ``EMAILED`` then."""
    for part in parts:
        send(state, MailOccasion.JOB_ASSIGNED, part, part.providers)
        if part.status is JobStatus.NEW and part.providers:
            linguists.set_status(state, part, JobStatus.EMAILED, state.clock.now())
