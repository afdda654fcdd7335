"""YAML: string values are translated in place; keys, comments, anchors and layout stay unchanged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.nodes import Node

    from phrase_provider.simulator.tms.formats.pseudo import Pseudo

_STRING = "tag:yaml.org,2002:str"
_SWITCHES = frozenset({"yes", "no", "on", "off", "y", "n"})
"""Plain words that older parsers read as booleans."""
_PROPERTIES = re.compile(r"\A(?:[&!]\S*\s+)*")
"""Anchor and tag before a value."""
_ESCAPES = re.compile(r"\\(?:x.{2}|u.{4}|U.{8}|\r?\n|.)")


def translate(text: str, pseudo: Pseudo) -> str:
    """
    Return the YAML text with the values of all its documents translated.

    :raises ValueError: when it is not YAML.
    """
    try:
        documents = list(YAML(typ="safe", pure=True).compose_all(text))
    except YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    pieces: list[str] = []
    end = 0
    for node in _values(documents, set()):
        begin, after = node.start_mark.index, node.end_mark.index
        pieces += [text[end:begin], _written(text[begin:after], node.style, pseudo)]
        end = after
    return "".join([*pieces, text[end:]])


def _values(nodes: list[Node], seen: set[int]) -> Iterator[ScalarNode]:
    """Yield the strings that are not keys, in the order of the text; aliased ones once."""
    for node in nodes:
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, MappingNode):
            yield from _values([value for _, value in node.value], seen)
        elif isinstance(node, SequenceNode):
            yield from _values(node.value, seen)
        elif isinstance(node, ScalarNode) and node.tag == _STRING and not _switch(node):
            yield node


def _switch(node: ScalarNode) -> bool:
    return node.style is None and node.value.lower() in _SWITCHES


def _written(source: str, style: str | None, pseudo: Pseudo) -> str:
    """Return a scalar translated, as it is written in the source, possibly with anchor and tag."""
    value = _PROPERTIES.sub("", source, count=1)
    before = source.removesuffix(value)
    if style in ("|", ">"):
        header, newline, body = value.partition("\n")
        return before + header + newline + pseudo(body)
    if style in ('"', "'"):
        escapes = _ESCAPES if style == '"' else None
        return before + style + pseudo(value[1:-1], protect=escapes) + style
    return before + pseudo(value)
