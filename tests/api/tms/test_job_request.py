from __future__ import annotations

import json
import re
from urllib.parse import unquote

import pytest

from phrase_provider.api.tms.job_request import MAX_NAME, JobRequest
from phrase_provider.exceptions import PhraseInputError

# Phrase's own description of the header it takes.
DISPOSITION = re.compile(r"""((inline|attachment); )?(filename\*=UTF-8''(.+)|filename="?(.+)"?)""")


def _memsource(**options):
    return json.loads(JobRequest("a.md", ["de"], **options).headers()["Memsource"])


@pytest.mark.parametrize(
    "name", ["a.md", "Größe \u2013 août.md", "日本語 (1)'s.json", 'quo"te;x=1.txt', "100%.md", "a+b.md"]
)
def test_any_file_name_arrives_in_ascii(name):
    headers = JobRequest(name, ["de"], folder="straße").headers()
    assert all(value.isascii() and value.isprintable() for value in headers.values())
    found = DISPOSITION.fullmatch(headers["Content-Disposition"])
    assert unquote(found[4]) == name
    assert not set(found[4]) & set("'()+\"; ")
    assert json.loads(headers["Memsource"])["path"] == "straße"
    assert headers["Content-Type"] == "application/octet-stream"


def test_defaults_send_what_localization_people_expect():
    assert _memsource() == {"targetLangs": ["de"], "useProjectFileImportSettings": True}


def test_every_option_has_its_place():
    source_data = {"clientType": "x"}
    assert _memsource(
        folder="docs/legal", pre_translate=True, source_data=source_data, callback_url="https://me.test/hook"
    ) == {
        "targetLangs": ["de"],
        "path": "docs/legal",
        "useProjectFileImportSettings": True,
        "preTranslate": True,
        "sourceData": source_data,
        "callbackUrl": "https://me.test/hook",
    }


def test_import_settings_exclude_those_of_the_project():
    sent = _memsource(import_settings_uid="s1")
    assert sent["importSettings"] == {"uid": "s1"}
    assert "useProjectFileImportSettings" not in sent


def test_import_settings_can_be_left_to_phrase():
    assert "useProjectFileImportSettings" not in _memsource(use_project_import_settings=False)


def test_due_without_workflow_stands_alone():
    assert _memsource(due="2026-01-31T23:59:59Z")["due"] == "2026-01-31T23:59:59Z"


def test_due_with_workflow_is_told_for_each_step():
    sent = _memsource(due="2026-01-31T23:59:59Z", workflow_step_ids=["1", "2"])
    assert "due" not in sent
    assert sent["workflowSettings"] == [
        {"id": step, "due": "2026-01-31T23:59:59Z", "assignments": []} for step in ("1", "2")
    ]


def test_workflow_steps_without_due_say_nothing():
    assert "workflowSettings" not in _memsource(workflow_step_ids=["1", "2"])


def test_target_language_is_required():
    with pytest.raises(PhraseInputError, match=r"No target language for 'a.md'"):
        JobRequest("a.md", []).headers()


def test_longest_name_and_folder():
    JobRequest("n" * 200, ["de"], folder="f" * (MAX_NAME - 200)).headers()
    with pytest.raises(PhraseInputError, match="more than 255 characters"):
        JobRequest("n" * 200, ["de"], folder="f" * (MAX_NAME - 199)).headers()
