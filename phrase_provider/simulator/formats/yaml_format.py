"""YAML: string values are translated; keys, comments, order and quoting stay."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import ScalarString

if TYPE_CHECKING:
    from phrase_provider.simulator.formats.pseudo import Pseudo


def translate(text: str, pseudo: Pseudo) -> str:
    """
    Translate the values of all documents in a YAML text.

    :raises ValueError: when it is not YAML.
    """
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    try:
        documents = list(yaml.load_all(text))
    except YAMLError as error:
        raise ValueError(str(error).partition("\n")[0]) from None
    written = io.StringIO()
    yaml.dump_all([_value(document, pseudo) for document in documents], written)
    return written.getvalue()


def _value(node: Any, pseudo: Pseudo) -> Any:
    """Translate a node; maps and lists are changed in place, since they carry the comments."""
    if isinstance(node, str):
        text = pseudo(node)
        return type(node)(text) if isinstance(node, ScalarString) else text
    if isinstance(node, dict | list):
        for key in node if isinstance(node, dict) else range(len(node)):
            node[key] = _value(node[key], pseudo)
    return node
