"""One poll of the imports of jobs, and what it means."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseImportError
from phrase_provider.waiting.tms.imports import JobsImported


def _imports(client):
    return JobsImported("p1", ["j1", "j2"]).check(client)


def test_running(client, parts):
    parts(j1={"imported": True}, j2={"importStatus": {"status": "RUNNING"}})
    result = _imports(client)
    progress = "imports: 1 OK, 1 RUNNING. Open: j2.md, job j2."
    assert (result.done, result.error, result.progress) == (False, None, progress)


def test_done(client, parts):
    parts(j1={"imported": True}, j2={"importStatus": {"status": "OK"}})
    result = _imports(client)
    assert result.done
    assert result.result == {"project_uid": "p1", "job_uids": ["j1", "j2"]}


def test_result_has_few_uids_and_of_many_jobs_the_number():
    facts = {"import_state": "OK", "import_error": None}
    uids = [str(number) for number in range(31)]
    result = JobsImported("p1", uids).evaluate([facts] * 31)  # type: ignore[list-item]
    assert result.result == {"project_uid": "p1", "jobs": 31}


@pytest.mark.parametrize(
    ("told", "reason"), [("no such filter", "no such filter"), (None, "no reason given")]
)
def test_error_names_file_and_reason(client, parts, told, reason):
    parts(j1={"imported": True}, j2={"importStatus": {"status": "ERROR", "errorMessage": told}})
    result = _imports(client)
    assert isinstance(result.error, PhraseImportError)
    assert f"could not import j2.md (j2): {reason}" in str(result.error)
    # Running again is enough: see tests/services/tms/test_jobs.py.
    assert "Correct the file and run again" in str(result.error)
