"""Language tags: from any usual form to Phrase's codes, and from those to the format of a platform."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from phrase_provider.exceptions import PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    #: A name in :data:`FORMATS`, or the text to write for each language (keys in any usual form).
    LanguageFormat: TypeAlias = str | Mapping[str, str]

_TAG = re.compile(
    r"(?P<language>[a-z]{2,3})"
    r"(?:_(?P<script>[a-z]{4}))?"
    r"(?:_(?P<region>[a-z]{2}|\d{3}))?"
    r"(?P<variants>(?:_(?:[a-z0-9]{5,8}|\d[a-z0-9]{3}))*)"
)
_ANDROID_REGION = re.compile(r"-r(?=(?:[A-Z]{2}|\d{3})$)")
_ENCODING = re.compile(r"\.[\w-]+(?=@|$)")
_POSIX_MODIFIERS = {"Latn": "latin", "Cyrl": "cyrillic", "Arab": "arabic", "Deva": "devanagari"}
_POSIX_SCRIPTS = {modifier: script.lower() for script, modifier in _POSIX_MODIFIERS.items()}
# Apple names these two by script alone; a region would make Xcode look for another folder.
_APPLE_CHINESE = {"zh_cn": "zh-Hans", "zh_hans_cn": "zh-Hans", "zh_tw": "zh-Hant", "zh_hant_tw": "zh-Hant"}


class _Parts(NamedTuple):
    language: str
    script: str
    region: str
    variants: tuple[str, ...]

    def joined(self, separator: str) -> str:
        return separator.join(filter(None, (self.language, self.script, self.region, *self.variants)))


def to_phrase(tag: str) -> str:
    """
    Write a language tag as Phrase does.

    Only the shape is checked; whether Phrase knows the language, Phrase says.

    :param tag: BCP 47 (``pt-BR``), POSIX (``pt_BR.UTF-8``, ``sr_RS@latin``), Android (``pt-rBR``,
        ``b+zh+Hans+CN``), Java or Phrase's own form.
    :return: lower case, joined by underscores: ``pt_br``, ``zh_hant_tw``, ``es_419``.
    :raises PhraseInputError: the text is not a language tag.
    """
    return _parse(tag).joined("_").lower()


def format_language(language: str, language_format: LanguageFormat = "bcp47") -> str:
    """
    Write a language as the files of a platform name it.

    :param language: a language in any form that :func:`to_phrase` accepts.
    :param language_format: ``bcp47`` (``pt-BR``), ``posix`` (``pt_BR``, ``sr_RS@latin``), ``android``
        (``pt-rBR``, ``b+zh+Hant+TW``), ``apple`` (``pt-BR``, ``zh-Hans``), ``java`` (``zh_Hant_TW``), or a
        mapping of languages to texts.
    :raises PhraseInputError: no such format, or the mapping lacks the language.
    """
    if not isinstance(language_format, str):
        return _mapped(to_phrase(language), language_format)
    try:
        write = FORMATS[language_format]
    except KeyError:
        raise PhraseInputError(
            f"{language_format!r} is not a language format",
            hint=f"Known formats: {', '.join(FORMATS)}; or give a mapping.",
        ) from None
    return write(_parse(language))


def unique_targets(tags: str | Iterable[str]) -> list[str]:
    """
    Return target languages as Phrase's codes, in the order given, each once.

    :param tags: languages in any form that :func:`to_phrase` accepts; in one text, with commas between.
    :raises PhraseInputError: none is given, or one is not a language tag.
    """
    several = filter(None, map(str.strip, tags.split(","))) if isinstance(tags, str) else tags
    codes = list(dict.fromkeys(map(to_phrase, several)))
    if not codes:
        raise PhraseInputError("No target language is given", hint="Give at least one, such as pt-BR.")
    return codes


def require_known(codes: Iterable[str], own: Sequence[str], what: str) -> None:
    """
    Check that a project has languages.

    :param codes: Phrase codes that are wanted.
    :param own: Phrase codes that the project has.
    :param what: names the project.
    :raises PhraseInputError: it lacks one.
    """
    if missing := [code for code in codes if code not in own]:
        raise PhraseInputError(
            f"{what} has no {', '.join(missing)}, only {', '.join(own) or 'no language'}",
            hint="Add the language to the project or its template in Phrase, or leave it out.",
        )


def _parse(tag: str) -> _Parts:
    match = _TAG.fullmatch(_underscored(tag.strip()).lower())
    if match is None:
        raise PhraseInputError(
            f"{tag!r} is not a language tag", hint="Write it like de, pt-BR or zh-Hant-TW."
        )
    return _Parts(
        match["language"],
        (match["script"] or "").capitalize(),
        (match["region"] or "").upper(),
        tuple(match["variants"].split("_")[1:]),
    )


def _underscored(tag: str) -> str:
    if tag.startswith("b+"):
        return tag.removeprefix("b+").replace("+", "_")
    tag = _ANDROID_REGION.sub("_", _ENCODING.sub("", tag)).replace("-", "_")
    tag, _, modifier = tag.partition("@")
    if not modifier:
        return tag
    language, *rest = tag.split("_")
    return "_".join([language, _POSIX_SCRIPTS.get(modifier.lower(), modifier), *rest])


def _mapped(code: str, texts: Mapping[str, str]) -> str:
    for tag, text in texts.items():
        if to_phrase(tag) == code:
            return text
    raise PhraseInputError(
        f"The language mapping lacks {code}",
        hint=f"Add it; the mapping knows {', '.join(texts) or 'nothing'}.",
    )


def _posix(parts: _Parts) -> str:
    modifier = _POSIX_MODIFIERS.get(parts.script)
    return f"{parts._replace(script='').joined('_')}@{modifier}" if modifier else parts.joined("_")


def _android(parts: _Parts) -> str:
    if parts.script or parts.variants or parts.region.isdigit():
        return f"b+{parts.joined('+')}"
    return parts.joined("-r")


def _apple(parts: _Parts) -> str:
    return _APPLE_CHINESE.get(parts.joined("_").lower(), parts.joined("-"))


#: How each format writes a language.
FORMATS: dict[str, Callable[[_Parts], str]] = {
    "bcp47": lambda parts: parts.joined("-"),
    "posix": _posix,
    "android": _android,
    "apple": _apple,
    "java": lambda parts: parts.joined("_"),
}
