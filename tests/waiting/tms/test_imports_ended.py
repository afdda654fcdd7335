"""Waits for half of some imports: what a poll means, and the requests with which the hub reads them."""

from __future__ import annotations

import time

import pytest
from hub_runs import at_hub

from phrase_provider.exceptions import PhrasePermissionError
from phrase_provider.waiting.tms.imports_ended import PATIENCE, ImportsEnded

LIST = r"/v2/projects/\w+/jobs$"


def seen(running, *, of=4, earliest=0.0):
    uids = [f"j{number}" for number in range(of)]
    return ImportsEnded({"p": uids}, earliest).seen([*uids[:running], "another"])


@pytest.mark.parametrize(("running", "due"), [(4, False), (3, False), (2, True), (0, True)])
def test_half_of_them_is_enough(running, due):
    assert seen(running, earliest=time.time()).is_due is due


def test_one_is_enough_after_a_time():
    assert seen(3, earliest=time.time() - PATIENCE + 60) == (3, 1, False)
    assert seen(3, earliest=time.time() - PATIENCE) == (3, 1, True)
    assert seen(4, earliest=time.time() - PATIENCE) == (4, 0, False)


def test_never_before_its_time():
    assert seen(0, earliest=time.time() + 60) == (0, 4, False)


def test_progress_and_result():
    result = ImportsEnded({"p": ["j1", "j2"]}, 0).evaluate(seen(0, of=2))
    assert (result.done, result.progress, result.result) == (
        True,
        "imports: 0 of 2 are running",
        {"ended": 2},
    )


@pytest.fixture
def importing(phrase):
    """Two projects, each with a file that is being imported, in two languages and steps."""
    found = {}
    for _ in range(2):
        project_uid = phrase.project(steps=2)
        phrase.upload(project_uid, langs=["de", "pt_br"])
        parts = phrase.client.jobs.list(project_uid, levels=[1])
        found[project_uid] = [next(parts)["uid"]]
    phrase.forget()
    return found


def test_one_poll_reads_each_project_once_for_all(phrase, importing, once):
    both = ImportsEnded(importing, 0)
    one = ImportsEnded(dict(list(importing.items())[:1]), 0)
    once(lambda: len(phrase.sent("GET", LIST)) >= 2, phrase.import_files)
    results = at_hub(phrase.simulator, lambda run: run.wait_all([both, both, one], 60))
    assert [result["ended"] for result in results] == [2, 2, 1]
    requests = phrase.sent("GET", LIST)
    assert len(requests) <= 3 * len(importing)
    assert {dict(sent["query"])["notReady"] for sent in requests} == {"true"}


def test_failed_import_has_ended(phrase, importing):
    for (uid,) in importing.values():
        phrase.simulator.job(uid, "fail-import")
    assert ImportsEnded(importing, 0).check(phrase.client).result == {"ended": 2}


def test_page_after_page_is_read(phrase):
    langs = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl")
    project_uid = phrase.project(*langs)
    uids = [uid for number in range(6) for uid in phrase.upload(project_uid, f"{number}.md", langs)]
    phrase.forget()
    assert (
        ImportsEnded({project_uid: uids}, 0).check(phrase.client).progress == "imports: 60 of 60 are running"
    )
    assert len(phrase.sent("GET", LIST)) == 2


def test_deleted_project_holds_no_other_back(phrase, importing):
    phrase.client.projects.delete(next(iter(importing)))
    (result,) = at_hub(phrase.simulator, lambda run: run.wait_all([ImportsEnded(importing, 0)], 60))
    assert result == {"ended": 1}
    assert ImportsEnded(importing, 0).check(phrase.client).result == {"ended": 1}


def test_refusal_ends_the_wait(phrase, importing):
    body = {"errorCode": "AccessDenied", "errorDescription": None}
    phrase.simulator.fault(path=LIST, status=403, body=body, times=None)
    (lost,) = at_hub(phrase.simulator, lambda run: run.wait_all([ImportsEnded(importing, 0)], 60))
    assert isinstance(lost, PhrasePermissionError)
