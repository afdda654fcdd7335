from __future__ import annotations

import logging
import unicodedata

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.sources import SourceFile
from phrase_provider.services.tms.bases import base_of, keep_base, known_base, read_base, require_base
from phrase_provider.services.tms.markers import MAX_NOTE, ProjectMarkers

log = logging.getLogger("task")


def project(base=None, note=""):
    return {"uid": "p1", "note": ProjectMarkers("web-42", "template", "task", base=base).append_to(note)}


@pytest.mark.parametrize(
    ("base", "kept"), [(None, None), (" ", None), ("/in/docs", "/in/docs"), ("s3://b/in", "s3://b/in")]
)
def test_base_is_kept_as_it_is_compared(base, kept):
    assert read_base(base) == kept


def test_local_base_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert read_base("docs") == str(tmp_path / "docs")


@pytest.mark.parametrize("base", ["/in\nside", "/in\udcff"])
def test_base_that_fits_on_no_line_is_refused(base):
    with pytest.raises(PhraseInputError, match="The base '"):
        read_base(base)


@pytest.mark.parametrize(
    ("files", "base"),
    [
        ([("/in/a.md", "a.md"), ("/in/docs/b.md", "docs/b.md")], "/in"),
        ([("/in/a.md", "a.md"), ("/out/b.md", "b.md")], None),
        ([("/in/a.md", "other.md")], None),
        ([], None),
    ],
)
def test_base_is_what_all_files_have(files, base):
    assert base_of(SourceFile(path, relative_path, 5) for path, relative_path in files) == base


def test_base_is_known_by_the_note():
    assert known_base(project("/in")) == "/in"
    assert known_base(project()) is None
    assert known_base({"uid": "p1"}) is None


@pytest.mark.parametrize(
    ("known", "base"),
    [("/in", "/in"), ("/in/", "/in"), ("/größe", unicodedata.normalize("NFD", "/größe")), (None, "/in")],
)
def test_same_or_unknown_base_is_accepted(known, base):
    require_base(project(known), base)
    require_base(project(known), None)


def test_other_base_is_refused_with_both():
    with pytest.raises(PhraseInputError, match=r"p1 counts folders from /in, this run from /in/docs"):
        require_base(project("/in"), "/in/docs")


class TestKeepBase:
    @pytest.fixture
    def patch(self, requests_mock):
        return requests_mock.patch("https://tms.test/web/api2/v1/projects/p1", json={"uid": "p1"})

    def test_it_is_written_below_the_markers(self, client, patch):
        keep_base(client, project(), "/in", log)
        (request,) = patch.request_history
        assert known_base(request.json()) == "/in"

    @pytest.mark.parametrize(
        ("shown", "base"), [(project(), None), (project("/in"), "/out"), ({"uid": "p1", "note": "Hi"}, "/in")]
    )
    def test_nothing_is_written_where_there_is_one_or_none_to_write(self, client, patch, shown, base):
        keep_base(client, shown, base, log)
        assert patch.call_count == 0

    def test_note_without_room_is_told_and_left_alone(self, client, patch, caplog):
        full = project(note="x" * (MAX_NOTE - len(project()["note"]) - 1))
        keep_base(client, full, "/in", log)
        assert "has no room for the base /in" in caplog.text
        assert patch.call_count == 0

    def test_missing_right_is_told_and_fails_nothing(self, client, requests_mock, caplog):
        answer = {"errorCode": "AccessDenied", "errorDescription": "No right"}
        patch = requests_mock.patch("https://tms.test/web/api2/v1/projects/p1", status_code=403, json=answer)
        keep_base(client, project(), "/in", log)
        assert patch.call_count == 1
        assert "could not be noted" in caplog.text
