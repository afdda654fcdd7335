"""The state of Phrase TMS: its entities, and look-ups."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, TypeVar

from phrase_provider.simulator.core.errors import ApiError, not_found
from phrase_provider.simulator.core.state import BaseState
from phrase_provider.simulator.tms import initial_data

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.simulator.core.settings import Settings
    from phrase_provider.simulator.tms.entities import (
        AsyncRequest,
        JobPart,
        Mail,
        Project,
        ProviderReference,
        Template,
    )
    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.entities.preview_packages import PreviewPackage
    from phrase_provider.simulator.tms.entities.trans_memories import TransMemory

Item = TypeVar("Item")

_KEPT_MAILS = 50_000


class State(BaseState):
    """
    The state of Phrase TMS.

    :param user_name: of the caller of the API.
    """

    def __init__(
        self,
        *,
        seed: int = 1,
        speed: float = 1,
        user_name: str = "simulator",
        defaults: Settings | None = None,
    ) -> None:
        self._user_name = user_name
        super().__init__(seed=seed, speed=speed, defaults=defaults)

    def reset(self) -> None:
        """Delete all entities, and return to the initial data, settings and speed."""
        super().reset()
        stock = initial_data.build(self.ids.uid, self.clock.now(), self._user_name)
        self.user = stock.users[0]
        self.users = {user.id: user for user in stock.users}
        self.vendors = {stock.vendor.id: stock.vendor}
        self.providers = [*map(initial_data.as_provider, stock.users), initial_data.as_provider(stock.vendor)]
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
        self.mails: deque[Mail] = deque(maxlen=_KEPT_MAILS)

    def template(self, uid: str) -> Template:
        """Return a project template, or raise an :class:`ApiError` with 404, as do the following."""
        return _found(self.templates, "Project template", uid)

    def project(self, uid: str) -> Project:
        """Return a project that is not deleted."""
        project = _found(self.projects, "Project", uid)
        if project.deleted:
            raise not_found("Project", uid)
        return project

    def part(self, project_uid: str, job_uid: str) -> JobPart:
        """Return a job part of a project."""
        return _found(self.project(project_uid).parts, "Job", job_uid)

    def part_by_uid(self, uid: str) -> JobPart:
        """Return a job part of any project."""
        return _found(self.parts, "Job", uid)

    def analysis(self, key: str) -> Analysis:
        """Return an analysis by uid or id."""
        for analysis in self.analyses.values():
            if key in (analysis.uid, analysis.id) and not analysis.project.deleted:
                return analysis
        raise not_found("Analysis", key)

    def has_preview_package(self, project: Project, uid: str) -> bool:
        """Return whether jobs of the project can refer to a preview package by this uid."""
        key = self.settings.preview_package_key
        packages = self.preview_packages.values()
        return any(package.project is project and getattr(package, key) == uid for package in packages)

    def provider_name(self, provider: ProviderReference) -> str:
        """Return the name of a user or vendor."""
        if provider["type"] == "VENDOR":
            return self.vendors[provider["id"]].name
        user = self.users[provider["id"]]
        return f"{user.first_name} {user.last_name}"

    def async_request(self, id_: str) -> AsyncRequest:
        """Return an async request, pending or finished."""
        return _found(self.requests, "Async request", id_)

    def require_async_slot(self, count: int = 1) -> None:
        """Raise an error when ``count`` further async requests would exceed the limit of the organization."""
        limit = self.settings.pending_limit
        if limit is not None and len(self.pending) + count > limit:
            status, code = self.settings.pending_limit_status, self.settings.pending_limit_code
            raise ApiError(status, code, f"More than {limit} asynchronous requests are pending.")


def _found(items: Mapping[str, Item], what: str, key: str) -> Item:
    item = items.get(key)
    if item is None:
        raise not_found(what, key)
    return item
