"""The resource of project templates, found by uid, name or id."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.fields import text
from phrase_provider.api.session import Call
from phrase_provider.api.tms.pages import iterate
from phrase_provider.exceptions import PhraseInputError, PhraseNotFoundError, PhraseValidationError
from phrase_provider.text import composed, printable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import ProjectTemplateDto, ProjectTemplateReferenceV1

LIST = Endpoint("GET", "/api2/v1/projectTemplates", success=200)
GET = Endpoint("GET", "/api2/v1/projectTemplates/{template_uid}", success=200)

#: Templates of a list that are looked at: 20 pages.
_MOST_LISTED = 1000
#: Templates that are read one by one for their numeric ids.
_MOST_READ = 50
#: Templates that an error names.
_MOST_NAMED = 20
#: Phrase's uids are letters and digits, 22 of them today.
_LIKE_A_UID = re.compile(r"(?=.*\d)[A-Za-z0-9_-]+|[A-Za-z0-9]{20,}")


class Templates:
    """
    Project templates of an organization.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def list(self, name: str | None = None) -> Iterator[ProjectTemplateReferenceV1]:
        """
        Yield references to templates, sorted by name.

        Source: ``GET /api2/v1/projectTemplates``.

        :param name: part of the name.
        """
        return iterate(self._session, LIST, query={"name": name, "sort": "templateName", "direction": "asc"})

    def get(self, template_uid: str) -> ProjectTemplateDto:
        """
        Return a template, with its languages and workflow steps.

        Source: ``GET /api2/v1/projectTemplates/{templateUid}``. Its ``templateName`` is the name of
        the template; ``name`` is that of the project it was made from.

        :param template_uid: uid.
        :raises PhraseNotFoundError: there is no such template.
        """
        template: ProjectTemplateDto = self._session.json(
            Call(GET, {"template_uid": template_uid}, expect=("uid",))
        )
        return template

    def resolve(self, template: str | int) -> ProjectTemplateDto:
        """
        Return the template with a uid, exact name or numeric id, looked for in this order.

        Phrase filters names by part only, and its filter need not find what its list shows: so names are
        compared here, and the whole list is read before one is called missing. At most 20 pages of it,
        and 50 single templates where the list shows no ids.

        :param template: uid, name or id; blanks around it do not count.
        :return: the template as :meth:`get` gives it.
        :raises PhraseInputError: none is called so, or several are; a blank name is refused before
            anything is sent.
        """
        wanted = str(template).strip()
        if not wanted:
            raise PhraseInputError(
                "The name of the project template is blank",
                hint="Give the uid or the exact name of a project template.",
            )
        could_be_uid = bool(_LIKE_A_UID.fullmatch(wanted))
        if could_be_uid and (found := self._by_uid(wanted)):
            return found
        if named := _named(self._first_of(wanted), wanted):
            return self._only(named, wanted)
        if not could_be_uid and (found := self._by_uid(wanted)):
            return found
        return self._in_whole_list(wanted)

    def _in_whole_list(self, wanted: str) -> ProjectTemplateDto:
        listed = self._first_of()
        if named := _named(listed, wanted) or _alike(listed, wanted):
            return self._only(named, wanted)
        if wanted.isdecimal() and (found := self._by_id(listed, wanted)):
            return found
        raise _unknown(listed, wanted)

    def _first_of(self, name: str | None = None) -> Sequence[ProjectTemplateReferenceV1]:
        return tuple(islice(self.list(name), _MOST_LISTED))

    def _only(self, named: Sequence[ProjectTemplateReferenceV1], wanted: str) -> ProjectTemplateDto:
        uids = sorted(text(item, "uid", "a project template") for item in named)
        if len(uids) > 1:
            raise PhraseInputError(
                f"{len(uids)} project templates are named '{printable(wanted)}': {', '.join(uids)}",
                hint="Give the uid of the one you mean instead of the name.",
            )
        return self.get(uids[0])

    def _by_uid(self, wanted: str) -> ProjectTemplateDto | None:
        try:
            return self.get(wanted)
        except (PhraseNotFoundError, PhraseValidationError):
            # Whatever is no uid may be called a bad one.
            return None

    def _by_id(self, listed: Sequence[ProjectTemplateReferenceV1], wanted: str) -> ProjectTemplateDto | None:
        """Look for a numeric id; the newest specification shows it in the single read only."""
        for item in listed:
            if str(item.get("id")) == wanted:
                return self.get(text(item, "uid", "a project template"))
        without_id = (item for item in listed if "id" not in item)
        for item in islice(without_id, _MOST_READ):
            template = self._by_uid(text(item, "uid", "a project template"))
            if template and str(template.get("id")) == wanted:
                return template
        return None


def number_of_steps(template: ProjectTemplateDto) -> int:
    """Return how many workflow steps a template has; 0 for one without workflow."""
    # Some organizations are shown the settings of the steps alone.
    steps = template.get("workflowSteps")
    return len((template.get("workflowSettings") if steps is None else steps) or [])


def staffed_languages(template: ProjectTemplateDto) -> Sequence[Collection[str | None]]:
    """
    Return, for each workflow step of a template, the target languages for which it names a provider.

    One without workflow counts as one step.

    :param template: as :meth:`Templates.get` gives it.
    :return: Phrase codes; None stands for all languages.
    """
    steps = template.get("workflowSettings") or [{"assignedTo": template.get("assignedTo")}]
    return [
        {each.get("targetLang") for each in step.get("assignedTo") or [] if each.get("providers")}
        for step in steps
    ]


def template_name(template: ProjectTemplateDto) -> str | None:
    """Return the name of a template, not of the project it was made from."""
    return template.get("templateName")


def _named(items: Sequence[ProjectTemplateReferenceV1], wanted: str) -> Sequence[ProjectTemplateReferenceV1]:
    return [item for item in items if item.get("templateName") == wanted]


def _alike(items: Sequence[ProjectTemplateReferenceV1], wanted: str) -> Sequence[ProjectTemplateReferenceV1]:
    """Choose what looks the same to people: blanks and the composition of accents do not count."""
    return [item for item in items if _seen(str(item.get("templateName"))) == _seen(wanted)]


def _seen(name: str) -> str:
    return " ".join(composed(name).split())


def _unknown(listed: Sequence[ProjectTemplateReferenceV1], wanted: str) -> PhraseInputError:
    names = [printable(str(item.get("templateName"))) for item in listed[:_MOST_NAMED]]
    there = "There are"
    if len(listed) > _MOST_NAMED:
        there = f"Of {len(listed)} that were looked at, the first are"
    return PhraseInputError(
        f"No project template has the name or uid '{printable(wanted)}'",
        hint="Check the spelling (names are compared exactly), and that the user of the API token "
        f"may see it. {there}: {', '.join(names) or 'none'}.",
    )
