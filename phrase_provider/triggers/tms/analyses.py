"""Waiting for analyses."""

from __future__ import annotations

from typing import Any

from phrase_provider.triggers.wait import PhraseWaitTrigger
from phrase_provider.waiting.tms.conditions import AnalysisFinished


class PhraseTmsAnalysisTrigger(PhraseWaitTrigger):
    """
    Fires when an analysis has ended.

    :param analysis_uid: uid, or the id that its creation tells.
    """

    def __init__(self, *, analysis_uid: str, **wait: Any) -> None:
        super().__init__(**wait)
        self.analysis_uid = analysis_uid

    def condition(self) -> AnalysisFinished:
        """Give what is waited for."""
        return AnalysisFinished(self.analysis_uid)

    def serialize(self) -> tuple[str, dict[str, Any]]:
        """Give class and arguments."""
        path, kwargs = super().serialize()
        return path, {**kwargs, "analysis_uid": self.analysis_uid}
