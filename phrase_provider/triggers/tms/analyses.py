"""A trigger for analyses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.triggers.tms.base import PhraseTmsWaitTrigger
from phrase_provider.waiting.tms.analyses import AnalysisFinished

if TYPE_CHECKING:
    from typing import Unpack

    from phrase_provider.triggers.wait import WaitOptions


class PhraseTmsAnalysisTrigger(PhraseTmsWaitTrigger):
    """
    Fires when an analysis has ended.

    :param analysis_uid: uid, or the id that its creation returns.
    """

    def __init__(self, *, analysis_uid: str, **wait: Unpack[WaitOptions]) -> None:
        super().__init__(**wait)
        self.analysis_uid = analysis_uid

    def condition(self) -> AnalysisFinished:
        """Return what is waited for."""
        return AnalysisFinished(self.analysis_uid)

    def serialize(self) -> tuple[str, dict[str, object]]:
        """Return class path and arguments."""
        path, kwargs = super().serialize()
        return path, {**kwargs, "analysis_uid": self.analysis_uid}
