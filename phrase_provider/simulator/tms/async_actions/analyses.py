"""Analyses: word counts by language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.async_actions.base import AsyncTask
from phrase_provider.simulator.tms.entities import ImportStatus
from phrase_provider.simulator.tms.entities.analyses import LanguagePart
from phrase_provider.simulator.tms.entities.word_counts import count
from phrase_provider.simulator.tms.events import AnalysisCreated

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.async_actions.base import Failure
    from phrase_provider.simulator.tms.entities import AsyncAction, AsyncRequest, JobPart
    from phrase_provider.simulator.tms.entities.analyses import Analysis
    from phrase_provider.simulator.tms.state import State


@dataclass(eq=False)
class AnalysisTask(AsyncTask):
    """Counts the words of an analysis."""

    analysis: Analysis
    action: AsyncAction
    duration = "analyse_seconds"

    def run(self, state: State, _: AsyncRequest, parts: list[JobPart], at: float) -> Failure:
        error = self._planned_failure(parts)
        self.analysis.error = error
        self.analysis.status = ImportStatus.ERROR if error else ImportStatus.OK
        if error:
            return "AnalyseFailed", error
        for language in dict.fromkeys(part.target_lang for part in parts):
            jobs = tuple(part for part in parts if part.target_lang == language)
            tally = count(jobs, self.analysis.options)
            found = LanguagePart(str(state.ids.number("analysis part")), language, jobs, tally)
            self.analysis.languages.append(found)
        state.events.publish(AnalysisCreated(self.analysis, at))
        return None

    @property
    def result(self) -> Analysis:
        return self.analysis
