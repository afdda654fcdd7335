"""What a fresh simulator holds: one user, workflow steps, business references and three project templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.entities import Reference, Template, User, WorkflowStep

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET_LANGS = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl", "zh_cn")

ORGANIZATION: Reference = {"id": "1", "uid": "OrganizationSimulator1", "name": "Phrase simulator"}

REFERENCES: dict[str, Reference] = {
    kind: {"id": id_, "uid": f"{kind}{id_}", "name": name}
    for kind, id_, name in (
        ("client", "1001", "Acme"),
        ("domain", "2001", "Marketing"),
        ("subDomain", "3001", "Web"),
        ("businessUnit", "4001", "Europe"),
        ("costCenter", "5001", "Localization"),
    )
}
"""The one client, domain, ... that requests may name by ``id``."""

_TEMPLATES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("Translation", (0,)),
    ("Translation and Revision", (0, 1)),
    ("Translation, Revision and Proofreading", (0, 1, 2)),
)


@dataclass(frozen=True)
class Catalogue:
    user: User
    steps: tuple[WorkflowStep, ...]
    templates: tuple[Template, ...]


def build(new_uid: Callable[[], str], now: float, user_name: str) -> Catalogue:
    """
    Make the starting stock.

    :param new_uid: gives a fresh uid at each call.
    :param now: epoch seconds at which the templates were made; the last one is the newest.
    :param user_name: of the one user.
    """
    user = User("20", new_uid(), user_name, "Sim", "Ulator", "simulator@example.com")
    steps = tuple(
        WorkflowStep(str(101 + n), new_uid(), name, short, 10 * (n + 1))
        for n, (name, short) in enumerate((("Translation", "T"), ("Revision", "R"), ("Proofreading", "P")))
    )
    templates = tuple(
        Template(
            id=str(11 + n),
            uid=new_uid(),
            name=name,
            source_lang="en",
            target_langs=TARGET_LANGS,
            steps=tuple(steps[i] for i in chosen),
            owner=user,
            created=now - len(_TEMPLATES) + n,
        )
        for n, (name, chosen) in enumerate(_TEMPLATES)
    )
    return Catalogue(user, steps, templates)
