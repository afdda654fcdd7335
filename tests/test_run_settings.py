from __future__ import annotations

from types import SimpleNamespace

import pytest
from airflow.sdk import DAG, Param
from jinja2 import Environment

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.run_settings import required_setting, setting

PARAMS = {
    "source": Param(None, type=["null", "string"]),
    "langs": Param(None, type=["null", "array"], items={"type": "string"}),
    "limit": Param(10, type="integer", minimum=1),
    "assign": Param(True, type="boolean"),
}


@pytest.fixture
def render():
    """Renders a template of a run, as Airflow does."""

    def run(template, conf=None, variable=None):
        env = Environment(autoescape=False)
        env.globals.update(setting=setting, required=required_setting)
        dag = DAG("nightly", schedule=None, params=PARAMS)
        variables = {} if variable is None else {"nightly": variable}
        return env.from_string(template).render(
            dag=dag,
            dag_run=SimpleNamespace(conf=conf),
            params=dag.params.dump() | (conf or {}),
            var={"json": variables, "value": {}},
        )

    return run


@pytest.mark.parametrize(
    ("conf", "variable", "rendered"),
    [
        (None, None, "10"),
        (None, {"limit": 20}, "20"),
        ({"limit": 30}, {"limit": 20}, "30"),
        ({"limit": None}, {"limit": 20}, "20"),
        ({}, {"source": "/in"}, "10"),
    ],
)
def test_form_counts_before_the_variable_and_that_before_the_default(render, conf, variable, rendered):
    assert render("{{ setting('limit') }}", conf, variable) == rendered


def test_switch_that_is_off_is_no_empty_field(render):
    assert render("{{ setting('assign') }}", {"assign": False}, {"assign": True}) == "False"
    assert render("{{ setting('assign') }}", None, {"assign": False}) == "False"


def test_what_nobody_gave_is_empty(render):
    assert render("{{ setting('source') }}") == ""
    assert render("{{ setting('langs') | join(',') }}", None, {"langs": ["de", "fr"]}) == "de,fr"


def test_what_a_run_cannot_do_without_is_asked_for(render):
    assert render("{{ required('source') }}", None, {"source": "/in"}) == "/in"
    with pytest.raises(PhraseInputError, match=r"source is not given.*variable nightly"):
        render("{{ required('source') }}", {"source": ""})


@pytest.mark.parametrize(
    ("variable", "told"),
    [
        ({"sources": "/in"}, "unknown names: sources"),
        (["/in"], "no JSON object"),
        ({"source": ["/in"]}, "source in the Airflow variable nightly cannot be used"),
    ],
)
def test_variable_that_cannot_be_meant_is_refused(render, variable, told):
    with pytest.raises(PhraseInputError, match=told):
        render("{{ setting('source') }}", None, variable)
