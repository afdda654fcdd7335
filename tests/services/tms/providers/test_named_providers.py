"""What may be written for providers by language and step; the rest is refused beforehand."""

from __future__ import annotations

import json

import pytest
from task_runs import run

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.operators.tms.providers import PhraseTmsAssignProvidersOperator
from phrase_provider.services.tms.providers.named_providers import parse_names

PATCH = {"method": "PATCH", "path": "/v3/jobs$"}


@pytest.fixture
def project(phrase):
    """An imported file in two languages and two steps."""
    project_uid = phrase.project("de", "pt_br", steps=2)
    phrase.upload(project_uid, langs=["de", "pt_br"])
    phrase.import_files()
    phrase.forget()
    return project_uid


def assign(project_uid, providers):
    return run(PhraseTmsAssignProvidersOperator, project_uid=project_uid, providers=providers)


def given(phrase, project_uid):
    return {
        (part["targetLang"], level): [provider["id"] for provider in part["providers"]]
        for level in (1, 2)
        for part in phrase.client.jobs.list(project_uid, levels=[level])
    }


def test_by_language_and_step(phrase, project):
    names = {"de": {"translation": "tara@example.com", 2: ["Rita Reviser", "reviser"]}, "pt-BR": "vendor:41"}
    vendor = next(phrase.client.vendors.list())["uid"]
    result = assign(project, names | {"pt-BR": f"vendor:{vendor}"})
    assert given(phrase, project) == {
        ("de", 1): ["21"],
        ("de", 2): ["22", "22"],
        ("pt_br", 1): ["41"],
        ("pt_br", 2): ["41"],
    }
    assert result["assigned"] == 4
    assert phrase.simulator.mails() == []


def test_stars_stand_for_what_is_not_named(phrase, project):
    assign(project, {"de": {"2": "reviser"}, "*": {"1": "translator", "*": "proofreader"}})
    assert given(phrase, project) == {
        ("de", 1): [],
        ("de", 2): ["22"],
        ("pt_br", 1): ["21"],
        ("pt_br", 2): ["23"],
    }


def test_text_of_a_template_may_be_json(phrase, project):
    result = assign(project, json.dumps({"de": "translator"}))
    assert (result["assigned"], result["skipped"]) == (
        2,
        {"no provider is named for its language and step": 2},
    )


def test_parts_with_the_same_providers_share_a_call(phrase, project):
    assign(project, {"*": {"1": "translator", "2": "reviser"}})
    assert sorted(len(json.loads(sent["body"])["jobs"]) for sent in phrase.sent(**PATCH)) == [2, 2]


def test_assigned_jobs_are_left_to_those_who_have_them(phrase, project):
    assign(project, {"de": "translator"})
    result = assign(project, {"*": "proofreader"})
    assert (result["assigned"], result["already_assigned"]) == (2, 2)
    assert given(phrase, project)["de", 1] == ["21"]


def test_what_phrase_refuses_is_named_and_holds_no_other_back(phrase, project, capsys):
    error = {"code": "JobCannotAssignProviders", "message": "No such vendor", "args": {}}
    phrase.simulator.fault(**PATCH, status=200, body={"updated": 0, "errors": [error]})
    result = assign(project, {"*": {"1": "translator", "2": "reviser"}})
    assert (result["assigned"], result["skipped"]) == (2, {"unknown": 2})
    assert "JobCannotAssignProviders: No such vendor" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"de": {"Proofreading": "translator"}}, "has no workflow step 'Proofreading'"),
        ({"de": {"3": "translator"}}, "has no workflow step '3'"),
        ({"de": "nobody"}, "No user or vendor is called 'nobody'"),
        ({"Deutsch!": "translator"}, "'Deutsch!' is not a language tag"),
        ("{", "providers is not JSON"),
        ("[]", "providers is"),
        ({"de": []}, "is no name of a provider"),
        ({"de": {"1": 7}}, "is no name of a provider"),
        ({"de": " "}, "is no name of a provider"),
    ],
)
def test_bad_input_is_refused_before_anything_is_assigned(phrase, project, names, told):
    with pytest.raises(PhraseInputError) as refused:
        assign(project, names)
    assert told in refused.value.message
    assert phrase.sent(**PATCH) == []


def test_languages_may_be_written_in_any_form():
    assert list(parse_names({"pt-BR": "a", "zh_Hans_CN": "b", "*": "c"})) == ["pt_br", "zh_hans_cn", "*"]
