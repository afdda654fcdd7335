"""Project templates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.paging import iterate
from phrase_provider.api.session import Call
from phrase_provider.exceptions import PhraseInputError, PhraseNotFoundError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from phrase_provider.api.session import PhraseSession

LIST = Endpoint("GET", "/api2/v1/projectTemplates")
GET = Endpoint("GET", "/api2/v1/projectTemplates/{template_uid}")


class Templates:
    """
    Reads project templates.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def list(self, name: str | None = None) -> Iterator[dict[str, Any]]:
        """
        Yield references ``{uid, templateName, …}``.

        Source: ``GET /api2/v1/projectTemplates``.

        :param name: part of the name.
        """
        return iterate(self._session, LIST, query={"name": name, "sort": "templateName", "direction": "asc"})

    def get(self, template_uid: str) -> dict[str, Any]:
        """
        Read one template, with its languages and workflow steps.

        Source: ``GET /api2/v1/projectTemplates/{templateUid}``. Its ``templateName`` is the name of
        the template; ``name`` is that of the project it was made from.

        :param template_uid: uid.
        :raises PhraseNotFoundError: no such template.
        """
        template: dict[str, Any] = self._session.json(
            Call(GET, {"template_uid": template_uid}, expect=("uid",))
        )
        return template

    def find(self, template: str) -> dict[str, Any]:
        """
        Find a template by uid or by exact name.

        Phrase filters names by part only, so the exact match is made here.

        :param template: uid or name.
        :return: the template as :meth:`get` gives it.
        :raises PhraseInputError: none is called so, or several are; a blank name is refused before
            anything is sent.
        """
        if not template.strip():
            raise PhraseInputError(
                "The name of the project template is blank",
                hint="Give the uid or the exact name of a project template.",
            )
        named = [item for item in self.list(template) if item.get("templateName") == template]
        if len(named) > 1:
            uids = ", ".join(sorted(item["uid"] for item in named))
            raise PhraseInputError(
                f"{len(named)} project templates are named {template!r}: {uids}",
                hint="Give the uid of the one you mean instead of the name.",
            )
        return self.get(named[0]["uid"]) if named else self._by_uid(template)

    def _by_uid(self, template: str) -> dict[str, Any]:
        try:
            return self.get(template)
        except PhraseNotFoundError as error:
            raise PhraseInputError(
                f"No project template has the name or uid {template!r}",
                hint="Check the spelling (names are compared exactly), and that the user of the API token "
                f"may see it. There are: {self._names()}.",
            ) from error

    def _names(self) -> str:
        names = [str(item.get("templateName")) for item, _ in zip(self.list(), range(20), strict=False)]
        return ", ".join(names) or "none"
