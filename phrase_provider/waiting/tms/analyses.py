"""Waiting for an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from phrase_provider.api.tms.analyses import facts_of
from phrase_provider.exceptions import PhraseAsyncRequestError
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import OneByOne, PollKey
from phrase_provider.waiting.tms.job_texts import failure_reason

if TYPE_CHECKING:
    from phrase_provider.api.tms.analyses import AnalysisFacts
    from phrase_provider.api.tms.client import TmsClient


@dataclass(frozen=True, slots=True)
class AnalysisFinished(Condition):
    """
    An analysis has ended well.

    Source: ``GET /api2/v3/analyses/{analyseUid}``.

    :param analysis_uid: uid, or the id that its creation tells.
    """

    poll_interval: ClassVar[PollInterval] = MACHINE_WORK
    analysis_uid: str

    @property
    def title(self) -> str:
        return f"the end of analysis {self.analysis_uid}"

    def poll_key(self) -> PollKey:
        # Phrase lists the analyses of a project, but an analysis does not tell its project.
        return PollKey("analyses", OneByOne)

    def read(self, client: TmsClient) -> AnalysisFacts:
        return facts_of(client.analyses.get(self.analysis_uid), f"analysis {self.analysis_uid}")

    def evaluate(self, found: AnalysisFacts) -> PollResult:
        state, name = found["import_state"], f"analysis {self.analysis_uid}"
        if state == "ERROR":
            error = PhraseAsyncRequestError(
                f"{name.capitalize()} failed: {failure_reason(found)}",
                hint="Look at the analysis in Phrase, correct its cause, and make it again.",
            )
            return PollResult(False, f"{name} failed", error=error)
        if state != "OK":
            return PollResult(False, f"{name} is running")
        return PollResult(True, f"{name} has finished", {"analysis_uid": found["uid"]})
