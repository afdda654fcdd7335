"""The body of requests for pre-translation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from phrase_provider.simulator.core.enums import CaseInsensitive
from phrase_provider.simulator.tms.schemas.base import ClosedSchema, DefaultFalse, DefaultTrue, OpenSchema
from phrase_provider.simulator.tms.schemas.jobs import HundredJobs  # noqa: TC001 - for pydantic

Share = Annotated[float, Field(ge=0, le=1)]
MatchShare = Annotated[float, Field(ge=0, le=1.01)]


class MachineTranslation(OpenSchema):
    """``PreTranslateJobSettingsV3DtoJobMachineTranslationSettingsV3DtoV3``."""

    use_machine_translation: DefaultTrue = True
    use_alt_trans_only: DefaultFalse = False
    machine_translation_behavior: (
        Annotated[Literal["APPLY_MT_ABOVE_THRESHOLD", "COMPARE_AND_BEST_MATCH"], CaseInsensitive()] | None
    ) = None
    mt_suggest_only_tm_below: DefaultTrue = True
    mt_suggest_only_tm_below_threshold: MatchShare | None = None
    confirm_matches: DefaultFalse = False
    confirm_matches_threshold: Share | None = None
    lock100_percent_matches: DefaultFalse = False
    lock_mt_threshold: Annotated[float, Field(ge=0, le=100)] | None = None
    lock_passed_quality_evaluation: DefaultFalse = False
    quality_profile_uid: str | None = None


class NonTranslatables(OpenSchema):
    """``PreTranslateJobSettingsV3DtoJobNonTranslatableSettingsV3DtoV3``."""

    pre_translate_non_translatables: DefaultTrue = True
    confirm100_percent_matches: DefaultFalse = False
    lock100_percent_matches: DefaultFalse = False


class TranslationMemory(OpenSchema):
    """``PreTranslateJobSettingsV3DtoJobTranslationMemorySettingsV3DtoV3``."""

    use_translation_memory: DefaultTrue = True
    translation_memory_threshold: MatchShare | None = None
    confirm100_percent_matches: DefaultFalse = False
    confirm101_percent_matches: DefaultFalse = False
    lock100_percent_matches: DefaultFalse = False
    lock101_percent_matches: DefaultFalse = False


class PreTranslateSettings(OpenSchema):
    """``PreTranslateJobSettingsV3DtoV3``."""

    auto_propagate_repetitions: DefaultFalse = False
    confirm_repetitions: DefaultFalse = False
    overwrite_existing_translations: DefaultFalse = False
    set_job_status_completed: DefaultFalse = False
    set_job_status_completed_when_confirmed: DefaultFalse = False
    set_project_status_completed: DefaultFalse = False
    machine_translation_settings: MachineTranslation | None = None
    non_translatable_settings: NonTranslatables | None = None
    translation_memory_settings: TranslationMemory | None = None


class PreTranslateJobs(ClosedSchema):
    """``PreTranslateJobsV3DtoV3``."""

    jobs: HundredJobs
    use_project_pre_translate_settings: DefaultFalse = False
    pre_translate_settings: PreTranslateSettings | None = None
    segment_filters: list[Annotated[Literal["LOCKED", "NOT_LOCKED"], CaseInsensitive()]] | None = None
    callback_url: str | None = None
