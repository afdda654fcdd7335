"""The connection form as Airflow 3.1 reads it from the hook: the same as what provider info says."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from airflow.api_fastapi.core_api.services.ui.connections import HookMetaService

from phrase_provider.connection_form import FIELDS, conn_fields, ui_field_behaviour
from phrase_provider.hooks.phrase import PhraseHook


@pytest.fixture
def stand_ins(monkeypatch):
    """Airflow's own, which take the place of WTForms where that is not installed."""
    fields = SimpleNamespace(
        BooleanField=HookMetaService.MockBooleanField,
        IntegerField=HookMetaService.MockIntegerField,
        StringField=HookMetaService.MockStringField,
    )
    validators = SimpleNamespace(Optional=HookMetaService.MockOptional, any_of=HookMetaService.MockEnum)
    monkeypatch.setitem(sys.modules, "wtforms", fields)
    monkeypatch.setitem(sys.modules, "wtforms.validators", validators)


@pytest.mark.usefixtures("stand_ins")
def test_each_field_is_shown_as_provider_info_describes_it():
    widgets, table = PhraseHook.get_connection_form_widgets(), conn_fields()
    assert list(widgets) == list(table)
    for field in FIELDS:
        shown = widgets[field.name].param
        assert shown.schema["title"] == table[field.name]["label"]
        assert shown.description == table[field.name]["description"]
        assert shown.value == field.default
        assert field.kind in shown.schema["type"]
        assert tuple(shown.schema.get("enum", ())) == field.choices


def test_standard_fields_behave_as_provider_info_says():
    behaviour = PhraseHook.get_ui_field_behaviour()
    assert set(behaviour) == {"hidden_fields", "relabeling", "placeholders"}
    assert behaviour["hidden_fields"] == ui_field_behaviour()["hidden-fields"]
    assert behaviour["relabeling"] == ui_field_behaviour()["relabeling"]
