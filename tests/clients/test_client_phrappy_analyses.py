"""phrappy 1.1.0 analyses jobs in every way."""

from __future__ import annotations

import pytest
from phrappy.exceptions import PhrappyError


@pytest.fixture
def analysed(client, project, ended):
    """Wait for analyses that were started; gives the first one, which the answer names by its id alone."""

    def wait(started):
        for each in started:
            ended(each.asyncRequest)
        listed = client.analysis.list_by_project_v3(project_uid=project.uid).content
        (uid,) = [each.uid for each in listed if each.id == started[0].analyse.model_extra["id"]]
        return client.analysis.get_analyse_v3(analyse_uid=uid)

    return wait


@pytest.fixture
def analysis(client, references, analysed):
    body = {"type": "PreAnalyse", "name": "By language", **references}
    started = client.analysis.create_analyses_for_langs(create_analyse_list_async_dto_v1=body)
    return analysed(started.analyses)


def test_by_language(analysis):
    assert (analysis.name, analysis.type, analysis.importStatus.status) == ("By language", "PreAnalyse", "OK")
    # Three words in each of three steps.
    assert [part.data.all.words for part in analysis.analyseLanguageParts] == [9]


def test_by_provider_and_by_version_2(client, references, analysed):
    body = {"type": "PreAnalyse", **references}
    started = client.analysis.create_analyses_for_providers(create_analyse_list_async_dto_v1=body)
    assert analysed(started.analyses).analyseLanguageParts
    started = client.analysis.create_analyse_async_v2(create_analyse_async_v2_dto_v2=body)
    assert analysed(started.asyncRequests).analyseLanguageParts


def test_lists_and_deletion(client, project, jobs, analysis):
    listed = client.analysis.list_by_project_v3(project_uid=project.uid)
    assert analysis.uid in {found.uid for found in listed.content}
    client.analysis.list_part_analyse_v3(project_uid=project.uid, job_uid=jobs[0].uid)
    client.analysis.delete(analyse_uid=analysis.uid)
    with pytest.raises(PhrappyError, match="404"):
        client.analysis.get_analyse_v3(analyse_uid=analysis.uid)
