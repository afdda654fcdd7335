"""A rough count of words before anything is sent; the count that is charged is made by Phrase."""

from __future__ import annotations

import math
from itertools import chain
from typing import IO, TYPE_CHECKING

from phrase_provider.files.file_types import suffix_of
from phrase_provider.files.sources import open_source
from phrase_provider.files.words.blocks import as_utf8, is_binary, read_blocks
from phrase_provider.files.words.counting import count_words
from phrase_provider.files.words.json_strings import json_values
from phrase_provider.files.words.lines import plain_text, properties_values, yaml_values
from phrase_provider.files.words.markup import html_text, markdown_text, xliff_sources, xml_text
from phrase_provider.files.words.office import PACKAGES, count_package

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from phrase_provider.files.sources import SourceFile

_BYTES_PER_WORD = 6

_READERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    **dict.fromkeys((".json", ".arb", ".xcstrings"), json_values),
    **dict.fromkeys((".html", ".htm", ".xhtml", ".svg"), html_text),
    **dict.fromkeys((".xml", ".resx", ".dita"), xml_text),
    **dict.fromkeys((".xlf", ".xliff", ".mxliff", ".mqxliff", ".sdlxliff"), xliff_sources),
    **dict.fromkeys((".md", ".markdown", ".mdx"), markdown_text),
    **dict.fromkeys((".yaml", ".yml"), yaml_values),
    ".properties": properties_values,
}


def estimate_words(source: SourceFile) -> int:
    """
    Return an estimate of the words of a source file, read once as a stream, in linear time.

    Text between tags counts, JSON and YAML values count without their keys, of XLIFF only ``source``
    elements, of office documents what Phrase imports without any settings; each character of a script
    without spaces counts as a word, which is too much for Thai. Every other binary file, and a document that
    is broken or unpacks to more than the bounds, counts by its size, as an upper guess. A text that is not
    what its name says counts as plain text.

    This is neither Phrase's count nor the charge: import settings, segmentation and locked segments are
    not known here. An analysis in Phrase gives the real figures.

    :raises PhraseInputError: the file cannot be read.
    """
    with open_source(source.path) as file:
        return estimate_words_in(file, source)


def estimate_words_in(file: IO[bytes], source: SourceFile) -> int:
    """
    Return what :func:`estimate_words` does, of a file that is open.

    :param file: at its beginning; can seek.
    :param source: tells its name and size.
    """
    suffix = suffix_of(source.name)
    try:
        if suffix in PACKAGES:
            return count_package(file, source.size, suffix)
        return _count(file, source, _READERS.get(suffix, plain_text))
    except ValueError:
        file.seek(0)
        return _count(file, source, plain_text)


def _count(file: IO[bytes], source: SourceFile, read: Callable[[Iterable[bytes]], Iterator[bytes]]) -> int:
    blocks = read_blocks(file)
    first = next(blocks, b"")
    if is_binary(first):
        return math.ceil(source.size / _BYTES_PER_WORD)
    return sum(map(count_words, read(as_utf8(chain((first,), blocks)))))
