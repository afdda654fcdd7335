"""A rough count of words before anything is sent; the count that is charged is made by Phrase."""

from __future__ import annotations

import codecs
import io
import json
import math
import re
from functools import partial
from html.parser import HTMLParser
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from xml.parsers import expat

from phrase_provider.files.sources import open_source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from phrase_provider.files.sources import SourceFile

_BYTES_PER_WORD = 6
_HEAD_BYTES = 8192
_LINE_CHARACTERS = 65_536
# Formats that must be read whole count as plain text above this, so that memory stays bounded.
_WHOLE_FILE_BYTES = 10_000_000

# Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, Bopomofo, ideographs.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3040-\u312f\u31a0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}][^\s{_UNSPACED}]*")
_MARKDOWN_MARKUP = re.compile(r"<[^<>]*>|\]\([^()]*\)")
_YAML_KEY = re.compile(r"""^\s*(?:-\s+)*(?:"[^"]*"|'[^']*'|[^\s#:][^:#]*):(?=\s|$)|(?:^|\s)#.*""")
_PROPERTIES_KEY = re.compile(r"^\s*(?:[#!].*|[^=:\s]+\s*[=:])")
# Elements of inline code in XLIFF 1.2, and translations that were only suggested.
_XLIFF_CODE = frozenset({"bpt", "ept", "ph", "it", "alt-trans"})
_NOT_PARSED = (ValueError, RecursionError, AssertionError, expat.ExpatError)


def estimate_words(source: SourceFile) -> int:
    """
    Estimate the words of a source file, reading it once in bounded memory.

    Text between tags counts, JSON and YAML values count without their keys, of XLIFF only ``source``
    elements; each character of a script without spaces counts as a word, which is too much for Thai. A
    binary file counts by its size, as an upper guess. A file that does not parse counts as plain text.

    This is neither Phrase's count nor the charge: import settings, segmentation and locked segments are
    not known here. An analysis in Phrase gives the real figures.

    :raises PhraseInputError: the file cannot be read.
    """
    encoding = _encoding(source.path)
    if encoding is None:
        return math.ceil(source.size / _BYTES_PER_WORD)
    suffix = PurePosixPath(source.name).suffix.lower()
    read = _READERS.get(suffix, _plain)
    if read in (_json_values, _html_text) and source.size > _WHOLE_FILE_BYTES:
        read = _plain
    try:
        return _count(read(_lines(source.path, encoding)))
    except _NOT_PARSED:
        return _count(_lines(source.path, encoding))


def _encoding(path: str) -> str | None:
    with open_source(path) as file:
        head = file.read(_HEAD_BYTES)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return None if b"\0" in head or head.startswith(b"%PDF") else "utf-8-sig"


def _lines(path: str, encoding: str) -> Iterator[str]:
    with open_source(path) as file, io.TextIOWrapper(file, encoding, errors="replace") as text:
        while line := text.readline(_LINE_CHARACTERS):
            yield line


def _count(texts: Iterable[str]) -> int:
    return sum(1 for text in texts for _ in _WORD.finditer(text))


def _plain(lines: Iterable[str]) -> Iterable[str]:
    return lines


def _without(markup: re.Pattern[str], lines: Iterable[str]) -> Iterator[str]:
    return (markup.sub(" ", line) for line in lines)


def _json_values(lines: Iterable[str]) -> Iterator[str]:
    values = [json.loads("".join(lines))]
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            values += value.values()
        elif isinstance(value, list):
            values += value


def _xml_text(
    lines: Iterable[str], *, within: str | None = None, without: frozenset[str] = frozenset()
) -> Iterator[str]:
    path: list[str] = []
    texts: list[str] = []

    def keep(text: str) -> None:
        if (within is None or within in path) and without.isdisjoint(path):
            texts.append(text)

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, _: path.append(name.rpartition(":")[2])
    parser.EndElementHandler = lambda _: path.pop()
    parser.CharacterDataHandler = keep
    parser.EntityDeclHandler = _refuse_entities
    for line in lines:
        parser.Parse(line)
        yield from texts
        texts.clear()
    parser.Parse("", True)
    yield from texts


def _refuse_entities(*_: object) -> None:
    # A few nested entities can stand for gigabytes of text.
    raise ValueError("entities are not expanded")


class _HtmlText(HTMLParser):
    """Collects what a browser shows."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in self.CDATA_CONTENT_ELEMENTS

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.texts.append(data)


def _html_text(lines: Iterable[str]) -> list[str]:
    parser = _HtmlText()
    parser.feed("".join(lines))
    parser.close()
    return parser.texts


_XLIFF = partial(_xml_text, within="source", without=_XLIFF_CODE)
_MARKDOWN = partial(_without, _MARKDOWN_MARKUP)
_YAML = partial(_without, _YAML_KEY)
_READERS: dict[str, Callable[[Iterable[str]], Iterable[str]]] = {
    **dict.fromkeys((".json", ".arb", ".xcstrings"), _json_values),
    **dict.fromkeys((".html", ".htm"), _html_text),
    **dict.fromkeys((".xml", ".xhtml", ".resx", ".dita", ".svg"), _xml_text),
    **dict.fromkeys((".xlf", ".xliff", ".mxliff", ".mqxliff", ".sdlxliff"), _XLIFF),
    **dict.fromkeys((".md", ".markdown", ".mdx"), _MARKDOWN),
    **dict.fromkeys((".yaml", ".yml"), _YAML),
    ".properties": partial(_without, _PROPERTIES_KEY),
}
