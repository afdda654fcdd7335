"""Types of files that Phrase TMS is known to take, by the end of a file's name."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phrase_provider.files.sources import SourceFile

# By the names of the specification's FileFormatEnum, in its order, as far as it has one.
_SUFFIXES = {
    "android_string, docbook, multiling_xml, xml, xml_properties": ".xml .dbk .docbook",
    "chrome_json, json": ".json .jsonc .arb .xcstrings",
    "csv, magento_csv": ".csv .tsv",
    "desktop_entry": ".desktop",
    "dita": ".dita .ditamap",
    "doc": ".doc .docx .docm .dot .dotx .dotm .rtf",
    "dtd": ".dtd",
    "epub": ".epub",
    "html": ".html .htm .xhtml",
    "icml": ".icml",
    "idml": ".idml .inx",
    "joomla_ini": ".ini",
    "mac_strings": ".strings .stringsdict",
    "md": ".md .markdown .mdx",
    "mif": ".mif",
    "mozilla_properties, properties": ".properties",
    "mqxliff": ".mqxliff .mqxlz",
    "pdf": ".pdf",
    "php": ".php",
    "plain_text": ".txt",
    "plist": ".plist",
    "po": ".po .pot",
    "ppt": ".ppt .pptx .pptm .pot .potx .potm .pps .ppsx .ppsm",
    "psd": ".psd",
    "resjson": ".resjson",
    "resx": ".resx .resw",
    "sbv": ".sbv",
    "sdlxlif": ".sdlxliff",
    "srt": ".srt",
    "sub": ".sub",
    "svg": ".svg",
    "tag": ".tag",
    "tmx": ".tmx",
    "ts": ".ts",
    "ttx": ".ttx",
    "vtt": ".vtt",
    "wiki": ".wiki",
    "windows_rc": ".rc",
    "wpxliff, xlf, xlf2": ".xlf .xliff .mxliff .txlf .txml .wpxliff",
    "multiling_xls, xls": ".xls .xlsx .xlsm .xlt .xltx .xltm",
    "yaml": ".yaml .yml",
    # Not named there, and taken nevertheless.
    "AsciiDoc": ".adoc .asciidoc",
    "OpenDocument": ".odt .ott .ods .ots .odp .otp .odg .otg",
    "drawings and images with text": ".vsdx .jpg .jpeg .png",
    "strings of programs": ".catkeys .ftl .js .lang",
}
KNOWN_SUFFIXES = frozenset(suffix for suffixes in _SUFFIXES.values() for suffix in suffixes.split())


class FileWarning(NamedTuple):
    """
    A file of a plan that may not end as it should.

    :param path: absolute local path or URL.
    :param reason: ``unknown type``.
    """

    path: str
    reason: str


def suffix_of(name: str) -> str:
    """Return the end of a file's name that tells its type: in lower case, with its dot, or empty."""
    return PurePosixPath(name).suffix.lower()


def unknown_types(sources: Iterable[SourceFile]) -> Iterator[FileWarning]:
    """
    Return a warning for each file of a type that Phrase is not known to take.

    It is not an error: Phrase has more types than it documents, an organization can define its own, and a
    name without any suffix may be text.
    """
    for source in sources:
        suffix = suffix_of(source.name)
        if suffix and suffix not in KNOWN_SUFFIXES:
            yield FileWarning(source.path, "unknown type")
