"""Bodies of answers, read within bounds: JSON as a whole, files in chunks, and only whole ones."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

import urllib3

from phrase_provider.api import errors
from phrase_provider.exceptions import PhraseFileTooLargeError, PhraseServerError, PhraseTransportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import requests

    from phrase_provider.api.deadline import Deadline
    from phrase_provider.api.endpoint import Endpoint

#: Bytes of a JSON answer after decoding: some 8,000 job parts, the longest answers that Phrase documents.
MAX_JSON = 8 << 20
#: Bytes of an error's body that are read.
MAX_ERROR = 64 << 10

#: Bytes of a file that are in memory at a time, and of a JSON answer that are read at once.
_PIECE, _JSON_PIECE = 1 << 20, 64 << 10

#: How many times its coded size a file may have: texts come to some 20, and Deflate can make 1,000 of one.
#: Below the second number, in bytes, any.
MAX_RATIO, FREE = 200, 1 << 20

#: The name of the file, as Phrase documents it: ``filename*=UTF-8''…``, also after ``attachment; ``.
_NAMED = re.compile(r"(^|[;\s])filename\*?\s*=\s*[^;\s]", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,18}")
#: zlib's number for "gzip or zlib, as the first bytes tell".
_EITHER = 32 + zlib.MAX_WBITS


def read_all(response: requests.Response, endpoint: Endpoint, deadline: Deadline, *, whole: bool) -> None:
    """
    Read an answer's body into memory, as ``response.content``.

    :param response: streamed, unread.
    :param endpoint: what was called.
    :param deadline: of the call; lengthened by what arrives.
    :param whole: whether all of it is wanted; what is no success is read up to 64 KiB.
    :raises PhraseServerError: it is longer than any answer that Phrase documents.
    :raises requests.RequestException: it broke off.
    """
    limit = MAX_JSON if whole else MAX_ERROR
    body = bytearray()
    for piece in response.iter_content(_JSON_PIECE):
        deadline.lengthen(len(piece))
        body += piece
        if len(body) > limit:
            response.close()
            if whole:
                raise _too_long(response, endpoint)
            break
    # The place in which requests keeps what it has read; it offers no reading with a bound.
    response._content = bytes(body[:limit])


class FileBody:
    """
    The file that an endpoint answered with, unread.

    :param response: streamed; unread if it is a file.
    :param endpoint: what was called.
    :param deadline: of the call; lengthened by what arrives.
    :param limit: bytes that the file may have.
    :raises PhraseServerError: the answer is not the documented one.
    """

    def __init__(
        self, response: requests.Response, endpoint: Endpoint, deadline: Deadline, limit: int
    ) -> None:
        if not is_file(response):
            raise errors.not_a_file(response, endpoint)
        self._response = response
        self._endpoint = endpoint
        self._deadline = deadline
        self._limit = limit
        coding = response.headers.get("Content-Encoding", "identity").strip().lower()
        self._coded = coding != "identity"
        if coding not in ("identity", "gzip", "x-gzip", "deflate"):
            raise self._spoilt(f"it has the content coding {coding[:40]!r}, which was not asked for")
        #: Bytes on the wire, if they are announced.
        self._announced = _announced(response)
        if not self._has_an_end():
            raise self._spoilt("neither its length nor its content coding tells where it ends")
        #: Bytes of the file, if they are announced.
        self.size = None if self._coded else self._announced
        self._require_below_limit(self.size or 0)

    def iter_chunks(self) -> Iterator[bytes]:
        """
        Yield the file in constant memory; the end is reached only when it is whole.

        :raises PhraseTransportError: it broke off, is not whole, took too long, or its coding makes far more
            of it than any text would.
        :raises PhraseFileTooLargeError: it is larger than the connection allows.
        """
        size = 0
        for piece in self._decoded(self._raw()):
            size += len(piece)
            self._require_below_limit(size)
            yield piece

    def _has_an_end(self) -> bool:
        return self._coded or self._announced is not None or _is_chunked(self._response)

    def _raw(self) -> Iterator[bytes]:
        arrived = 0
        try:
            for piece in self._response.raw.stream(_PIECE, decode_content=False):
                arrived += len(piece)
                self._deadline.lengthen(len(piece))
                yield piece
        except urllib3.exceptions.HTTPError as error:
            self._require_in_time()
            raise errors.from_transport(error, str(self._endpoint)) from error
        self._require_in_time()
        # urllib3 looks, too, from version 2 on.
        if self._announced not in (None, arrived):
            raise self._spoilt(f"{arrived} bytes of {self._announced} arrived")

    def _decoded(self, coded: Iterable[bytes]) -> Iterator[bytes]:
        if not self._coded:
            yield from coded
            return
        try:
            yield from self._inflated(coded)
        except zlib.error as error:
            raise self._spoilt("its content coding is damaged") from error

    def _inflated(self, coded: Iterable[bytes]) -> Iterator[bytes]:
        decoder, arrived, made = zlib.decompressobj(_EITHER), 0, 0
        for piece in coded:
            arrived += len(piece)
            left = piece
            while left:
                if decoder.eof:  # gzip files may follow each other
                    decoder = zlib.decompressobj(_EITHER)
                content = decoder.decompress(left, _PIECE)
                left = decoder.unconsumed_tail or decoder.unused_data
                made += len(content)
                self._require_ratio(made, arrived)
                yield content
        while content := decoder.decompress(b"", _PIECE):
            made += len(content)
            self._require_ratio(made, arrived)
            yield content
        if not decoder.eof:
            raise self._spoilt("its content coding breaks off")

    def _require_in_time(self) -> None:
        if self._deadline.passed:
            raise self._deadline.error(self._endpoint)

    def _require_ratio(self, made: int, arrived: int) -> None:
        if made > FREE and made > MAX_RATIO * arrived:
            raise self._spoilt(f"its content coding makes more than {MAX_RATIO} times of it, as no text does")

    def _require_below_limit(self, size: int) -> None:
        if size > self._limit:
            raise PhraseFileTooLargeError(
                f"The file is larger than the {self._limit >> 20} MiB that the connection allows",
                hint="Raise the field 'Largest download (MiB)' (max_download_size) of the connection.",
                endpoint=str(self._endpoint),
            )

    def _spoilt(self, reason: str) -> PhraseTransportError:
        return PhraseTransportError(
            f"The file did not arrive whole: {reason}",
            hint="A proxy or the network may have changed it: try again.",
            endpoint=str(self._endpoint),
        )


def is_file(response: requests.Response) -> bool:
    """
    Return whether an answer is a file of Phrase: a 200 that names it.

    The page of a proxy or a login has no name, whatever its type is; a part (206) was not asked for.

    :param response: any answer.
    """
    named = _NAMED.search(response.headers.get("Content-Disposition", "")[:4096])
    return response.status_code == 200 and named is not None


def _is_chunked(response: requests.Response) -> bool:
    return "chunked" in response.headers.get("Transfer-Encoding", "").lower()


def _announced(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "").strip()
    # Where both are there, the chunks count (RFC 9112, 6.3).
    return int(length) if _LENGTH.fullmatch(length) and not _is_chunked(response) else None


def _too_long(response: requests.Response, endpoint: Endpoint) -> PhraseServerError:
    return PhraseServerError(
        f"{endpoint} was answered with more than {MAX_JSON >> 20} MiB of JSON",
        hint="Phrase documents no answer of that size: a proxy may stand in between.",
        status=response.status_code,
        endpoint=str(endpoint),
    )
