from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest
from airflow.sdk import BaseOperator

import phrase_provider
from phrase_provider.exceptions import PhraseGatewayError, PhraseInputError
from phrase_provider.failure_log import ENTRIES, FailureLogMixin, describe
from phrase_provider.operators.plan import PhrasePlanOperator

PACKAGE = Path(phrase_provider.__file__).parent
FILES = [file for room in ("operators", "sensors") for file in sorted((PACKAGE / room).rglob("*.py"))]


def operators():
    for file in FILES:
        module = import_module(".".join(file.relative_to(PACKAGE.parent).with_suffix("").parts))
        yield from (
            kind
            for kind in vars(module).values()
            if isinstance(kind, type)
            and issubclass(kind, BaseOperator)
            and kind.__module__ == module.__name__
        )


def test_every_operator_and_sensor_tells_its_failures():
    kinds = list(operators())
    assert len(kinds) >= 10
    assert [kind for kind in kinds if not issubclass(kind, FailureLogMixin)] == []
    # Whatever Airflow is told to call is known to tell.
    entries = {name for kind in kinds for name in vars(kind) if name.startswith("execute")}
    assert entries == set(ENTRIES)


class Twice(PhrasePlanOperator):
    """A user's own operator."""

    def execute(self, context):
        return super().execute(context)


def test_failure_is_told_once_also_by_subclasses(capsys):
    task = Twice(task_id="task", source="/nowhere/*.md", target_langs="de", target_folder="/tmp/out")
    with pytest.raises(PhraseInputError):
        task.execute({})
    assert capsys.readouterr().out.count("nothing matches /nowhere/*.md. What to do: Check the glob") == 1


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        ({}, "It broke."),
        ({"hint": "Mend it."}, "It broke. What to do: Mend it."),
        ({"description": "no filter", "status": 400}, "It broke. Phrase says: no filter."),
        ({"description": "broke", "hint": "Mend it"}, "It broke. What to do: Mend it."),
    ],
)
def test_line_has_cause_and_remedy(facts, line):
    assert describe(PhraseInputError("It broke", **facts)) == line


def test_page_of_a_proxy_is_not_what_phrase_says():
    error = PhraseGatewayError("It broke", description="an HTML page titled 'Sign in'", status=404)
    assert describe(error) == "It broke. The answer: an HTML page titled 'Sign in'."
