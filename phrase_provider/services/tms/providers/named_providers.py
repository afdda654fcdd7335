"""Providers that somebody has named, for each language and workflow step."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

from phrase_provider.api.tms.job_batches import is_complete, reasons_of
from phrase_provider.api.tms.projects import workflow_step_names
from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.languages import to_phrase
from phrase_provider.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from phrase_provider.api.tms.client import TmsClient
    from phrase_provider.api.tms.models import ProjectDtoV1, ProviderReferenceV1
    from phrase_provider.services.tms.providers.provider_directory import ProviderDirectory
    from phrase_provider.services.tms.providers.step_parts import StepPart
    from phrase_provider.waiting.conditions import Logger

#: One name, or several.
Names: TypeAlias = "str | Sequence[str]"
#: Names by language, or by language and step.
ProviderNames: TypeAlias = "Mapping[str, Names | Mapping[str | int, Names]]"

#: Stands for all languages, or all steps, that are not named.
ANY = "*"
_HINT = (
    "Map languages to the providers of all steps, or to a mapping of steps (name or level) to providers; '*' "
    "stands for all others. A provider is named as in user:tara or vendor:Good Words Ltd."
)


class NamedProviders:
    """
    Assigns the providers that somebody has named. Nobody is mailed.

    :param client: of the connection.
    :param project: as :meth:`~phrase_provider.api.tms.projects.Projects.get` gives it.
    :param names: by language and step.
    :param directory: knows who is called so.
    :param reread: gives the uids of those parts, among some, that somebody has now.
    :param log: gets Phrase's reasons for what it did not assign.
    :raises PhraseInputError: the project has no such step, or nobody is called so; nothing was assigned.
    """

    def __init__(
        self,
        client: TmsClient,
        project: ProjectDtoV1,
        names: ProviderNames,
        directory: ProviderDirectory,
        reread: Callable[[Sequence[StepPart]], set[str]],
        log: Logger,
    ) -> None:
        self._client = client
        self._reread = reread
        self._log = log
        levels = _levels_of(project)
        self._providers = {
            language: {
                _level(step, levels, project): [directory.resolve(name) for name in _listed(named)]
                for step, named in (by_step if isinstance(by_step, Mapping) else {ANY: by_step}).items()
            }
            for language, by_step in names.items()
        }

    def names_somebody(self, part: StepPart) -> bool:
        """Return whether somebody is named for the language and step of a job part."""
        return bool(self._of(part))

    def assign(self, parts: Sequence[StepPart]) -> set[str]:
        """
        Assign job parts, and return the uids of those that were assigned.

        Source: ``PATCH /api2/v3/jobs``, once for all parts with the same providers. Its answer does not tell
        which parts were not changed: where some were not, they are read.

        :param parts: at most 100.
        """
        groups: defaultdict[str, list[StepPart]] = defaultdict(list)
        for part in parts:
            if providers := self._of(part):
                groups[json.dumps(providers)].append(part)
        return {uid for same, some in groups.items() for uid in self._assign_same(some, json.loads(same))}

    def _assign_same(self, parts: Sequence[StepPart], providers: list[ProviderReferenceV1]) -> set[str]:
        uids = [part.uid for part in parts]
        result = self._client.job_batches.edit(uids, providers=providers)
        if is_complete(result, len(uids)):
            return set(uids)
        self._log.warning("Phrase did not assign all job parts. It says: %s", reasons_of(result))
        return self._reread(parts)

    def _of(self, part: StepPart) -> list[ProviderReferenceV1]:
        by_step = self._providers.get(part.target_lang) or self._providers.get(ANY) or {}
        return by_step.get(part.level) or by_step.get(None) or []


def parse_names(given: str | ProviderNames) -> dict[str, Names | Mapping[str | int, Names]]:
    """
    Return who is to be assigned, by Phrase's code of the language, or ``*``.

    :param given: a mapping, or the JSON text of one.
    :raises PhraseInputError: it is neither, or a language is none.
    """
    names = _from_json(given) if isinstance(given, str) else given
    if not isinstance(names, Mapping) or not names:
        raise PhraseInputError(f"providers is {printable(repr(given))}", hint=_HINT)
    for by_step in names.values():
        for named in by_step.values() if isinstance(by_step, Mapping) else (by_step,):
            _listed(named)
    return {ANY if language == ANY else to_phrase(language): by_step for language, by_step in names.items()}


def _from_json(given: str) -> object:
    try:
        return json.loads(given)
    except ValueError as error:
        raise PhraseInputError(f"providers is not JSON: {printable(given)}", hint=_HINT) from error


def _listed(named: object) -> list[str]:
    names = [named] if isinstance(named, str) else named
    if not isinstance(names, Sequence) or not names or not all(map(_is_name, names)):
        raise PhraseInputError(f"{printable(repr(named))} is no name of a provider", hint=_HINT)
    return list(names)


def _is_name(name: object) -> bool:
    return isinstance(name, str) and bool(name.strip())


def _levels_of(project: ProjectDtoV1) -> dict[str, int]:
    """Return the levels of a project's workflow steps by what people may write for them."""
    named = workflow_step_names(project)
    return {str(level): level for level in named} | {
        name.casefold(): level for level, name in named.items() if name
    }


def _level(step: str | int, levels: Mapping[str, int], project: ProjectDtoV1) -> int | None:
    """Return the level of a step that somebody has named; None stands for all others."""
    if step == ANY:
        return None
    level = levels.get(str(step).strip().casefold())
    if level is None:
        raise PhraseInputError(
            f"Project '{printable(project.get('name') or project['uid'])}' has no workflow step "
            f"'{printable(str(step))}'",
            hint=f"Its steps are {', '.join(printable(name) for name in levels) or 'none'}. {_HINT}",
        )
    return level
