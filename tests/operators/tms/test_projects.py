from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from task_runs import context

from phrase_provider.exceptions import PhraseInputError, PhraseOutcomeUnknownError
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

CREATE = {"method": "POST", "path": "applyTemplate"}


def task(**arguments):
    given = {"template": "Translation", "batch_id": "web-42", **arguments}
    return PhraseTmsCreateProjectFromTemplateOperator(task_id="task", **given)


def create(**arguments):
    return task(**arguments).execute(context())


def body(phrase):
    (request,) = phrase.sent(**CREATE)
    return json.loads(request["body"])


def test_project_is_created_as_asked(phrase):
    created = create(
        target_langs=["de", "pt-BR", "pt_BR"], due="2026-12-24T10:00:00+01:00", note="For the web"
    )
    sent = body(phrase)
    assert created == {
        "project_uid": next(phrase.client.projects.list())["uid"],
        "name": "Translation web-42",
        "template_uid": phrase.template()["uid"],
        "source_lang": "en",
        "target_langs": ["de", "pt_br"],
    }
    assert (sent["name"], sent["targetLangs"]) == ("Translation web-42", ["de", "pt_br"])
    assert sent["dateDue"].startswith("2026-12-24T09:00:00")
    assert sent["note"].startswith("For the web\n[airflow-provider-phrase batch ")


def test_template_decides_what_is_not_said(phrase):
    created = create(name="Shop web-42 spring")
    assert set(body(phrase)) == {"name", "note"}
    assert created["name"] == "Shop web-42 spring"
    assert "de" in created["target_langs"]


def test_template_may_be_given_by_uid(phrase):
    assert create(template=phrase.template(2)["uid"])["name"] == "Translation and Revision web-42"


def test_second_execution_finds_the_project(phrase):
    first = create()
    phrase.forget()
    assert create() == first
    assert phrase.costly() == []


@pytest.mark.parametrize(
    "other", [{"batch_id": "web-43"}, {"template": "Translation and Revision"}, {"batch_id": "web-4"}]
)
def test_another_batch_or_template_is_another_project(phrase, other):
    assert create(name="web-42 web-43")["project_uid"] != create(name="web-42 web-43", **other)["project_uid"]
    assert len(phrase.sent(**CREATE)) == 2


def test_project_of_the_same_name_made_by_a_person_is_not_taken(phrase):
    person = phrase.client.projects.create_from_template(phrase.template()["uid"], name="Translation web-42")
    assert create()["project_uid"] != person["uid"]


def test_two_runs_at_the_same_moment_keep_one_project(phrase):
    phrase.template()  # What is imported at first use is loaded now.
    phrase.simulator.fault(**CREATE, delay=0.5, times=2)
    with ThreadPoolExecutor(2) as runs:
        one, other = [run.result() for run in [runs.submit(create) for _ in range(2)]]
    assert one == other
    assert len(phrase.sent(**CREATE)) == 2
    assert [project["uid"] for project in phrase.client.projects.list()] == [one["project_uid"]]


def test_later_project_is_the_one_that_goes(phrase, once, capsys):
    earlier = []
    phrase.template()  # What is imported at first use is loaded now.
    phrase.simulator.fault(**CREATE, delay=2)
    once(lambda: phrase.sent(**CREATE), lambda: earlier.append(create()))
    created = create()
    assert earlier == [created]
    (removed,) = phrase.sent("DELETE")
    assert removed["path"].rpartition("/")[2] != created["project_uid"]
    assert "is empty and is removed" in capsys.readouterr().out


def test_renamed_project_is_found_by_its_batch_id(phrase):
    first = create()
    phrase.change_project(first["project_uid"], name="The shop (WEB-42), spring")
    assert create() == first | {"name": "The shop (WEB-42), spring"}
    assert len(phrase.sent(**CREATE)) == 1


def test_archived_project_is_named_and_none_created(phrase):
    first = create()
    phrase.change_project(first["project_uid"], archived=True)
    phrase.forget()
    with pytest.raises(PhraseInputError, match=rf"{first['project_uid']}.*'web-42' is archived.*Unarchive"):
        create()
    assert phrase.costly() == []


@pytest.mark.parametrize(
    ("other", "told"),
    [
        ({"source_lang": "fr"}, "translates from en, not from fr.*another batch id"),
        ({"target_langs": ["de", "ja", "pt-BR"]}, "has no ja, pt_br, only de.*Add the language"),
    ],
)
def test_project_with_other_languages_is_not_taken(phrase, other, told):
    create(target_langs="de")
    phrase.forget()
    with pytest.raises(PhraseInputError, match=told):
        create(**other)
    assert phrase.costly() == []


