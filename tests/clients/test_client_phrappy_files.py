"""phrappy 1.1.0 updates files, translates beforehand and sends previews."""

from __future__ import annotations

import io
import zipfile

import pytest
from phrappy.exceptions import PhrappyError

DISPOSITION = "filename*=UTF-8''gr%C3%BC%C3%9Fe.txt"


def test_new_source(client, project, jobs, part, ended):
    first = [job for job in jobs if job.workflowLevel == 1]
    updated = client.job.update_source(
        project_uid=project.uid,
        memsource={"jobs": [{"uid": job.uid} for job in first]},
        content_disposition=DISPOSITION,
        file_bytes=b"Neu\n",
    )
    assert {job.uid for job in updated.jobs} >= {job.uid for job in first}
    assert ended(updated.asyncRequest).action == "UPDATE_SOURCE"
    assert part(first[0]).updateSourceDate is not None
    assert client.job.get_original_file(project_uid=project.uid, job_uid=first[0].uid) == b"Neu\n"


def test_new_target(client, project, jobs, part, ended):
    updated = client.job.update_target(
        project_uid=project.uid,
        memsource={"jobs": [{"uid": jobs[0].uid}]},
        content_disposition=DISPOSITION,
        file_bytes=b"Hallo\nund mehr\n",
    )
    assert ended(updated.asyncRequest).action == "UPDATE_TARGET"
    assert part(jobs[0]).updateTargetDate is not None


def test_pre_translation(client, project, references, ended):
    started = client.translation.pre_translate_v3(
        project_uid=project.uid,
        pre_translate_jobs_v3_dto_v3={"useProjectPreTranslateSettings": True, **references},
    )
    assert ended(started.asyncRequest).action == "PRE_TRANSLATE"
    with pytest.raises(PhrappyError, match="PRE_TRANSLATE_SETTINGS_REQUIRED"):
        client.translation.pre_translate_v3(project_uid=project.uid, pre_translate_jobs_v3_dto_v3=references)


def test_preview_package(client, project):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        package.writestr("index.html", "<p>Hello</p>")
    sent = client.project.upload_job_preview_package(
        project_uid=project.uid,
        file=content.getvalue(),
        filename="preview.zip",
        # What this client sends by itself names no boundary.
        content_type="multipart/form-data; boundary=preview",
    )
    created = client.job.create_job(
        project_uid=project.uid,
        memsource={"targetLangs": ["de"], "jobPreviewPackageFileUidRef": {"uid": sent.fileUid}},
        content_disposition=DISPOSITION,
        file_bytes=b"Hello\n",
    )
    assert len(created.jobs) == 3
