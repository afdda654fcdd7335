"""Pages that a proxy puts in place of Phrase's answers while projects and jobs are looked for."""

from __future__ import annotations

import pytest
from task_runs import context

from phrase_provider.exceptions import PhraseGatewayError
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator

CREATE = {"method": "POST", "path": "applyTemplate"}
READS = {"method": "GET", "path": "/api2/v1/projects"}


def create(told=None):
    task = PhraseTmsCreateProjectFromTemplateOperator(
        task_id="task", template="Translation", batch_id="web-42", target_langs=["de"]
    )
    return task.execute(told or context())


html = pytest.mark.parametrize("html", [302, 400, 401, 403, 404, 410])


@html
def test_pages_on_half_of_the_project_reads_only_delay(phrase, connect, html):
    connect(retries=1)
    first = create()
    phrase.forget()
    phrase.simulator.fault(**READS, html=html, every=2, times=None)
    assert [create(), create()] == [first, first]
    assert phrase.sent(**CREATE) == []


@html
def test_pages_that_last_end_the_run_without_a_second_project(phrase, connect, html):
    connect(retries=1)
    first = create()
    phrase.forget()
    # A 401 is asked once more with a new token.
    phrase.simulator.fault(**READS, html=html, times=3 if html == 401 else 2)
    with pytest.raises(PhraseGatewayError, match=f"answer {html}"):
        create()
    assert create() == first
    assert phrase.sent(**CREATE) == []


def test_retry_over_pages_does_not_say_that_the_project_was_deleted(phrase, connect):
    connect(retries=1)
    told = context()
    first = create(told)
    phrase.simulator.fault(**READS, html=404, times=3)
    with pytest.raises(PhraseGatewayError, match="404"):
        create(told)
    assert create(told) == first
    assert len(phrase.sent(**CREATE)) == 1


def test_pages_on_job_reads_upload_nothing_again(phrase, connect, tmp_path):
    connect(retries=1)
    (tmp_path / "a.md").write_text("Hello\n")
    project_uid, told = create()["project_uid"], context()

    def upload():
        task = PhraseTmsCreateJobsOperator(task_id="jobs", project_uid=project_uid, source=f"{tmp_path}/*.md")
        return task.execute(told)

    first = upload()
    phrase.simulator.fault(method="GET", path="/jobs", html=404, times=3)
    with pytest.raises(PhraseGatewayError, match="404"):
        upload()
    assert upload() == first
    assert len(phrase.sent("POST", "/jobs$")) == 1
