"""The connection form for Airflow 3.1, which does not read it from provider info."""

from __future__ import annotations

from typing import TYPE_CHECKING

from phrase_provider.connection_form import FIELDS, FormField, ui_field_behaviour

if TYPE_CHECKING:
    from wtforms import Field


def form_widgets() -> dict[str, Field]:
    """Return the table of :mod:`phrase_provider.connection_form` as WTForms fields."""
    return {field.name: _widget(field) for field in FIELDS}


def field_behaviour() -> dict[str, object]:
    """Return the behaviour of the standard fields with the key names of hook methods."""
    return {key.replace("-", "_"): value for key, value in ui_field_behaviour().items()}


def _widget(field: FormField) -> Field:
    # Airflow 3.1 provides stand-ins for both where they are not installed.
    from wtforms import BooleanField, IntegerField, StringField
    from wtforms.validators import Optional, any_of

    kinds = {"boolean": BooleanField, "integer": IntegerField, "string": StringField}
    validators = [Optional(), *([any_of(list(field.choices))] if field.choices else [])]
    return kinds[field.kind](
        field.label, validators=validators, description=field.description, default=field.default
    )
