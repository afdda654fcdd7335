from __future__ import annotations

import pytest

from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import (
    PhraseDownloadError,
    PhraseJobNotReadyError,
    PhrasePermissionError,
)

START = "https://tms.test/web/api2/v3/projects/p1/jobs/j1/targetFile"
PATH = "/api2/v2/projects/p1/jobs/j1/downloadTargetFile/950791"
DOWNLOAD = f"https://tms.test/web{PATH}"
ORIGINAL = "/api2/v1/projects/p1/jobs/j1/original"
NAME = "filename*=UTF-8''a%20b.md"
NAMED = f"Content-Disposition: {NAME}\r\n".encode()


def test_start_gives_the_id_of_the_async_request(client, requests_mock):
    requests_mock.put(START, status_code=202, json={"asyncRequest": {"id": "950791"}})
    assert client.exports.start("p1", "j1") == "950791"
    assert requests_mock.last_request.json() == {}


def test_start_with_a_callback(client, requests_mock):
    requests_mock.put(START, json={"asyncRequest": {"id": 950791}})
    assert client.exports.start("p1", "j1", callback_url="https://me.test/hook") == "950791"
    assert requests_mock.last_request.json() == {"callbackUrl": "https://me.test/hook"}


def test_start_is_repeated_since_another_leaves_the_former_alone(client, requests_mock, waits):
    requests_mock.put(START, [{"status_code": 503}, {"json": {"asyncRequest": {"id": "2"}}}])
    assert client.exports.start("p1", "j1") == "2"
    assert len(waits) == 1


def test_job_that_is_not_imported_cannot_be_exported(client, requests_mock):
    requests_mock.put(START, status_code=400, json={"errorCode": "JOB_NOT_READY"})
    with pytest.raises(PhraseJobNotReadyError, match="wait for the import"):
        client.exports.start("p1", "j1")
    assert requests_mock.call_count == 1


def test_download_streams_and_tells_the_size(wire, session):
    content = bytes(range(256)) * 10_000
    server = wire(wire.answer(200, content, Content_Disposition=NAME))
    with TmsClient(session(server.url)).exports.download("p1", "j1", "950791") as download:
        assert download.size == len(content)
        pieces = list(download.chunks)
    assert b"".join(pieces) == content
    assert max(map(len, pieces)) <= 1 << 20
    assert server.requests == [f"GET {PATH}"]


@pytest.mark.parametrize("kind", ["text/html; charset=utf-8", "application/json"])
def test_file_in_the_format_of_an_error_is_told_from_one_by_its_name(client, requests_mock, kind):
    named = {"Content-Type": kind, "Content-Disposition": "attachment; filename=a", "Content-Length": "3"}
    answers = [{"headers": named, "content": b"abc"}, {"headers": {"Content-Type": kind}, "content": b"abc"}]
    requests_mock.get(DOWNLOAD, answers)
    with client.exports.download("p1", "j1", "950791") as download:
        assert b"".join(download.chunks) == b"abc"
    with pytest.raises(PhraseDownloadError), client.exports.download("p1", "j1", "950791"):
        pass
    assert requests_mock.call_count == 2


@pytest.mark.parametrize("headers", ["", "Content-Length: unknown\r\n", f"Content-Length: {'9' * 5000}\r\n"])
def test_download_without_a_size_may_have_been_cut_off(wire, session, headers):
    server = wire(b"HTTP/1.0 200 OK\r\n" + NAMED + headers.encode() + b"\r\nabc")
    with (
        pytest.raises(PhraseDownloadError, match=r"where it ends.*start the export again"),
        TmsClient(session(server.url)).exports.download("p1", "j1", "950791"),
    ):
        pass
    assert server.requests == [f"GET {PATH}"]


def test_download_in_chunks_tells_its_end_but_no_size(wire, session):
    chunks = b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    server = wire(b"HTTP/1.1 200 OK\r\n" + NAMED + chunks)
    with TmsClient(session(server.url)).exports.download("p1", "j1", "950791") as download:
        assert (download.size, b"".join(download.chunks)) == (None, b"abc")


@pytest.mark.parametrize(
    "trouble", ["reset", "hang", "close", 404, 410, 500, 503, b"HTTP/1.1 404 X\r\nContent-Length: 9\r\n\r\n"]
)
def test_download_that_fails_is_never_sent_twice(wire, session, waits, trouble):
    first = wire.answer(trouble) if isinstance(trouble, int) else trouble
    server = wire(first, wire.answer(200, b"abc"))
    with (
        pytest.raises(PhraseDownloadError, match="start the export again") as caught,
        TmsClient(session(server.url, timeout=0.3)).exports.download("p1", "j1", "950791"),
    ):
        pass
    assert server.requests == [f"GET {PATH}"]
    assert waits == []
    assert caught.value.can_pass


def test_download_that_breaks_off_is_never_sent_twice(wire, session, waits):
    cut = b"HTTP/1.1 200 OK\r\n" + NAMED + b"Content-Length: 50\r\n\r\nonly this"
    server = wire(cut, wire.answer(200, b"abc", Content_Disposition=NAME))
    with (
        pytest.raises(PhraseDownloadError, match=r"broke off.*start the export again"),
        TmsClient(session(server.url)).exports.download("p1", "j1", "950791") as download,
    ):
        list(download.chunks)
    assert server.requests == [f"GET {PATH}"]


def test_download_without_the_right_stays_what_it_is(client, requests_mock):
    requests_mock.get(DOWNLOAD, status_code=403, headers={"memsource-action-id": "a1"})
    with pytest.raises(PhrasePermissionError), client.exports.download("p1", "j1", "950791"):
        pass
    assert requests_mock.call_count == 1


def test_errors_of_the_reader_are_not_taken_for_the_downloads(client, requests_mock):
    requests_mock.get(DOWNLOAD, content=b"abc", headers={"Content-Disposition": NAME, "Content-Length": "3"})
    full = OSError("disk full")
    with pytest.raises(OSError, match="disk full"), client.exports.download("p1", "j1", "950791"):
        raise full
