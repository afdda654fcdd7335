"""Values of a run, for templates: of its form, or of the Airflow variable that is named as the DAG."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from jinja2 import pass_context

from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_EMPTY: tuple[object, ...] = (None, "", [])


@pass_context
def setting(context: Mapping[str, Any], name: str) -> Any:
    """
    Return a value of a run; ``""`` for none.

    What its form, or whoever triggered it, has given counts. What is empty there, and each value of a
    scheduled run, is taken from the Airflow variable that is named as the DAG, a JSON object; and what that
    lacks is the default of the param.

    :param context: of the template.
    :param name: of the param.
    :raises PhraseInputError: the variable is no object, has names that are no params, or a value that the
        form would refuse.
    """
    given = (context["dag_run"].conf or {}).get(name)
    if given in _EMPTY:
        given = _of_variable(context, name)
    if given in _EMPTY:
        given = context["params"][name]
    return "" if given is None else given


@pass_context
def required_setting(context: Mapping[str, Any], name: str) -> Any:
    """
    Return a value of a run without which it cannot begin.

    :param context: of the template.
    :param name: of the param.
    :raises PhraseInputError: there is none; or as :func:`setting` tells.
    """
    given = setting(context, name)
    if given in _EMPTY:
        raise PhraseInputError(
            f"{name} is not given",
            hint="Fill it in when you trigger the DAG, or put it into the Airflow variable "
            f"{_name(context)}, which scheduled runs take.",
        )
    return given


def _of_variable(context: Mapping[str, Any], name: str) -> object:
    from airflow.providers.common.compat.sdk import ParamValidationError

    value = _variable(context).get(name)
    if value is None:
        return None
    try:
        # A copy: it keeps what it resolves.
        copy(context["dag"].params.get_param(name)).resolve(value)
    except ParamValidationError as error:
        raise PhraseInputError(
            f"{name} in the Airflow variable {_name(context)} cannot be used: {error}",
            hint="Write it as the form of the DAG has it.",
        ) from error
    return value


def _variable(context: Mapping[str, Any]) -> Mapping[str, Any]:
    values = context["var"]["json"].get(_name(context), {})
    if not isinstance(values, dict):
        raise PhraseInputError(
            f"The Airflow variable {_name(context)} is no JSON object",
            hint='Write it as {"source": "…", "target_langs": ["de"], …}.',
        )
    if unknown := sorted(set(values) - set(context["params"])):
        raise PhraseInputError(
            f"The Airflow variable {_name(context)} has unknown names: {', '.join(unknown)}",
            hint=f"The DAG knows {', '.join(sorted(context['params']))}.",
        )
    return values


def _name(context: Mapping[str, Any]) -> str:
    return str(context["dag"].dag_id)
