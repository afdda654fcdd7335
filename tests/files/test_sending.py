"""A source that somebody writes between plan, check and upload: what is sent is what was checked, or told."""

from __future__ import annotations

import hashlib
import io
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from fsspec.implementations.memory import MemoryFileSystem
from phrase_fixtures import UPLOAD
from task_runs import context

from phrase_provider.exceptions import (
    PhraseInputError,
    PhraseSourceChangedError,
    PhraseSourceUnstableError,
)
from phrase_provider.operators.tms.jobs import PhraseTmsCreateJobsOperator

#: Opened for the checksum, then for the upload.
SEND = 2


class Store(MemoryFileSystem):
    """An object store in which somebody replaces a file just before it is opened for the nth time."""

    cachable = False
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]

    def __init__(self) -> None:
        super().__init__()
        self.opened = 0
        self.changes: dict[int, Any] = {}

    def open(self, path, mode="rb", **kwargs):
        self.opened += mode == "rb"
        change = self.changes.get(self.opened) if mode == "rb" else None
        if callable(change):
            return change(self.cat_file(path))
        if change is not None:
            self.pipe({path: change})
        return super().open(path, mode, **kwargs)


@pytest.fixture
def store(request):
    from airflow.sdk.io import attach

    fs = Store()
    # Airflow keeps the first one that has a name.
    fs.url = f"memory://{request.node.name.replace('[', '-').strip(']').replace(' ', '-')}@bucket/in/a.md"
    attach("memory", conn_id=fs.url[9:].partition("@")[0], fs=fs)
    fs.pipe({"/bucket/in/a.md": b"Two words"})
    yield fs
    fs.store.clear()


class Growing(io.BytesIO):
    """A file to which somebody appends while it is read."""

    taken: ClassVar[list[bytes]] = []

    def read(self, size=-1):
        piece = super().read(size)
        self.taken.append(piece)
        place = self.tell()
        self.seek(0, io.SEEK_END)
        self.write(b" and more")
        self.seek(place)
        return piece


class Shrinking(io.BytesIO):
    """A file that somebody cuts off while it is read."""

    def read(self, size=-1):
        self.truncate(4)
        return super().read(size)


def create(project_uid, source, **more):
    task = PhraseTmsCreateJobsOperator(
        task_id="task", project_uid=project_uid, source=source, target_langs=["de"]
    )
    return task.execute(context() | more)


def test_file_that_stays_is_sent_as_it_is(phrase, store):
    (job,) = create(phrase.project("de"), store.url)
    (upload,) = phrase.sent(**UPLOAD)
    assert job["relative_path"] == "a.md"
    assert upload["body"] == "Two words"
    assert dict(upload["headers"])["content-length"] == "9"


@pytest.mark.parametrize("content", [b"", b"Two", b"Two words and more"])
def test_file_of_another_size_is_not_sent(phrase, store, content):
    store.changes[SEND] = content
    with pytest.raises(PhraseSourceUnstableError, match=rf"has {len(content)} bytes now, and had 9.*Nothing"):
        create(phrase.project("de"), store.url)
    assert phrase.sent(**UPLOAD) == []


def test_next_try_takes_the_file_as_it_is_then(phrase, store):
    project_uid = phrase.project("de")
    store.changes[SEND] = b"Two words and more"
    with pytest.raises(PhraseSourceUnstableError) as caught:
        create(project_uid, store.url)
    assert caught.value.can_pass
    create(project_uid, store.url)
    assert [upload["body"] for upload in phrase.sent(**UPLOAD)] == ["Two words and more"]


@pytest.mark.parametrize(("change", "state"), [(b"Two", "refused"), (Shrinking, "pending")])
def test_next_try_looks_only_for_what_may_have_reached_phrase(phrase, store, change, state):
    kept = {}
    ledger = SimpleNamespace(get=kept.get, set=lambda key, value, retention: kept.update({key: value}))
    store.changes[SEND] = change
    with pytest.raises(PhraseSourceUnstableError):
        create(phrase.project("de"), store.url, task_state_store=ledger)
    assert [entry["state"] for key, entry in kept.items() if key.startswith("phrase.jobs.")] == [state]


def test_other_content_of_the_same_size_is_told(phrase, store):
    project_uid = phrase.project("de")
    store.changes[SEND] = b"Six words"
    with pytest.raises(PhraseSourceUnstableError, match="changed between check and upload") as caught:
        create(project_uid, store.url)
    (part,) = phrase.client.jobs.list(project_uid)
    assert part["uid"] in caught.value.message
    assert hashlib.sha256(b"Six words").hexdigest() in caught.value.message
    # The file still is what was sent: its job is used.
    (job,) = create(project_uid, store.url)
    assert job["job_uid"] == part["uid"]
    assert len(phrase.sent(**UPLOAD)) == 1


def test_content_that_was_sent_and_is_gone_is_not_taken_for_the_file(phrase, store):
    project_uid = phrase.project("de")
    store.changes[SEND] = b"Six words"
    with pytest.raises(PhraseSourceUnstableError):
        create(project_uid, store.url)
    store.pipe({"/bucket/in/a.md": b"Two words"})
    with pytest.raises(PhraseSourceChangedError, match=r"other content.*another batch id"):
        create(project_uid, store.url)
    assert len(phrase.sent(**UPLOAD)) == 1


def test_what_is_appended_while_it_is_sent_is_left_out(phrase, store):
    project_uid = phrase.project("de")
    store.changes[SEND] = Growing
    Growing.taken.clear()
    create(project_uid, store.url)
    # More than was announced would be taken for the next request.
    assert b"".join(Growing.taken) == b"Two words"
    (upload,) = phrase.sent(**UPLOAD)
    assert (upload["body"], dict(upload["headers"])["content-length"]) == ("Two words", "9")


def test_file_that_is_cut_off_while_it_is_sent_makes_no_job(phrase, store):
    project_uid = phrase.project("de")
    store.changes[SEND] = Shrinking
    with pytest.raises(PhraseSourceUnstableError, match="became shorter while it was sent, by 5 bytes"):
        create(project_uid, store.url)
    assert list(phrase.client.jobs.list(project_uid)) == []


def test_file_that_is_gone_is_named(phrase, store):
    project_uid = phrase.project("de")

    def gone(_):
        raise FileNotFoundError(2, "No such file or directory")

    store.changes[SEND] = gone
    with pytest.raises(PhraseInputError, match=r"a\.md cannot be read: No such file"):
        create(project_uid, store.url)
    assert phrase.sent(**UPLOAD) == []


def test_refused_upload_is_hashed_anew(phrase, store):
    project_uid = phrase.project("de")
    phrase.simulator.fault(**UPLOAD, status=429, headers={"Retry-After": "0"}, times=1)
    (job,) = create(project_uid, store.url)
    assert job["relative_path"] == "a.md"
    assert [upload["body"] for upload in phrase.sent(**UPLOAD)] == ["Two words"] * 2
