"""Source files: which Phrase reads, and how many words they hold."""

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
"""Bytes that are really counted; the rest is estimated from them."""


def supported(name: str) -> bool:
    """Tell whether Phrase can import a file of this name; it also takes names without a suffix."""
    suffix = PurePosixPath(name).suffix.lower()
    return not suffix or suffix in _SUPPORTED


def count_words(content: bytes) -> int:
    """Count the words of a source file, roughly for files over a megabyte."""
    counted = len(content[:_COUNTED].split())
    return counted if len(content) <= _COUNTED else counted * len(content) // _COUNTED
