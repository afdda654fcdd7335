"""All state of one simulator."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any, TypeVar

from phrase_provider.simulator.core.clock import Clock
from phrase_provider.simulator.core.errors import Refusal, not_found
from phrase_provider.simulator.core.ids import Identities
from phrase_provider.simulator.core.schedule import Schedule
from phrase_provider.simulator.core.settings import Settings
from phrase_provider.simulator.tms import initial_data as catalogue
from phrase_provider.simulator.tms.actions import linguists as people
from phrase_provider.simulator.tms.async_actions import lifecycle as async_work
from phrase_provider.simulator.webhooks.deliveries import DELIVER, Deliveries

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.simulator.core.schedule import Event
    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.entities.preview_packages import PreviewPackage
    from phrase_provider.simulator.tms.entities.projects import AsyncRequest, JobPart, Project, Template
    from phrase_provider.simulator.tms.entities.trans_memories import TransMemory
    from phrase_provider.simulator.webhooks.entities import Webhook

Thing = TypeVar("Thing")


class World:
    """
    Phrase's memory and its clock.

    :param seed: decides ids and durations.
    :param speed: simulated seconds per real second.
    :param user_name: of the one user whom requests come from.
    :param defaults: settings that a reset returns to.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        speed: float = 1,
        user_name: str = "simulator",
        defaults: Settings | None = None,
    ) -> None:
        self._seed = seed
        self._speed = speed
        self._user_name = user_name
        self._defaults = defaults or Settings()
        self.reset()

    def reset(self) -> None:
        """Start over: forget projects, jobs, webhooks and so on, return to the first settings and speed."""
        self.settings = self._defaults.model_copy()
        self.clock = Clock(self._speed)
        self.ids = Identities(self._seed)
        self.schedule = Schedule()
        stock = catalogue.build(self.ids.uid, self.clock.now(), self._user_name)
        self.user = stock.users[0]
        self.users = {user.id: user for user in stock.users}
        self.providers = [*map(catalogue.as_provider, stock.users), stock.vendor]
        self.email_templates = {template.id: template for template in stock.email_templates}
        self.steps = {step.id: step for step in stock.steps}
        self.templates = {template.uid: template for template in stock.templates}
        self.projects: dict[str, Project] = {}
        self.parts: dict[str, JobPart] = {}
        self.requests: dict[str, AsyncRequest] = {}
        self.pending: dict[str, AsyncRequest] = {}
        self.analyses: dict[str, Analysis] = {}
        self.preview_packages: dict[str, PreviewPackage] = {}
        self.trans_memories: dict[str, TransMemory] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.deliveries = Deliveries(self._seed)
        self.unsaved = True
        """Whether something has changed since the state was last written, where it is written at all."""

    def memory(self) -> dict[str, Any]:
        """Return everything that outlasts a restart; what the constructor was told does not."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def recall(self, memory: dict[str, Any]) -> None:
        """Go on from a :meth:`memory`, at the speed and with those settings that this world was told."""
        vars(self).update(memory)
        self.clock.set_speed(self._speed)
        self.settings = self.settings.model_copy(update=self._defaults.model_dump(exclude_unset=True))

    def turn(self) -> None:
        """Let everything happen that is due by now."""
        for event in self.schedule.due(self.clock.now()):
            self._do(event)

    def _do(self, event: Event) -> None:
        """Let one event happen, unless its subject is gone or was moved by hand since."""
        self.unsaved = True
        if event.kind == DELIVER:
            self.deliveries.release(event.subject)
            return
        if event.subject in self.pending:
            async_work.finish(self, self.pending[event.subject], event.due)
            return
        part = self.parts.get(event.subject)
        if part is not None and part.plan == event.plan and self.settings.work_moves:
            people.act(self, event.kind, part, event.due)

    def duration(self, bounds: tuple[float, float], *subject: object) -> float:
        """
        Draw a duration that depends on the seed and on ``subject`` alone, not on the order of requests.

        :param bounds: shortest and longest simulated seconds.
        :param subject: what the duration is for.
        """
        return random.Random(f"{self._seed}/{subject}").uniform(*bounds)

    def template(self, uid: str) -> Template:
        """Find a project template, or refuse with 404; so do the following."""
        return _found(self.templates, "Project template", uid)

    def project(self, uid: str) -> Project:
        """Find a project that is not deleted."""
        project = _found(self.projects, "Project", uid)
        if project.deleted:
            raise not_found("Project", uid)
        return project

    def part(self, project_uid: str, job_uid: str) -> JobPart:
        """Find a job part of a project."""
        return _found(self.project(project_uid).parts, "Job", job_uid)

    def part_by_uid(self, uid: str) -> JobPart:
        """Find a job part, whatever its project."""
        return _found(self.parts, "Job", uid)

    def webhook(self, uid: str) -> Webhook:
        """Find a webhook."""
        return _found(self.webhooks, "Webhook", uid)

    def analysis(self, key: str) -> Analysis:
        """Find an analysis by uid or id."""
        for analysis in self.analyses.values():
            if key in (analysis.uid, analysis.id) and not analysis.project.deleted:
                return analysis
        raise not_found("Analysis", key)

    def has_preview_package(self, project: Project, uid: str) -> bool:
        """Tell whether jobs of the project can refer to a preview package by this uid."""
        key = self.settings.preview_package_key
        packages = self.preview_packages.values()
        return any(package.project is project and getattr(package, key) == uid for package in packages)

    def async_request(self, id_: str) -> AsyncRequest:
        """Find an async request, pending or ended."""
        return _found(self.requests, "Async request", id_)

    def require_async_slot(self, count: int = 1) -> None:
        """Refuse when ``count`` async requests more would be pending than the organization may have."""
        limit = self.settings.pending_limit
        if limit is not None and len(self.pending) + count > limit:
            status, code = self.settings.pending_limit_status, self.settings.pending_limit_code
            raise Refusal(status, code, f"More than {limit} asynchronous requests are pending.")


def _found(things: Mapping[str, Thing], what: str, key: str) -> Thing:
    thing = things.get(key)
    if thing is None:
        raise not_found(what, key)
    return thing
