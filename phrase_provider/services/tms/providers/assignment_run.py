"""One task's assignment of jobs, of any number of projects; it can be repeated until all are imported."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from phrase_provider.api.tms.projects import workflow_levels
from phrase_provider.services.tms.providers.assignment import Outcome, ProjectAssignment, Skipped
from phrase_provider.services.tms.providers.named_providers import NamedProviders
from phrase_provider.services.tms.providers.provider_directory import ProviderDirectory
from phrase_provider.services.tms.providers.step_parts import StepParts
from phrase_provider.services.tms.providers.template_providers import TemplateProviders, Templates

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1
    from phrase_provider.idempotency.ledger import Ledger
    from phrase_provider.services.tms.jobs_by_project import ProjectJobs
    from phrase_provider.services.tms.providers.assignment import Providers
    from phrase_provider.services.tms.providers.named_providers import ProviderNames
    from phrase_provider.services.tms.providers.step_parts import StepPart
    from phrase_provider.waiting.conditions import Logger

#: Running imports that a wait names: Airflow stores them with it.
MOST_AWAITED = 50


class AssignmentRun:
    """
    Assigns jobs; everything is checked before the first is assigned.

    :param client: of the connection.
    :param jobs: by project; None instead of jobs: all of the project.
    :param template: uid, exact name or numeric id; None: each project's own.
    :param names: providers that somebody has named, instead of a template's.
    :param ledger: of the task.
    :param log: gets lines on what was assigned, and what was not.
    :raises PhraseInputError: a project has no template, or the template does not fit; or a provider or step
        that is named does not exist.
    :raises PhraseNotFoundError: there is no such project, where only one is given.
    """

    def __init__(
        self,
        client: TmsClient,
        jobs: Mapping[str, ProjectJobs | None],
        *,
        template: str | None = None,
        names: ProviderNames | None = None,
        ledger: Ledger,
        log: Logger,
    ) -> None:
        self._client = client
        self._jobs = jobs
        self._names = names
        self._ledger = ledger
        self._log = log
        self._templates = Templates(client, template)
        self._directory = ProviderDirectory(client)
        self._assignments = {uid: self._prepare(uid) for uid in jobs}

    def assign(self) -> Assigned:
        """Assign what is imported and has nobody."""
        outcomes = {uid: self._assign_in(uid, assignment) for uid, assignment in self._assignments.items()}
        for uid, outcome in outcomes.items():
            outcome.log(self._log, uid)
        return Assigned(outcomes)

    def _prepare(self, project_uid: str) -> ProjectAssignment | None:
        """Return what assigns jobs of a project; None: it was deleted."""
        find = self._client.projects.get if len(self._jobs) == 1 else self._client.projects.find
        project = find(project_uid)
        if project is None:
            return None
        parts = StepParts(self._client, project_uid, workflow_levels(project))
        return ProjectAssignment(parts, self._providers(project, parts))

    def _providers(self, project: ProjectDtoV1, parts: StepParts) -> Providers:
        def reread(some: Sequence[StepPart]) -> set[str]:
            now = parts.read_again(some)
            return {part.uid for part in some if part.uid in now and now[part.uid].assigned}

        if self._names is not None:
            return NamedProviders(self._client, project, self._names, self._directory, reread, self._log)
        return TemplateProviders(self._client, project, self._templates.of(project), self._ledger, reread)

    def _assign_in(self, project_uid: str, assignment: ProjectAssignment | None) -> Outcome:
        jobs = self._jobs[project_uid]
        if assignment is None:
            deleted = Outcome()
            deleted.skipped[Skipped.DELETED] = [f"job {uid}" for uid in (jobs.uids if jobs else ())]
            return deleted
        if jobs is None:
            return assignment.run(None)
        return assignment.run(jobs.uids, jobs.filenames if jobs.all_named else ())


class Assigned:
    """
    What became of the jobs of all projects.

    :param outcomes: by project.
    """

    def __init__(self, outcomes: Mapping[str, Outcome]) -> None:
        self._outcomes = outcomes

    @property
    def projects(self) -> int:
        """Number of projects."""
        return len(self._outcomes)

    @property
    def assigned(self) -> int:
        """Number of job parts that were assigned."""
        return sum(outcome.assigned for outcome in self._outcomes.values())

    def skipped(self) -> dict[str, int]:
        """Return how many job parts were skipped, by reason."""
        counts = [outcome.counts() for outcome in self._outcomes.values()]
        found = {reason.value: sum(each.get(reason.value, 0) for each in counts) for reason in Skipped}
        return {reason: count for reason, count in found.items() if count}

    def running(self) -> dict[str, list[str]]:
        """
        Return imports that go on: by project, the uid of one job part for each file.

        :return: at most :data:`MOST_AWAITED` uids; empty where none goes on.
        """
        uids = [
            (project_uid, uid)
            for project_uid, outcome in self._outcomes.items()
            for uid in _one_per_file(outcome.running)
        ]
        found: dict[str, list[str]] = {}
        for project_uid, uid in islice(uids, MOST_AWAITED):
            found.setdefault(project_uid, []).append(uid)
        return found


def _one_per_file(parts: Iterable[StepPart]) -> Iterable[str]:
    # A file is imported for all its languages and steps at once; waits look at the first step.
    by_file: dict[tuple[object, object], str] = {}
    for part in sorted(parts, key=lambda part: part.level):
        by_file.setdefault(part.file, part.uid)
    return by_file.values()
