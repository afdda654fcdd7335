"""The body of requests for pre-translation."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from phrase_provider.simulator.core.any_case import AnyCase
from phrase_provider.simulator.tms.schemas.base import Closed, Off, On, Open
from phrase_provider.simulator.tms.schemas.jobs import HundredJobs  # noqa: TC001 - for pydantic

Share = Annotated[float, Field(ge=0, le=1)]
MatchShare = Annotated[float, Field(ge=0, le=1.01)]


class MachineTranslation(Open):
    """``PreTranslateJobSettingsV3DtoJobMachineTranslationSettingsV3DtoV3``."""

    use_machine_translation: On = True
    use_alt_trans_only: Off = False
    machine_translation_behavior: (
        Annotated[Literal["APPLY_MT_ABOVE_THRESHOLD", "COMPARE_AND_BEST_MATCH"], AnyCase()] | None
    ) = None
    mt_suggest_only_tm_below: On = True
    mt_suggest_only_tm_below_threshold: MatchShare | None = None
    confirm_matches: Off = False
    confirm_matches_threshold: Share | None = None
    lock100_percent_matches: Off = False
    lock_mt_threshold: Annotated[float, Field(ge=0, le=100)] | None = None
    lock_passed_quality_evaluation: Off = False
    quality_profile_uid: str | None = None


class NonTranslatables(Open):
    """``PreTranslateJobSettingsV3DtoJobNonTranslatableSettingsV3DtoV3``."""

    pre_translate_non_translatables: On = True
    confirm100_percent_matches: Off = False
    lock100_percent_matches: Off = False


class TranslationMemory(Open):
    """``PreTranslateJobSettingsV3DtoJobTranslationMemorySettingsV3DtoV3``."""

    use_translation_memory: On = True
    translation_memory_threshold: MatchShare | None = None
    confirm100_percent_matches: Off = False
    confirm101_percent_matches: Off = False
    lock100_percent_matches: Off = False
    lock101_percent_matches: Off = False


class PreTranslateSettings(Open):
    """``PreTranslateJobSettingsV3DtoV3``."""

    auto_propagate_repetitions: Off = False
    confirm_repetitions: Off = False
    overwrite_existing_translations: Off = False
    set_job_status_completed: Off = False
    set_job_status_completed_when_confirmed: Off = False
    set_project_status_completed: Off = False
    machine_translation_settings: MachineTranslation | None = None
    non_translatable_settings: NonTranslatables | None = None
    translation_memory_settings: TranslationMemory | None = None


class PreTranslateJobs(Closed):
    """``PreTranslateJobsV3DtoV3``."""

    jobs: HundredJobs
    use_project_pre_translate_settings: Off = False
    pre_translate_settings: PreTranslateSettings | None = None
    segment_filters: list[Annotated[Literal["LOCKED", "NOT_LOCKED"], AnyCase()]] | None = None
    callback_url: str | None = None
