"""Languages for files that are in Phrase: cloned once, whatever happens on the way."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from ledger_thing import Store

from phrase_provider.api.tms.job_parts import level_of, target_lang_of
from phrase_provider.exceptions import (
    PhraseImportError,
    PhraseInputError,
    PhraseJobNotReadyError,
    PhraseOutcomeUnknownError,
    PhraseServerError,
    PhraseValidationError,
)
from phrase_provider.idempotency.ledger import Ledger
from phrase_provider.services.tms.job_search import path_of
from phrase_provider.services.tms.languages import language_additions
from phrase_provider.services.tms.languages.clone_sources import FileLanguages
from phrase_provider.services.tms.languages.language_additions import LanguageAdditions

CLONE = {"method": "POST", "path": "/jobs/clone$"}
LIST = {"method": "GET", "path": r"/v2/projects/\w+/jobs$"}
log = logging.getLogger(__name__)


@pytest.fixture
def add(phrase):
    """Add languages to files by path, as a task of its own unless a ledger is given."""

    def run(project_uid, paths, *langs, ledger=None):
        project = phrase.client.projects.get(project_uid)
        files = [FileLanguages(path, langs) for path in paths]
        return LanguageAdditions(phrase.client, project, ledger or Ledger("run", Store()), log).add(files)

    return run


@pytest.fixture
def project(phrase):
    """A project with imported jobs of some files in `de` and `fr`."""

    def make(*names, steps=1):
        project_uid = phrase.project("de", "fr", steps=steps)
        for name in names:
            phrase.upload(project_uid, name, ("de", "fr"))
        phrase.import_files()
        phrase.forget()
        return project_uid

    return make


def pairs(phrase, project_uid):
    """Give file, language and level of all parts of a project."""
    parts = phrase.client.jobs.list(project_uid)
    return sorted((path_of(part), target_lang_of(part), level_of(part)) for part in parts)


def asked(request):
    """Give the languages that a clone request wants, by job."""
    entries = json.loads(request["body"])["jobPartTargetLangs"]
    return {entry["jobPart"]["uid"]: entry["targetLangs"] for entry in entries}


def test_languages_are_cloned_in_one_call_without_an_upload(phrase, add, project):
    project_uid = project("a.md", "b.md", steps=2)
    done = add(project_uid, ["a.md", "b.md"], "sv", "pt_br")
    (sent,) = phrase.sent(**CLONE)
    assert list(asked(sent).values()) == [["sv", "pt_br"]] * 2
    assert phrase.costly() == ["POST clone"]
    assert (set(done.jobs), done.cloned, done.failed) == (
        {(name, lang) for name in ("a.md", "b.md") for lang in ("sv", "pt_br")},
        set(done.jobs),
        {},
    )
    assert {level_of(part) for part in done.jobs.values()} == {2}
    assert pairs(phrase, project_uid) == [
        (name, lang, level)
        for name in ("a.md", "b.md")
        for lang in ("de", "fr", "pt_br", "sv")
        for level in (1, 2)
    ]


def test_jobs_of_the_first_step_are_cloned(phrase, add, project):
    project_uid = project("a.md", steps=3)
    add(project_uid, ["a.md"], "sv")
    (sent,) = phrase.sent(**CLONE)
    assert {level_of(phrase.client.jobs.get(project_uid, uid)) for uid in asked(sent)} == {1}


def test_second_run_clones_nothing(phrase, add, project):
    project_uid = project("a.md", "b.md")
    first = add(project_uid, ["a.md"], "sv")
    phrase.forget()
    second = add(project_uid, ["a.md", "b.md"], "sv", "de")
    (sent,) = phrase.sent(**CLONE)
    assert list(asked(sent).values()) == [["sv"]], "b.md alone lacks Swedish"
    assert second.jobs["a.md", "sv"]["uid"] == first.jobs["a.md", "sv"]["uid"]
    assert second.cloned == {("b.md", "sv")}
    assert len(second.jobs) == 4


def test_files_go_in_calls_of_a_hundred_with_few_looks(phrase, add, project):
    names = [f"{number:03}.md" for number in range(120)]
    project_uid = project(*names)
    done = add(project_uid, names, "sv")
    assert [len(asked(sent)) for sent in phrase.sent(**CLONE)] == [100, 20]
    assert len(done.jobs) == 120
    # Three pages to find the jobs; before and after each call those that have the language.
    assert len(phrase.sent(**LIST)) <= 3 + 1 + 2 + 2 + 3


def test_calls_are_bounded_by_their_clones_too(phrase, add, project, monkeypatch):
    monkeypatch.setattr(language_additions, "MAX_CLONES", 4)
    project_uid = project("a.md", "b.md", "c.md")
    add(project_uid, ["a.md", "b.md", "c.md"], "sv", "pt_br")
    assert [len(asked(sent)) for sent in phrase.sent(**CLONE)] == [2, 1]


@pytest.mark.parametrize("fault", [{"reset_after": True}, {"status_after": 502}, {"html_after": 502}])
def test_lost_answer_is_looked_up(phrase, add, project, fault):
    project_uid = project("a.md", "b.md")
    phrase.simulator.fault(**CLONE, **fault)
    done = add(project_uid, ["a.md", "b.md"], "sv")
    assert (len(done.jobs), done.failed) == (2, {})
    assert len(phrase.sent(**CLONE)) == 1


def test_request_that_got_lost_is_sent_by_the_next_try(phrase, add, project):
    project_uid, ledger = project("a.md", "b.md"), Ledger("run", Store())
    phrase.simulator.fault(**CLONE, reset_before=True)
    lost = add(project_uid, ["a.md", "b.md"], "sv", ledger=ledger)
    assert {type(error) for error in lost.failed.values()} == {PhraseOutcomeUnknownError}
    assert lost.error().can_pass
    done = add(project_uid, ["a.md", "b.md"], "sv", ledger=ledger)
    assert (len(done.jobs), done.error()) == (2, None)
    assert len(phrase.sent(**CLONE)) == 2


def test_clones_of_a_call_that_took_effect_late_are_found(phrase, add, project):
    project_uid, ledger = project("a.md"), Ledger("run", Store())
    phrase.simulator.fault(**CLONE, late=1)
    assert add(project_uid, ["a.md"], "sv", ledger=ledger).failed
    done = add(project_uid, ["a.md"], "sv", ledger=ledger)
    assert pairs(phrase, project_uid).count(("a.md", "sv", 1)) == 1
    assert len(done.jobs) == 1


def test_lost_call_is_looked_for_though_more_files_can_be_cloned_now(phrase, add, project):
    project_uid, ledger = project("a.md"), Ledger("run", Store())
    phrase.upload(project_uid, "b.md")
    phrase.simulator.fault(**CLONE, late=2)
    first = add(project_uid, ["a.md", "b.md"], "sv", ledger=ledger)
    assert {path: type(error) for path, error in first.failed.items()} == {
        "a.md": PhraseOutcomeUnknownError,
        "b.md": PhraseJobNotReadyError,
    }
    phrase.import_files()
    done = add(project_uid, ["a.md", "b.md"], "sv", ledger=ledger)
    assert (len(done.jobs), done.failed) == (2, {})
    assert [len(asked(sent)) for sent in phrase.sent(**CLONE)] == [1, 1], "b.md alone was sent then"
    assert len(pairs(phrase, project_uid)) == 5


def test_two_runs_at_the_same_moment_leave_one_job_each(phrase, add, project, caplog):
    project_uid = project("a.md", "b.md", steps=2)
    phrase.client.projects.add_target_langs(project_uid, ["sv"])
    phrase.simulator.fault(**CLONE, times=2, delay=1)
    with ThreadPoolExecutor(2) as pool:
        runs = [pool.submit(add, project_uid, ["a.md", "b.md"], "sv") for _ in range(2)]
        one, other = [run.result() for run in runs]
    assert len(phrase.sent(**CLONE)) == 2
    assert {pair: part["uid"] for pair, part in one.jobs.items()} == {
        pair: part["uid"] for pair, part in other.jobs.items()
    }
    assert pairs(phrase, project_uid) == [
        (name, lang, level) for name in ("a.md", "b.md") for lang in ("de", "fr", "sv") for level in (1, 2)
    ]
    assert "This task made it, and removes it" in caplog.text


def test_later_job_that_somebody_works_on_stays_and_is_told(phrase, add, project, caplog):
    project_uid = project("a.md")
    first = add(project_uid, ["a.md"], "sv").jobs["a.md", "sv"]["uid"]
    source = next(iter(phrase.client.jobs.list(project_uid)))["uid"]
    (later,) = phrase.client.job_clones.create(project_uid, {source: ["sv"]})
    done = add(project_uid, ["a.md"], "sv")
    assert done.jobs["a.md", "sv"]["uid"] == first
    assert f"Job {later['uid']} has the file and language of {first}" in caplog.text
    assert len(pairs(phrase, project_uid)) == 4


def test_multilingual_file_is_told_and_holds_no_other_back(phrase, add, project):
    phrase.simulator.settings(multilingual_files=["*.csv"])
    names = ["a.md", "b.md", "c.csv", "d.md", "e.md"]
    project_uid = project(*names)
    done = add(project_uid, names, "sv")
    assert set(done.failed) == {"c.csv"}
    assert isinstance(done.failed["c.csv"], PhraseValidationError)
    with pytest.raises(Exception, match=r"c\.csv.*multilingual files"):
        raise done.error()
    assert not done.error().can_pass
    assert {path for path, _ in done.jobs} == {"a.md", "b.md", "d.md", "e.md"}
    again = add(project_uid, names, "sv")
    assert (again.cloned, set(again.failed)) == (set(), {"c.csv"})


def test_many_refusals_in_a_row_end_the_calls(phrase, add, project):
    phrase.simulator.settings(multilingual_files=["*.csv"])
    names = [f"{number:02}.csv" for number in range(30)]
    project_uid = project(*names)
    done = add(project_uid, names, "sv")
    assert set(done.failed) == set(names)
    assert len(phrase.sent(**CLONE)) < 30
    assert done.failed["29.csv"].message.startswith("Not tried")


def test_full_project_ends_the_calls_at_once(phrase, add, project):
    project_uid = project("a.md", "b.md", "c.md")
    phrase.simulator.settings(job_limit=7)
    done = add(project_uid, ["a.md", "b.md", "c.md"], "sv")
    assert len(phrase.sent(**CLONE)) == 1
    assert len(done.failed) == 3
    assert "JobCountLimit" in str(done.failed["a.md"])


def test_fault_in_one_call_holds_no_other_back(phrase, add, project, monkeypatch):
    monkeypatch.setattr(language_additions, "MAX_JOBS", 1)
    project_uid = project("a.md", "b.md", "c.md")
    phrase.simulator.fault(**CLONE, after=1, status=500)
    done = add(project_uid, ["a.md", "b.md", "c.md"], "sv")
    assert {path for path, _ in done.jobs} == {"a.md", "c.md"}
    assert set(done.failed) == {"b.md"}
    assert len(phrase.sent(**CLONE)) == 3


def test_faults_in_a_row_end_the_calls(phrase, add, project, monkeypatch):
    monkeypatch.setattr(language_additions, "MAX_JOBS", 1)
    names = [f"{number}.md" for number in range(8)]
    project_uid = project(*names)
    phrase.simulator.fault(**CLONE, status=500, times=None)
    done = add(project_uid, names, "sv")
    assert set(done.failed) == set(names)
    assert len(phrase.sent(**CLONE)) == 5
    assert done.error().can_pass


def test_no_job_to_clone_is_told_by_file(phrase, add):
    project_uid = phrase.project("de", "fr")
    (broken,) = phrase.upload(project_uid, "broken.md")
    phrase.upload(project_uid, "good.md")
    phrase.simulator.job(broken, "fail-import")
    phrase.import_files()
    phrase.upload(project_uid, "running.md")
    done = add(project_uid, ["broken.md", "good.md", "missing.md", "running.md"], "fr")
    assert set(done.jobs) == {("good.md", "fr")}
    assert {path: type(error) for path, error in done.failed.items()} == {
        "broken.md": PhraseImportError,
        "missing.md": PhraseInputError,
        "running.md": PhraseJobNotReadyError,
    }
    assert done.error().can_pass, "the import may end"


def test_nothing_is_changed_where_no_file_can_be_cloned(phrase, add):
    project_uid = phrase.project("de")
    phrase.upload(project_uid, "running.md")
    add(project_uid, ["running.md"], "sv")
    assert phrase.client.projects.get(project_uid)["targetLangs"] == ["de"]
    assert phrase.sent(**CLONE) == []


def test_answer_that_hides_what_was_cloned_is_an_error_that_can_pass(phrase, add, project):
    project_uid = project("a.md")
    empty = {"content": [], "pageNumber": 0, "pageSize": 50, "totalPages": 0, "totalElements": 0}
    # Of the looks: for the job to clone, for clones before the call, and after it.
    phrase.simulator.fault(**LIST, after=2, status=200, body=empty)
    ledger = Ledger("run", Store())
    assert isinstance(add(project_uid, ["a.md"], "sv", ledger=ledger).failed["a.md"], PhraseServerError)
    assert len(add(project_uid, ["a.md"], "sv", ledger=ledger).jobs) == 1
    assert len(phrase.sent(**CLONE)) == 1


def test_cloned_job_that_people_deleted_is_not_cloned_again_by_the_same_task(phrase, add, project):
    project_uid, ledger = project("a.md"), Ledger("run", Store())
    uid = add(project_uid, ["a.md"], "sv", ledger=ledger).jobs["a.md", "sv"]["uid"]
    phrase.delete_job(project_uid, uid)
    done = add(project_uid, ["a.md"], "sv", ledger=ledger)
    assert "no longer knows" in done.failed["a.md"].message
    assert len(phrase.sent(**CLONE)) == 1
