"""The initial data of a simulator: users, workflow steps, business references, templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.entities import EmailTemplate, Template, User, Vendor, WorkflowStep

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from phrase_provider.simulator.tms.entities import ProviderReference, Reference

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
"""The only client, domain, ... that requests can refer to."""
GUIDE_BUSINESS_UNIT: Reference = {"id": "1", "uid": "businessUnit1", "name": "First BU"}
"""The business unit in the example of the API technology guide."""

_TEMPLATES: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("Translation", (0,)),
    ("Translation and Revision", (0, 1)),
    ("Translation, Revision and Proofreading", (0, 1, 2)),
)


_STEPS = (("Translation", "T"), ("Revision", "R"), ("Proofreading", "P"))
_LINGUISTS = (("Tara", "Translator"), ("Rita", "Reviser"), ("Paul", "Proofreader"))
"""Each one works in one step, in all languages."""


@dataclass(frozen=True)
class InitialData:
    """The first of ``users`` is the caller of the API; the vendor has no users."""

    users: tuple[User, ...]
    vendor: Vendor
    steps: tuple[WorkflowStep, ...]
    templates: tuple[Template, ...]
    email_templates: tuple[EmailTemplate, ...]


def build(new_uid: Callable[[], str], now: float, user_name: str) -> InitialData:
    """
    Return the initial data.

    :param new_uid: returns a new uid at each call.
    :param now: epoch seconds; the templates were created just before, the first one last, so that lists begin
        with it.
    :param user_name: of the caller of the API.
    """
    user = User("20", new_uid(), user_name, "Sim", "Ulator", "simulator@example.com")
    linguists = [
        User(str(21 + n), new_uid(), last.lower(), first, last, f"{first.lower()}@example.com", "LINGUIST")
        for n, (first, last) in enumerate(_LINGUISTS)
    ]
    steps = [
        WorkflowStep(str(101 + n), new_uid(), name, short, 10 * (n + 1))
        for n, (name, short) in enumerate(_STEPS)
    ]
    template_uids = [new_uid() for _ in _TEMPLATES]
    vendor = Vendor("41", new_uid(), "Good Words Ltd.")
    mail = EmailTemplate("51", new_uid(), "Job assigned", "JobAssigned", "New jobs", "You have new jobs.")
    templates = [
        _template(n, uid, user, steps, linguists, mail, created=now - n - 1)
        for n, uid in enumerate(template_uids)
    ]
    return InitialData((user, *linguists), vendor, tuple(steps), tuple(templates), (mail,))


def _template(
    number: int,
    uid: str,
    owner: User,
    steps: Sequence[WorkflowStep],
    linguists: Sequence[User],
    mail: EmailTemplate,
    *,
    created: float,
) -> Template:
    """Return a template; each step has its linguist, who is notified, as provider of all languages."""
    name, chosen = _TEMPLATES[number]
    return Template(
        id=str(11 + number),
        uid=uid,
        name=name,
        source_lang="en",
        target_langs=TARGET_LANGS,
        steps=tuple(steps[i] for i in chosen),
        owner=owner,
        created=created,
        providers=tuple({language: [as_provider(linguists[i])] for language in TARGET_LANGS} for i in chosen),
        notification=mail,
    )


def as_provider(who: User | Vendor) -> ProviderReference:
    """Return a user or a vendor as provider."""
    return {"type": "VENDOR" if isinstance(who, Vendor) else "USER", "id": who.id, "uid": who.uid}
