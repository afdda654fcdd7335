"""
File formats: source files are pseudo-translated in their own format.

Each module has ``translate(text, pseudo)``, which returns the translated text and raises ``ValueError`` for
text that is not of its format. Modules are imported on demand; where their library is not
installed (extra ``simulator``), files are returned unchanged.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms.formats.encoding import decode
from phrase_provider.simulator.tms.formats.pseudo import Pseudo, Segments

if TYPE_CHECKING:
    from collections.abc import Collection

    from phrase_provider.simulator.tms.entities import SourceFile

log = logging.getLogger(__name__)

_MODULES = {
    ".txt": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".json": "json_format",
    ".yaml": "yaml_format",
    ".yml": "yaml_format",
    ".csv": "csv_format",
    ".tsv": "csv_format",
    ".po": "po",
    ".pot": "po",
    ".xlf": "xliff",
    ".xliff": "xliff",
}
_CHECKED = 200_000
"""Bytes up to which a file is checked at import."""


@dataclass(frozen=True)
class TargetFile:
    """
    A target file.

    :param warnings: differences from what one would expect.
    """

    content: bytes
    warnings: tuple[str, ...] = ()


def translate(
    file: SourceFile, language: str, *, translated: bool = True, kept: Collection[str] = ()
) -> TargetFile:
    """
    Return the target file of a source file.

    :param language: target language in Phrase's spelling.
    :param translated: ``False`` returns the source, as for a job that nobody worked on.
    :param kept: texts that are translated all the same.
    """
    if not translated and not kept:
        return TargetFile(file.content, ("Nothing is translated yet.",))
    try:
        content = _write(file.name, file.content, Pseudo(language, None if translated else kept))
    except ImportError as error:
        return _unchanged(file, f"{error.name} is not installed; install the extra 'simulator'")
    except ValueError as error:
        return _unchanged(file, str(error))
    if content is None:
        return _unchanged(file, "the simulator does not translate this file type")
    return TargetFile(content)


def problem(name: str, content: bytes) -> str | None:
    """Return why Phrase cannot import a file, or ``None`` when it can."""
    if len(content) > _CHECKED:
        return None
    try:
        _write(name, content, Pseudo("de"))
    except ImportError:
        return None
    except ValueError as error:
        return f"The file cannot be read: {error}"
    return None


def segments(name: str, content: bytes) -> list[str]:
    """Return the texts of the segments of a file; its lines where its type or size is not read otherwise."""
    found = Segments()
    if len(content) <= _CHECKED:
        try:
            if _write(name, content, found) is not None:
                return found.texts
        except (ImportError, ValueError) as error:
            log.debug("The segments of %s are its lines: %s", name, error)
    return [line.strip() for line in content.decode(errors="replace").splitlines() if line.strip()]


def _write(name: str, content: bytes, pseudo: Pseudo) -> bytes | None:
    """
    Return a file pseudo-translated; ``None`` for a type that is not supported.

    :raises ImportError: when the library of its format is not installed.
    :raises ValueError: when it is not of the format of its suffix.
    """
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in _MODULES:
        return None
    text, encoding = decode(content, suffix)
    try:
        # Imported here, so that a missing library becomes a warning about this one file.
        written: str = import_module(f"{__name__}.{_MODULES[suffix]}").translate(text, pseudo)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    return encoding.encode(written)


def _unchanged(file: SourceFile, reason: str) -> TargetFile:
    log.warning("%s comes back untranslated: %s", file.name, reason)
    return TargetFile(file.content, (f"The target file is the source file: {reason}.",))
