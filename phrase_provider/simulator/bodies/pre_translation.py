"""The body of requests for pre-translation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from phrase_provider.simulator.bodies.base import Closed, Open
from phrase_provider.simulator.bodies.jobs import HundredJobs  # noqa: TC001 - for pydantic

Share = Annotated[float, Field(ge=0, le=1)]
MatchShare = Annotated[float, Field(ge=0, le=1.01)]


class MachineTranslation(Open):
    """``PreTranslateJobSettingsV3DtoJobMachineTranslationSettingsV3DtoV3``."""

    use_machine_translation: bool = True
    use_alt_trans_only: bool = False
    machine_translation_behavior: Literal["APPLY_MT_ABOVE_THRESHOLD", "COMPARE_AND_BEST_MATCH"] | None = None
    mt_suggest_only_tm_below: bool = True
    mt_suggest_only_tm_below_threshold: MatchShare = 1.0
    confirm_matches: bool = False
    confirm_matches_threshold: Share = 1.0
    lock100_percent_matches: Annotated[bool, Field(alias="lock100PercentMatches")] = False
    lock_mt_threshold: Annotated[float, Field(ge=0, le=100)] = 100
    lock_passed_quality_evaluation: bool = False
    quality_profile_uid: str | None = None


class NonTranslatables(Open):
    """``PreTranslateJobSettingsV3DtoJobNonTranslatableSettingsV3DtoV3``."""

    pre_translate_non_translatables: bool = True
    confirm100_percent_matches: Annotated[bool, Field(alias="confirm100PercentMatches")] = False
    lock100_percent_matches: Annotated[bool, Field(alias="lock100PercentMatches")] = False


class TranslationMemory(Open):
    """``PreTranslateJobSettingsV3DtoJobTranslationMemorySettingsV3DtoV3``."""

    use_translation_memory: bool = True
    translation_memory_threshold: MatchShare = 0.7
    confirm100_percent_matches: Annotated[bool, Field(alias="confirm100PercentMatches")] = False
    confirm101_percent_matches: Annotated[bool, Field(alias="confirm101PercentMatches")] = False
    lock100_percent_matches: Annotated[bool, Field(alias="lock100PercentMatches")] = False
    lock101_percent_matches: Annotated[bool, Field(alias="lock101PercentMatches")] = False


class PreTranslateSettings(Open):
    """``PreTranslateJobSettingsV3DtoV3``."""

    auto_propagate_repetitions: bool = False
    confirm_repetitions: bool = False
    overwrite_existing_translations: bool = False
    set_job_status_completed: bool = False
    set_job_status_completed_when_confirmed: bool = False
    set_project_status_completed: bool = False
    machine_translation_settings: MachineTranslation = Field(default_factory=MachineTranslation)
    non_translatable_settings: NonTranslatables = Field(default_factory=NonTranslatables)
    translation_memory_settings: TranslationMemory = Field(default_factory=TranslationMemory)


class PreTranslateJobs(Closed):
    """``PreTranslateJobsV3DtoV3``."""

    jobs: HundredJobs
    use_project_pre_translate_settings: bool = False
    pre_translate_settings: PreTranslateSettings | None = None
    segment_filters: list[Literal["LOCKED", "NOT_LOCKED"]] = Field(default_factory=list)
    callback_url: str | None = None
