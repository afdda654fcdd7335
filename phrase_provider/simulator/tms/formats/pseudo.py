"""Pseudo-translation: readable, different from the source, different for each language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container

_PLAIN = "AaCcDdEeGgIiLlNnOoRrSsTtUuYyZz"
_ACCENTED = "ÅåÇçĐđÉéĜĝÎîĻļÑñÖöŘřŠšŢţÛûÝýŽž"
_ACCENTS = str.maketrans(_PLAIN, _ACCENTED)

_NESTING = 6
"""How deeply braces may be nested, as in the plurals and selects of ICU messages."""


def _braces(depth: int) -> str:
    inner = rf"| {_braces(depth - 1)}" if depth else ""
    return rf"\{{ (?: [^{{}}] {inner} )*+ \}}"


_PROTECTED = re.compile(
    rf"""
      (?: https?:// | www\. | mailto: ) [^\s<>"')\]]+      # addresses
    | [\w.+-]+ @ [\w-]+ (?: \. [\w-]+ )+
    | </? [A-Za-z] [^<>]* > | <!--.*?-->                    # tags
    | & (?: [A-Za-z][A-Za-z0-9]* | \#x?[0-9A-Fa-f]+ ) ;
    | \$? {_braces(_NESTING)}                              # {{x}}, ${{x}}, ICU messages
    | \$ t? \( [^)]* \) | \$ \w+                          # $t(x), $x
    | % \( [^)]* \) [#0+-]* \d* (?: \.\d+ )? [A-Za-z]     # %(x)s
    | % <\w+> [#0+-]* \d* (?: \.\d+ )? [A-Za-z]            # %<x>s
    | % (?: \d+\$ )? [#0+-]* (?: \d+ | \* )? (?: \.\d+ )?  # %s, %1$s, %5.2f, %ld
      (?: hh? | ll? | [qLzjt] )? [sdifgGeExXcroupa@%]
    | (?<! [\w:] ) : [a-z_]+ \b (?! : // )                  # :x
    """,
    re.VERBOSE | re.DOTALL,
)


class Pseudo:
    """
    A pseudo-translator into one language.

    :param language: in Phrase's spelling, such as ``pt_br``.
    :param only: texts that are translated; ``None``: all.
    """

    def __init__(self, language: str, only: Container[str] | None = None) -> None:
        self.language = language
        self._only = only

    def __call__(self, text: str, *, mark: bool = True, protect: re.Pattern[str] | None = None) -> str:
        """
        Return a segment translated; surrounding white space, placeholders, tags and addresses stay unchanged.

        :param mark: prefix the text with the language, as in ``⟦de⟧ Ĥéļļö``.
        :param protect: pattern of further text that stays unchanged.
        """
        body = text.strip()
        if not any(character.isalpha() for character in body) or not self._wants(body):
            return text
        begin = text.index(body)
        marker = f"⟦{self.language}⟧ " if mark else ""
        return f"{text[:begin]}{marker}{_accent(body, protect)}{text[begin + len(body) :]}"

    def _wants(self, body: str) -> bool:
        return self._only is None or body in self._only


class Segments(Pseudo):
    """Collects the texts of a file and leaves them as they are."""

    def __init__(self) -> None:
        super().__init__("de")
        self.texts: list[str] = []

    def _wants(self, body: str) -> bool:
        self.texts.append(body)
        return False


def _accent(text: str, protect: re.Pattern[str] | None) -> str:
    kept = _PROTECTED
    if protect is not None:
        kept = re.compile(f"{protect.pattern}|{_PROTECTED.pattern}", _PROTECTED.flags)
    pieces: list[str] = []
    end = 0
    for match in kept.finditer(text):
        pieces += [text[end : match.start()].translate(_ACCENTS), match.group()]
        end = match.end()
    return "".join([*pieces, text[end:].translate(_ACCENTS)])
