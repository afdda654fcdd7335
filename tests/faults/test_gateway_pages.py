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


@pytest.mark.parametrize("html", [302, 400, 401, 403, 404, 410])
@pytest.mark.parametrize("every", [1, 2], ids=["each read", "each second read"])
def test_pages_on_project_reads_make_no_second_project(phrase, connect, html, every):
    connect(retries=1)
    first = create()
    phrase.forget()
    # A 401 is asked once more with a new token.
    lasting = 3 if html == 401 else 2
    phrase.simulator.fault(**READS, html=html, every=every, times=lasting if every == 1 else None)
    found = []
    for _ in range(2):
        try:
            found.append(create())
        except PhraseGatewayError as error:
            assert error.status == html
    assert found == [first] * (1 if every == 1 else 2)
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
        task = PhraseTmsCreateJobsOperator(
            task_id="jobs", project_uid=project_uid, source=f"{tmp_path}/*.md"
        )
        return task.execute(told)

    first = upload()
    phrase.simulator.fault(method="GET", path="/jobs", html=404, times=3)
    with pytest.raises(PhraseGatewayError, match="404"):
        upload()
    assert upload() == first
    assert len(phrase.sent("POST", "/jobs$")) == 1
