"""XLIFF 1.2 and 2.0: targets are filled in, and the target language is set."""

from __future__ import annotations

import re
from copy import deepcopy
from typing import TYPE_CHECKING

from lxml import etree

from phrase_provider.simulator.tms.languages import bcp47

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.formats.pseudo import Pseudo

_NATIVE_CODE = frozenset({"ph", "bpt", "ept", "it", "x"})
"""Inline elements whose text is code, not language."""
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PROLOG = re.compile(
    r"(?: \s | <\?.*?\?> | <!--.*?--> | <!DOCTYPE [^>\[]* (?: \[ .*? \] \s* )? > )*", re.DOTALL | re.VERBOSE
)


def translate(text: str, pseudo: Pseudo) -> str:
    """
    Return the XLIFF document with its targets filled in.

    :raises ValueError: when it is not XLIFF 1.2 or 2.0.
    """
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, strip_cdata=False)
    try:
        root = etree.fromstring(text.encode("utf-8"), parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    version = root.get("version")
    if _local(root) != "xliff" or version not in ("1.2", "2.0"):
        raise ValueError("it is not XLIFF 1.2 or 2.0")
    if version == "1.2":
        _translate_v1(root, pseudo)
    else:
        _translate_v2(root, pseudo)
    return _around(text, root)


def _around(text: str, root: etree._Element) -> str:
    """Return ``text`` with its root element replaced, keeping line ends and everything around it."""
    written: str = etree.tostring(root, encoding="unicode", with_tail=False)
    if "\r\n" in text:
        written = written.replace("\n", "\r\n")
    prolog = _PROLOG.match(text)
    epilog = text.rpartition(f"</{root.prefix}:xliff" if root.prefix else "</xliff")[2].partition(">")[2]
    return (prolog[0] if prolog else "") + written + epilog


def _translate_v1(root: etree._Element, pseudo: Pseudo) -> None:
    for file in root.iterfind("{*}file"):
        file.set("target-language", bcp47(pseudo.language))
    for unit in root.iterfind(".//{*}trans-unit"):
        source = unit.find("{*}source")
        if source is None or not _translatable(unit):
            continue
        segmented = unit.find("{*}seg-source")
        target = _fill(unit, source if segmented is None else segmented, pseudo)
        target.set("state", "translated")
        if _LANG in target.attrib:
            target.set(_LANG, bcp47(pseudo.language))


def _translate_v2(root: etree._Element, pseudo: Pseudo) -> None:
    root.set("trgLang", bcp47(pseudo.language))
    for segment in root.iterfind(".//{*}segment"):
        source = segment.find("{*}source")
        if source is None or not _translatable(segment):
            continue
        _fill(segment, source, pseudo)
        segment.set("state", "translated")


def _translatable(element: etree._Element) -> bool:
    """Return whether the nearest element with ``translate`` allows translation."""
    values = (each.get("translate") for each in (element, *element.iterancestors()))
    return next(filter(None, values), "yes") == "yes"


def _fill(parent: etree._Element, source: etree._Element, pseudo: Pseudo) -> etree._Element:
    """Put a translated copy of ``source`` into the target of ``parent``; create that if it is missing."""
    target = parent.find("{*}target")
    if target is None:
        target = etree.Element(source.tag.replace("seg-source", "source").replace("source", "target"))
        source.addnext(target)
        # On its own line, if the source is.
        target.tail, source.tail = source.tail, parent.text
    for child in list(target):
        target.remove(child)
    target.text = source.text
    target.extend(deepcopy(child) for child in source)
    _translate_inline(target, pseudo, mark=True)
    return target


def _translate_inline(element: etree._Element, pseudo: Pseudo, *, mark: bool) -> bool:
    """
    Translate the text in and after the children of ``element``.

    :param mark: whether the first text still needs the prefix of the language.
    :return: the same for the text that follows.
    """
    if _protected(element):
        return mark
    if element.text and _local(element) not in _NATIVE_CODE:
        element.text, mark = pseudo(element.text, mark=mark), mark and not _speaks(element.text)
    for child in element:
        if isinstance(child.tag, str):
            mark = _translate_inline(child, pseudo, mark=mark)
        if child.tail:
            child.tail, mark = pseudo(child.tail, mark=mark), mark and not _speaks(child.tail)
    return mark


def _protected(element: etree._Element) -> bool:
    return element.get("translate") == "no" or element.get("mtype") == "protected"


def _speaks(text: str) -> bool:
    return any(character.isalpha() for character in text)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
