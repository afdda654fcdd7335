"""Telling the outside what happened: webhooks and callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from phrase_provider.simulator.entities import AsyncRequest, JobPart, Project
    from phrase_provider.simulator.events import WebhookEvent
    from phrase_provider.simulator.world import World


def job_event(world: World, event: WebhookEvent, parts: Sequence[JobPart], at: float) -> None:
    """
    Tell subscribers of something that happened to job parts.

    :param at: epoch seconds of simulated time.
    """


def project_event(world: World, event: WebhookEvent, project: Project, at: float) -> None:
    """Tell subscribers of something that happened to a project."""


def request_ended(world: World, request: AsyncRequest, at: float) -> None:
    """Tell subscribers and the request's callback that an async request is over."""
