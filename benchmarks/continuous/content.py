"""Source files for a benchmark: many, small, and each another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LANGS = ("de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl", "ko", "sv")
#: One more, for which nothing was uploaded.
ADDED = "da"
#: Files in a folder.
_IN_FOLDER = 100


def make_sources(folder: Path, count: int) -> list[Path]:
    """
    Write source files of a few hundred bytes, none like another.

    :param folder: is made.
    :return: their paths, sorted.
    """
    paths = []
    for number in range(count):
        path = folder / f"{number // _IN_FOLDER:03}" / f"{number:05}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(number, "first"), encoding="utf-8")
        paths.append(path)
    return sorted(paths)


def change(paths: Iterable[Path]) -> None:
    """Give files another content."""
    for path in paths:
        path.write_text(_text(int(path.stem), "second"), encoding="utf-8")


def _text(number: int, edition: str) -> str:
    lines = [f"# Page {number}", f"This is the {edition} edition of page {number}."]
    lines += [f"Paragraph {line} of page {number} says what a page says." for line in range(5)]
    return "\n\n".join(lines) + "\n"
