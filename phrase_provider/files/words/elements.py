"""Text of chosen elements of XML, read by a parser as a stream."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from collections.abc import Set as AbstractSet


def parse_xml(blocks: Iterable[bytes], handler: XmlHandler) -> Iterator[None]:
    """
    Parse XML, and return to the caller after each block.

    :raises ValueError: it is not well formed, or defines entities: a few can stand for gigabytes of text.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = lambda name, attributes: handler.start(_local(name), attributes)
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.CharacterDataHandler = handler.characters
    parser.EntityDeclHandler = _refuse_entities
    try:
        for block in blocks:
            parser.Parse(block)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ValueError(f"no XML: {error}") from error
    yield


class XmlHandler:
    """What happens at elements, which are named without their prefix, and at text."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def characters(self, text: str) -> None: ...


def element_text(
    blocks: Iterable[bytes],
    *,
    within: AbstractSet[str],
    breaks: AbstractSet[str],
    hides: Callable[[str, Mapping[str, str]], bool],
) -> Iterator[bytes]:
    """
    Return the text of elements.

    :param within: elements whose text counts, with that of all that is in them.
    :param breaks: elements that no word goes across; others may be within one.
    :param hides: whether an element, by its name and attributes, is left out with all that is in it.
    :raises ValueError: as :func:`parse_xml`.
    """
    handler = _Text(within, breaks, hides)
    for _ in parse_xml(blocks, handler):
        yield "".join(handler.texts).encode(errors="surrogatepass")
        handler.texts.clear()


class _Text(XmlHandler):
    def __init__(
        self,
        within: AbstractSet[str],
        breaks: AbstractSet[str],
        hides: Callable[[str, Mapping[str, str]], bool],
    ) -> None:
        self.texts: list[str] = []
        self._within, self._breaks, self._hides = within, breaks, hides
        self._inside = self._hidden = 0

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._inside += name in self._within
        if name in self._breaks:
            self.texts.append("\n")
        if self._hidden or self._hides(name, attributes):
            self._hidden += 1

    def end(self, name: str) -> None:
        self._inside -= name in self._within
        self._hidden -= self._hidden > 0
        if name in self._breaks:
            self.texts.append("\n")

    def characters(self, text: str) -> None:
        if self._inside and not self._hidden:
            self.texts.append(text)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _refuse_entities(*_: object) -> None:
    raise ValueError("entities are not expanded")
