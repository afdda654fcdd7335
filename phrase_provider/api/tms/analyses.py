"""The resource of analyses, which count the words of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.fields import text
from phrase_provider.api.session import Call
from phrase_provider.api.tms.imports import ImportFacts, import_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from phrase_provider.api.session import PhraseSession
    from phrase_provider.api.tms.models import AnalyseV3DtoV3

GET = Endpoint("GET", "/api2/v3/analyses/{analysis_uid}", success=200)


class AnalysisFacts(ImportFacts):
    """An analysis as far as a wait evaluates it: it has ended when its import is ``OK`` or ``ERROR``."""

    uid: str


def facts_of(analysis: Mapping[str, object], owner: str) -> AnalysisFacts:
    """
    Return the facts of an analysis.

    :param analysis: as Phrase shows it.
    :param owner: what it is, for the message.
    :raises PhraseServerError: a field that is needed is missing or malformed; it is named.
    """
    return {"uid": text(analysis, "uid", owner), **import_facts(analysis, owner)}


class Analyses:
    """
    Analyses of jobs.

    :param session: for the TMS base URL.
    """

    def __init__(self, session: PhraseSession) -> None:
        self._session = session

    def get(self, analysis_uid: str) -> AnalyseV3DtoV3:
        """
        Return an analysis; it has ended when its ``importStatus`` is ``OK`` or ``ERROR``.

        Source: ``GET /api2/v3/analyses/{analyseUid}``.

        :param analysis_uid: uid, or the id that its creation tells.
        :raises PhraseNotFoundError: there is no such analysis.
        """
        analysis: AnalyseV3DtoV3 = self._session.json(
            Call(GET, {"analysis_uid": analysis_uid}, expect=("importStatus",))
        )
        return analysis