def test_project_gets_the_languages_that_it_lacks_when_that_is_asked_for(phrase):
    first = create(target_langs=["de"])
    phrase.forget()
    again = create(target_langs=["de", "fr"], add_languages="True")
    assert again == first | {"target_langs": ["de", "fr"]}
    assert len(phrase.sent("POST", "/targetLangs$")) == 1
    phrase.forget()
    assert create(target_langs="fr", add_languages=True) == again
    assert phrase.sent("POST", "applyTemplate|targetLangs") == []


def test_some_of_the_languages_of_the_project_will_do(phrase):
    first = create(target_langs=["de", "pt-BR"], source_lang="en")
    assert create(target_langs="pt_br", source_lang="EN") == first


@pytest.mark.parametrize(("batch_id", "same"), [(" b1 ", "b1"), (17, "17")])
def test_batch_id_is_the_same_in_whatever_form(phrase, batch_id, same):
    created = create(batch_id=batch_id)
    assert created["name"] == f"Translation {same}"
    assert create(batch_id=same) == created
    assert len(phrase.sent(**CREATE)) == 1


def test_note_is_kept_beside_the_marker(phrase):
    text = "For the web.\n\nAsk Anna: größer?"
    created = create(note=text)
    note = phrase.client.projects.get(created["project_uid"])["note"]
    assert note.startswith(f"{text}\n[")
    assert create(note="Another text") == created


def test_note_that_leaves_no_room_for_the_marker_is_refused(phrase):
    phrase.forget()
    with pytest.raises(PhraseInputError, match=r"Phrase takes 4096"):
        create(note="x" * 4000)
    assert phrase.costly() == []


def test_lost_answer_after_the_effect_is_looked_up(phrase):
    phrase.simulator.fault(**CREATE, reset_after=True)
    created = create()
    assert len(phrase.sent(**CREATE)) == 1
    assert [project["uid"] for project in phrase.client.projects.list()] == [created["project_uid"]]


@pytest.mark.parametrize("fault", [{"reset_before": True}, {"status": 503}, {"html": 502}])
def test_unclear_answer_without_effect_is_not_sent_again_before_a_retry(phrase, fault):
    phrase.simulator.fault(**CREATE, **fault)
    with pytest.raises(PhraseOutcomeUnknownError, match=r"not known whether POST .* took effect"):
        create()
    assert len(phrase.sent(**CREATE)) == 1
    assert list(phrase.client.projects.list()) == []
    create()
    assert len(phrase.sent(**CREATE)) == 2


def test_effect_that_comes_late_is_waited_for(phrase, after_request, monkeypatch):
    monkeypatch.setenv("AIRFLOW__PHRASE__RECONCILIATION_TIMEOUT", "30")
    phrase.simulator.fault(**CREATE, status=504)
    after_request(CREATE["path"], create, method="POST")
    assert create()["project_uid"]
    assert len(phrase.sent(**CREATE)) == 2
    assert len(list(phrase.client.projects.list())) == 1


def test_refusal_for_the_rate_is_repeated(phrase):
    phrase.simulator.fault(**CREATE, status=429, headers={"Retry-After": "0"}, times=2)
    create()
    assert len(phrase.sent(**CREATE)) == 3
    assert len(list(phrase.client.projects.list())) == 1


@pytest.mark.parametrize("batch_id", ["", "  ", None])
def test_batch_id_is_required(phrase, batch_id):
    with pytest.raises(PhraseInputError, match=r"batch id is empty.*Name the content"):
        create(batch_id=batch_id)
    assert phrase.sent() == []


def test_long_name_is_refused(phrase):
    with pytest.raises(PhraseInputError, match=r"has 256 characters, Phrase takes 255.*Shorten"):
        create(batch_id="b" * 244)
    assert phrase.costly() == []
    assert len(create(batch_id="b" * 243)["name"]) == 255


def test_link_to_the_project_works_as_soon_as_it_exists(phrase):
    told = context()
    created = task().execute(told)
    assert told["ti"].xcoms == {
        "phrase_project_url": f"{phrase.simulator.tms_url}/project2/show/{created['project_uid']}"
    }


def test_result_is_small(phrase):
    assert len(json.dumps(create())) < 1000


def test_template_may_be_given_by_its_numeric_id(phrase):
    template = phrase.client.templates.get(phrase.template(2)["uid"])
    assert create(template=template["id"])["template_uid"] == template["uid"]
    assert create(template=int(template["id"]))["template_uid"] == template["uid"]
