"""What is no target file of Phrase, and what is one although it looks odd."""

from __future__ import annotations

import gzip
import os
import zlib

import pytest

from phrase_provider.api.tms.client import TmsClient
from phrase_provider.exceptions import PhraseDownloadError, PhraseError, PhraseFileTooLargeError

PATH = "/api2/v2/projects/p1/jobs/j1/downloadTargetFile/950791"
ORIGINAL = "/api2/v1/projects/p1/jobs/j1/original"
NAME = "filename*=UTF-8''a%20b.md"
LINES = b"".join(b"%d: a line of text\n" % number for number in range(200_000))
PAGE = b"<html><title>Sign in</title></html>"
TYPES = ["Text/HTML", "application/xhtml+xml", "text/plain", "application/xml", "application/problem+json"]


@pytest.fixture
def download(session):
    def run(server, **changes):
        exports = TmsClient(session(server.url, **changes)).exports
        with exports.download("p1", "j1", "950791") as download:
            return b"".join(download.chunks)

    return run


def coded(content, coding):
    if coding == "deflate":
        return zlib.compress(content)
    # Two files that follow each other are one.
    half = len(content) // 2
    return gzip.compress(content[:half]) + gzip.compress(content[half:])


def named(wire, status=200, body=b"", **headers):
    return wire.answer(status, body, **{"Content_Disposition": NAME, **headers})


@pytest.mark.parametrize(
    "name", [NAME, f"attachment; {NAME}", "attachment; filename=\"a.md\"; FileName*=utf-8''a"]
)
def test_answer_that_names_its_file_is_the_file(wire, download, name):
    assert download(wire(named(wire, body=b"abc", Content_Disposition=name))) == b"abc"


@pytest.mark.parametrize("status", [201, 202, 203, 204, 206])
def test_other_status_than_200_is_no_file(wire, download, waits, status):
    server = wire(named(wire, status, b"" if status == 204 else b"abc"))
    with pytest.raises(PhraseDownloadError, match="start the export again"):
        download(server)
    assert (server.requests, waits) == ([f"GET {PATH}"], [])


@pytest.mark.parametrize(
    "name", [None, "inline", "attachment", "attachment; filename=", "attachment; name=a"]
)
@pytest.mark.parametrize("body", [b"", b"abc"])
def test_answer_without_a_file_name_is_no_file(wire, download, waits, name, body):
    server = wire(wire.answer(200, body, **({"Content_Disposition": name} if name else {})))
    with pytest.raises(PhraseDownloadError, match=r"instead of a file.*start the export again"):
        download(server)
    assert (server.requests, waits) == ([f"GET {PATH}"], [])


@pytest.mark.parametrize("kind", [*TYPES, None])
def test_page_of_any_type_is_no_file(wire, download, waits, kind):
    server = wire(wire.answer(200, PAGE, **({"Content_Type": kind} if kind else {})))
    with pytest.raises(PhraseDownloadError, match="Sign in"):
        download(server)
    assert (server.requests, waits) == ([f"GET {PATH}"], [])


def test_page_without_an_end_is_read_within_bounds(wire, download):
    begin = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    server = wire(wire.drip(begin, PAGE * 20_000))
    with pytest.raises(PhraseDownloadError, match="Sign in"):
        download(server)


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZip", "deflate"])
@pytest.mark.parametrize("content", [b"abc", LINES, os.urandom(3_000_000)], ids=["short", "lines", "noise"])
def test_file_that_a_proxy_has_compressed_is_decoded(wire, download, coding, content):
    server = wire(named(wire, body=coded(content, coding), Content_Encoding=coding))
    assert download(server) == content


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.999])
def test_compressed_file_that_is_cut_is_not_whole(wire, download, coding, share):
    whole = coded(LINES, coding)
    server = wire(named(wire, body=whole[: int(len(whole) * share)], Content_Encoding=coding))
    with pytest.raises(PhraseDownloadError, match="content coding breaks off"):
        download(server)
    assert server.requests == [f"GET {PATH}"]


