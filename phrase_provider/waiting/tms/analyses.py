"""Waiting for an analysis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from phrase_provider.api.fields import text
from phrase_provider.exceptions import PhraseAsyncRequestError
from phrase_provider.waiting.conditions import MACHINE_WORK, Condition, PollInterval, PollResult
from phrase_provider.waiting.readers import OneByOne, PollKey
from phrase_provider.waiting.tms.import_status import failure_reason, import_state, import_status

if TYPE_CHECKING:
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

    def read(self, client: TmsClient) -> dict[str, Any]:
        found, owner = client.analyses.get(self.analysis_uid), f"analysis {self.analysis_uid}"
        return {"uid": text(found, "uid", owner), "importStatus": import_status(found, owner)}

    def evaluate(self, found: dict[str, Any]) -> PollResult:
        state, name = import_state(found), f"analysis {self.analysis_uid}"
        if state == "ERROR":
            error = PhraseAsyncRequestError(
                f"{name.capitalize()} failed: {failure_reason(found)}",
                hint="Look at the analysis in Phrase, correct its cause, and make it again.",
            )
            return PollResult(False, f"{name} failed", error=error)
        if state != "OK":
            return PollResult(False, f"{name} is running")
        return PollResult(True, f"{name} has finished", {"analysis_uid": found["uid"]})
