"""Which job is cloned, and which jobs count as those of its file."""

from __future__ import annotations

import logging

import pytest
from ledger_thing import Store

from phrase_provider.idempotency.ledger import Ledger
from phrase_provider.services.tms.file_jobs import FileJobs
from phrase_provider.services.tms.languages.clone_sources import CloneSources, FileLanguages
from phrase_provider.services.tms.languages.language_additions import LanguageAdditions

LIST = {"method": "GET", "path": r"/v2/projects/\w+/jobs$"}
log = logging.getLogger(__name__)


@pytest.fixture
def find(phrase):
    """Give the uid of the job to clone, by path."""

    def run(project_uid, *files):
        project = phrase.client.projects.get(project_uid)
        sources = CloneSources(FileJobs(phrase.client, project), project)
        sources.find(
            [file if isinstance(file, FileLanguages) else FileLanguages(file, ("sv",)) for file in files]
        )
        return {path: source.part["uid"] for path, source in sources.found.items()}

    return run


@pytest.fixture
def add(phrase):
    def run(project_uid, *files):
        project = phrase.client.projects.get(project_uid)
        return LanguageAdditions(phrase.client, project, Ledger("run", Store()), log).add(files).jobs

    return run


@pytest.fixture
def upload(phrase):
    """Upload and import a file, at a later second than the one before."""

    def run(project_uid, name="a.md", langs=("de",)):
        uids = phrase.upload(project_uid, name, langs)
        phrase.import_files()
        return uids

    return run


def test_one_language_is_asked_for_where_all_files_have_it(phrase, find, upload):
    project_uid = phrase.project("de", "fr", "ja")
    first = upload(project_uid, "a.md", ("de", "fr"))[0]
    second = upload(project_uid, "b.md", ("de", "ja"))[0]
    phrase.forget()
    assert find(project_uid, "a.md", "b.md") == {"a.md": first, "b.md": second}
    assert len(phrase.sent(**LIST)) == 1


def test_file_that_lacks_a_language_is_found_in_another(phrase, find, upload):
    project_uid = phrase.project("de", "fr")
    german, french = upload(project_uid, "a.md", ("de",))[0], upload(project_uid, "b.md", ("fr",))[0]
    assert find(project_uid, "a.md", "b.md") == {"a.md": german, "b.md": french}


def test_newest_upload_is_cloned(phrase, find, upload):
    project_uid = phrase.project("de")
    upload(project_uid)
    (newest,) = upload(project_uid)
    assert find(project_uid, "a.md") == {"a.md": newest}


def test_job_that_is_given_is_cloned_though_it_is_not_the_newest(phrase, find, upload):
    project_uid = phrase.project("de", "fr", steps=2)
    upload(project_uid, langs=("fr",))
    first_step, last_step = upload(project_uid)
    upload(project_uid)
    job = phrase.client.jobs.get(project_uid, last_step)
    assert find(project_uid, FileLanguages("a.md", ("sv",), job)) == {"a.md": first_step}


def test_cancelled_job_is_cloned_only_where_all_are(phrase, find, upload):
    project_uid = phrase.project("de", "fr")
    german, french = upload(project_uid, langs=("de", "fr"))
    phrase.change_job(project_uid, german, status="CANCELLED")
    assert find(project_uid, "a.md") == {"a.md": french}
    phrase.change_job(project_uid, french, status="CANCELLED")
    assert set(find(project_uid, "a.md")) == {"a.md"}


def test_job_of_an_earlier_upload_does_not_count(phrase, add, upload):
    project_uid = phrase.project("de", "fr")
    _, old = upload(project_uid, langs=("de", "fr"))
    upload(project_uid, langs=("de",))
    jobs = add(project_uid, FileLanguages("a.md", ("fr",)))
    assert jobs["a.md", "fr"]["uid"] != old
    again = add(project_uid, FileLanguages("a.md", ("fr",)))
    assert again["a.md", "fr"]["uid"] == jobs["a.md", "fr"]["uid"]


def test_cancelled_language_of_the_same_upload_counts(phrase, add, upload):
    project_uid = phrase.project("de", "fr")
    _, french = upload(project_uid, langs=("de", "fr"))
    phrase.change_job(project_uid, french, status="CANCELLED")
    jobs = add(project_uid, FileLanguages("a.md", ("fr",)))
    assert (jobs["a.md", "fr"]["uid"], jobs["a.md", "fr"]["status"]) == (french, "CANCELLED")


def test_files_of_the_same_name_in_different_folders_are_two(phrase, add):
    from io import BytesIO

    from phrase_provider.api.tms.job_request import JobRequest

    project_uid = phrase.project("de")
    for folder in ("app", "web"):
        request = JobRequest("a.md", ["de"], folder=folder)
        phrase.client.jobs.create(project_uid, request, lambda: BytesIO(b"Hello\n"))
    phrase.import_files()
    jobs = add(project_uid, FileLanguages("web/a.md", ("sv",)))
    assert [(path, part["originalFileDirectory"]) for (path, _), part in jobs.items()] == [
        ("web/a.md", "web")
    ]
    jobs = add(project_uid, FileLanguages("app/a.md", ("sv",)), FileLanguages("web/a.md", ("sv",)))
    assert len({part["uid"] for part in jobs.values()}) == 2
    assert len(list(phrase.client.jobs.list(project_uid))) == 4