@pytest.mark.parametrize(
    "body", [b"abc", gzip.compress(b"abc") + b"garbage"], ids=["no gzip", "garbage after it"]
)
def test_compressed_file_that_is_none_is_not_believed(wire, download, body):
    with pytest.raises(PhraseDownloadError, match="content coding is damaged"):
        download(wire(named(wire, body=body, Content_Encoding="gzip")))


@pytest.mark.parametrize("coding", ["br", "zstd", "gzip, gzip", "x" * 500])
def test_content_coding_that_nobody_asked_for_is_not_guessed_at(wire, download, coding):
    with pytest.raises(PhraseDownloadError, match="which was not asked for"):
        download(wire(named(wire, body=b"abc", Content_Encoding=coding)))


@pytest.mark.parametrize("headers", [{}, {"Content_Encoding": "gzip"}])
def test_file_shorter_than_announced_is_not_whole(wire, download, headers):
    body = gzip.compress(LINES) if headers else LINES
    answer = named(wire, body=body, Content_Length=len(body) + 1, **headers)
    with pytest.raises(PhraseDownloadError, match="broke off"):
        download(wire(answer))


def test_chunks_without_the_last_one_are_not_whole(wire, download):
    head = f"HTTP/1.1 200 OK\r\nContent-Disposition: {NAME}\r\nTransfer-Encoding: chunked\r\n\r\n"
    with pytest.raises(PhraseDownloadError, match="broke off"):
        download(wire(f"{head}3\r\nabc\r\n".encode()))


def test_compressed_file_needs_no_length(wire, download):
    head = f"HTTP/1.0 200 OK\r\nContent-Disposition: {NAME}\r\nContent-Encoding: gzip\r\n\r\n".encode()
    assert download(wire(head + gzip.compress(LINES))) == LINES


def test_bomb_is_not_unpacked(wire, download):
    server = wire(named(wire, body=gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"))
    with pytest.raises(PhraseDownloadError, match="as no text does"):
        download(server)


@pytest.mark.parametrize("headers", [{}, {"Content_Encoding": "gzip"}])
def test_file_beyond_the_limit_of_the_connection_is_refused_for_good(wire, download, headers):
    body = gzip.compress(LINES) if headers else LINES
    answer = named(wire, body=body, **headers)
    with pytest.raises(PhraseFileTooLargeError, match=r"2 MiB.*max_download_size") as caught:
        download(wire(answer), max_download=2 << 20)
    assert not caught.value.can_pass
    assert download(wire(answer), max_download=len(LINES)) == LINES


def test_empty_file_of_an_empty_source_is_believed(wire, download):
    server = wire(named(wire), named(wire))
    assert download(server) == b""
    assert server.requests == [f"GET {PATH}", f"GET {ORIGINAL}"]


def test_empty_file_is_not_believed_when_its_source_is_not_empty(wire, download, waits):
    server = wire(named(wire), named(wire, body=b"abc"))
    with pytest.raises(PhraseDownloadError, match=r"its source is not.*start the export again"):
        download(server)
    assert (server.requests, waits) == ([f"GET {PATH}", f"GET {ORIGINAL}"], [])


@pytest.mark.parametrize("status", [200, 204, 403, 404, 500])
def test_empty_file_is_not_believed_when_its_source_cannot_be_read(wire, download, status):
    server = wire(named(wire), wire.answer(status))
    with pytest.raises(PhraseDownloadError, match="its source could not be read"):
        download(server, retries=0)
    assert server.requests == [f"GET {PATH}", f"GET {ORIGINAL}"]


@pytest.mark.parametrize("answer", [(200, PAGE), (202, b"abc"), (204, b"")])
def test_page_is_not_believed_to_be_the_original(wire, session, waits, answer):
    status, body = answer
    server = wire(wire.answer(status, body), named(wire, body=b"abc"))
    with TmsClient(session(server.url)).jobs.open_original("p1", "j1") as pieces:
        assert b"".join(pieces) == b"abc"
    assert (server.requests, len(waits)) == ([f"GET {ORIGINAL}"] * 2, 1)


def test_original_that_is_never_one_is_an_error(wire, session):
    server = wire(wire.answer(200, PAGE))
    jobs = TmsClient(session(server.url, retries=0)).jobs
    with pytest.raises(PhraseError, match="Sign in"), jobs.open_original("p1", "j1"):
        pass
