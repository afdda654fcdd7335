"""Analyses: word counts by language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.simulator.core.clock import rest_date
from phrase_provider.simulator.tms.entities.word_counts import Counts, total
from phrase_provider.simulator.tms.serializers.common import project_reference, user

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart
    from phrase_provider.simulator.tms.entities.analyses import Analysis, LanguagePart
    from phrase_provider.simulator.tms.entities.word_counts import Tally
    from phrase_provider.simulator.tms.serializers.common import Json

_JOBS = 100
"""Maximum number of jobs of a language in answers."""
_WORDS_OF_PAGE = 250
_SCORES = ("match0", "match50", "match75", "match85", "match95", "match100")
_SETTINGS = {
    "analyzeByLanguage": False,
    "analyzeByProvider": False,
    "countSourceUnits": True,
    "includeConfirmedSegments": True,
    "includeLockedSegments": True,
    "includeNotConfirmedSegments": True,
    "includeNumbers": True,
    "includeTransMemory": True,
}
"""The options in answers, and their defaults."""
_KINDS = {
    "transMemoryMatches": (*_SCORES, "match101"),
    "machineTranslationMatches": _SCORES,
    "nonTranslatablesMatches": _SCORES,
    "internalFuzzyMatches": _SCORES,
}


def analysis_item(analysis: Analysis) -> Json:
    """Return ``AnalyseReferenceV1``, the item of lists."""
    return {
        **_any_analysis(analysis),
        "innerId": str(analysis.inner_id),
        "analyseLanguageParts": [_language(analysis, found) for found in analysis.languages],
    }


def analysis(analysis: Analysis) -> Json:
    """Return ``AnalyseV3DtoV3``, the answer of get analysis; no net rate scheme discounts anything."""
    return {
        **_any_analysis(analysis),
        "innerId": analysis.inner_id,
        "project": project_reference(analysis.project),
        "canChangeNetRateScheme": True,
        "settings": _settings(analysis),
        "analyseLanguageParts": [
            {
                **_language(analysis, found),
                "data": _data(found.tally),
                "discountedData": _data(found.tally),
                "transMemories": [],
            }
            for found in analysis.languages
        ],
    }


def _any_analysis(analysis: Analysis) -> Json:
    return {
        "id": analysis.id,
        "uid": analysis.uid,
        "name": analysis.name,
        "type": analysis.type,
        "dateCreated": rest_date(analysis.created),
        "createdBy": user(analysis.created_by),
        "provider": analysis.provider,
        "netRateScheme": None,
        "importStatus": {"status": analysis.status, "errorMessage": analysis.error},
        "outdated": analysis.outdated,
        "pureWarnings": [],
    }


def _settings(analysis: Analysis) -> Json:
    """Return ``AbstractAnalyseSettingsDtoV1``."""
    return {
        "type": analysis.type,
        "allowAutomaticPostAnalysis": False,
        "namingPattern": None,
        **{name: analysis.options.get(name, default) for name, default in _SETTINGS.items()},
    }


def _language(analysis: Analysis, found: LanguagePart) -> Json:
    return {
        "id": found.id,
        "sourceLang": analysis.project.source_lang,
        "targetLang": found.language,
        "jobs": [_job(part) for part in found.jobs[:_JOBS]],
    }


def _job(part: JobPart) -> Json:
    return {
        "uid": part.uid,
        "jobUid": part.job.uid,
        "filename": part.file.name,
        "innerId": part.job.inner_id,
    }


def _data(tally: Tally) -> Json:
    """Return ``AnalyseLanguagePartV3DtoDataDtoV3``."""
    everything = total(tally)

    def shape(kind: str, score: str | None = None) -> Json:
        return _counts(tally.get((kind, score), Counts()), everything.words)

    return {
        "available": True,
        "estimate": False,
        "all": _counts(everything, everything.words),
        "repetitions": shape("repetitions"),
        **{kind: {score: shape(kind, score) for score in scores} for kind, scores in _KINDS.items()},
    }


def _counts(counts: Counts, words: int) -> Json:
    """
    Return ``AnalyseLanguagePartV3DtoCountsDtoV3``.

    :param words: of which ``counts`` are a share.
    """
    return {
        "words": counts.words,
        "segments": counts.segments,
        "characters": counts.characters,
        "normalizedPages": round(counts.words / _WORDS_OF_PAGE, 2),
        "percent": round(100 * counts.words / words, 2) if words else 0,
        "editingTime": 0,
    }
