"""Source files: supported types and word counts."""

from __future__ import annotations

from pathlib import PurePosixPath

_SUFFIXES = """
    .txt .md .mdx .markdown .html .htm .xhtml .xml .xlf .xliff .mxliff .sdlxliff .mqxliff .mqxlz .txml .ttx
    .json .jsonc .arb .yaml .yml .csv .tsv .po .pot .properties .strings .stringsdict .xcstrings .resx .resw
    .ts .ini .php .srt .vtt .sbv .sub .tmx .dita .ditamap .docx .docm .dotx .doc .rtf .odt .ods .odp .xlsx
    .xlsm .xls .pptx .pptm .potx .ppt .ppsx .idml .icml .mif .inx .pdf .psd .svg .vsdx .catkeys .desktop .wiki
    .adoc .asciidoc .zip .ftl .lang .plist .js .jpg .jpeg .png .dbk .docbook .dot .dotm .dtd .epub .pot .potm
    .pps .ppsm .xlt .xltx .xltm .ott .ots .otp .odg .otg .resjson .tag .rc .txlf .wpxliff
"""
_SUPPORTED = frozenset(_SUFFIXES.split())
_COUNTED = 1_000_000
"""Bytes in which words are counted; the rest is extrapolated."""


def supported(name: str) -> bool:
    """Return whether Phrase can import a file of this name; names without a suffix are supported."""
    suffix = PurePosixPath(name).suffix.lower()
    return not suffix or suffix in _SUPPORTED


def count_words(content: bytes) -> int:
    """Return the number of words of a source file, extrapolated for files over a megabyte."""
    counted = len(content[:_COUNTED].split())
    return counted if len(content) <= _COUNTED else counted * len(content) // _COUNTED
