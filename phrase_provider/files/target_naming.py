"""The names of target files: a pattern below the target folder, filled in for each file and language."""

from __future__ import annotations

import posixpath
import re
from string import Formatter
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.languages import format_language
from phrase_provider.files.names import require_target_name, shown
from phrase_provider.files.storage import join, locate

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from phrase_provider.files.languages import LanguageFormat
    from phrase_provider.files.sources import SourceFile

DEFAULT_TARGET_NAMING = "{lang}/{relative_path}"
DEFAULT_LANGUAGE_FORMAT = "bcp47"

_FIELDS = ("lang", "relative_path", "folder", "name", "stem", "suffix")
# Stands for the language in a path of all languages; no path has it.
_LANG = "\0"
# A language that changes nothing but the place where it stands: it makes no folder, and is none.
_PLAIN = re.compile(r"[\w@+-]+")


class TargetNaming:
    """
    Names the targets of many files in several languages.

    :param target_langs: Phrase codes.
    :param target_folder: local folder or URL; need not exist.
    :param naming: as :func:`check_naming` accepts it.
    :param language_format: how ``{lang}`` is written; see
        :func:`~phrase_provider.files.languages.format_language`.
    :raises PhraseInputError: the pattern is broken, or the format lacks a language.
    """

    def __init__(
        self,
        target_langs: Sequence[str],
        target_folder: str,
        naming: str = DEFAULT_TARGET_NAMING,
        language_format: LanguageFormat = DEFAULT_LANGUAGE_FORMAT,
    ) -> None:
        self._languages = {code: format_language(code, language_format) for code in target_langs}
        check_naming(naming)
        if not target_folder.strip():
            raise PhraseInputError("No target folder is given", hint="Give a local folder or a URL.")
        self._folder = locate(target_folder)
        self._naming = naming
        plain = all(map(_PLAIN.fullmatch, self._languages.values()))
        self._is_simple = plain and not _changes_lang(naming)

    def paths(self, file: SourceFile) -> dict[str, str]:
        """
        Return the target path of a file for each language; whether a file can have that name, others check.

        :raises PhraseInputError: it would not lie below the target folder.
        """
        if self._is_simple:
            path = _path(file.relative_path, _LANG, self._folder, self._naming)
            return {code: path.replace(_LANG, lang) for code, lang in self._languages.items()}
        return {
            code: _path(file.relative_path, lang, self._folder, self._naming)
            for code, lang in self._languages.items()
        }


def check_naming(naming: str, more_fields: Sequence[str] = ()) -> None:
    """
    Check a pattern for the names of target files.

    :param naming: path below the target folder, with the fields ``{lang}``, ``{relative_path}``,
        ``{folder}``, ``{name}``, ``{stem}`` and ``{suffix}`` (with its dot).
    :param more_fields: further fields that it may have.
    :raises PhraseInputError: it is broken or absolute, or has unknown fields.
    """
    known = (*_FIELDS, *more_fields)
    hint = f"Known fields: {', '.join(f'{{{field}}}' for field in known)}."
    try:
        fields = [field for _, field, _, _ in Formatter().parse(naming) if field is not None]
    except ValueError as error:
        raise PhraseInputError(f"The target naming {naming!r} is broken: {error}", hint=hint) from None
    unknown = [field for field in fields if field not in known]
    if unknown:
        raise PhraseInputError(
            f"The target naming {naming!r} has unknown fields: {', '.join(unknown)}", hint=hint
        )
    if naming.startswith("/") or "://" in naming:
        raise PhraseInputError(
            f"The target naming {naming!r} is absolute", hint="Name a path below the target folder."
        )


def name_target(
    relative_path: str,
    lang: str,
    target_folder: str,
    naming: str,
    more_fields: Mapping[str, str] | None = None,
) -> str:
    """
    Return the target path of a file in one language.

    :param relative_path: of the source file, below its base.
    :param lang: as the target side writes the language.
    :param target_folder: local folder or URL.
    :param naming: as :func:`check_naming` accepts it.
    :param more_fields: values of further fields.
    :return: absolute local path or URL.
    :raises PhraseInputError: it would not lie below the target folder, or no file can have that name.
    """
    return require_target_name(_path(relative_path, lang, locate(target_folder), naming, more_fields))


def _path(
    relative_path: str,
    lang: str,
    target_folder: str,
    naming: str,
    more_fields: Mapping[str, str] | None = None,
) -> str:
    folder, _, name = relative_path.rpartition("/")
    stem, suffix = posixpath.splitext(name)
    named = naming.format(
        lang=lang,
        relative_path=relative_path,
        folder=folder,
        name=name,
        stem=stem,
        suffix=suffix,
        **(more_fields or {}),
    )
    # A file at the top has no folder: its slash goes too.
    parts = [part for part in named.split("/") if part not in ("", ".")]
    if not parts or ".." in parts:
        raise PhraseInputError(
            f"The target of {shown(relative_path)} would be '{shown(named)}', which is not a file below the "
            "target folder",
            hint="Change target_naming or language_format.",
        )
    return join(target_folder, "/".join(parts))


def _changes_lang(naming: str) -> bool:
    """Return whether a pattern writes the language otherwise than as it is, such as ``{lang:>5}``."""
    fields = Formatter().parse(naming)
    return any(field == "lang" and (spec or conversion) for _, field, spec, conversion in fields)
