"""What Airflow wants to know of this provider; imported in every Airflow process."""

from __future__ import annotations

from typing import Any

from phrase_provider import __version__
from phrase_provider.config import config_info
from phrase_provider.connection_form import (
    CONNECTION_TYPE,
    HOOK_CLASS,
    HOOK_NAME,
    conn_fields,
    ui_field_behaviour,
)

_TMS = "Phrase TMS"


def get_provider_info() -> dict[str, Any]:
    """Return the description of the provider; source: ``provider_info.schema.json`` of Airflow."""
    return {
        "package-name": "airflow-provider-phrase",
        "name": "Phrase",
        "description": "Localization with `Phrase <https://phrase.com/>`__ TMS (Phrase Strings: not yet).",
        "versions": [__version__],
        "integrations": [
            {
                "integration-name": _TMS,
                "external-doc-url": "https://developers.phrase.com/en/api/tms/latest/introduction",
                "tags": ["service"],
            }
        ],
        "connection-types": [
            {
                "connection-type": CONNECTION_TYPE,
                "hook-class-name": HOOK_CLASS,
                "hook-name": HOOK_NAME,
                "conn-fields": conn_fields(),
                "ui-field-behaviour": ui_field_behaviour(),
            }
        ],
        "config": config_info(),
        "hooks": [_modules("hooks.phrase", "hooks.tms")],
        "operators": [
            _modules(
                "operators.manifest",
                "operators.plan",
                "operators.tms.changes",
                "operators.tms.projects",
                "operators.tms.collect_jobs",
                "operators.tms.jobs",
                "operators.tms.languages",
                "operators.tms.providers",
                "operators.tms.exports",
                "operators.tms.sync_sources",
                "operators.tms.delivery_report",
                "operators.tms.translate",
                "operators.tms.run_report",
            )
        ],
        "sensors": [_modules("sensors.tms.async_requests", "sensors.tms.jobs")],
        "triggers": [
            _modules(
                "triggers.tms.analyses",
                "triggers.tms.async_requests",
                "triggers.tms.imports",
                "triggers.tms.jobs",
                "triggers.tms.ready_jobs",
            )
        ],
        "extra-links": [
            "phrase_provider.links.PhraseTmsProjectLink",
            "phrase_provider.links.PhraseTmsJobLink",
            "phrase_provider.links.PhraseProgressLink",
        ],
    }


def _modules(*names: str) -> dict[str, object]:
    return {
        "integration-name": _TMS,
        "python-modules": [f"phrase_provider.{name}" for name in names],
    }
