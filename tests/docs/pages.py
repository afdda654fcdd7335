"""The documentation's pages, as the tests read them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [
    *sorted(DOCS.rglob("*.md")),
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md") if (ROOT / name).exists()),
]
_MARKDOWN = MarkdownIt().enable("table")


class Fence(NamedTuple):
    """A fenced block: a snippet, or a directive of the site."""

    page: Path
    info: str
    text: str

    def __str__(self) -> str:
        return f"{name_of(self.page)}:{self.text.partition(chr(10))[0][:40]}"

    @property
    def argument(self) -> str:
        """What follows the name of a directive."""
        return self.info.partition(" ")[2].strip()


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _fences() -> Iterator[Fence]:
    for page in PAGES:
        for token in _MARKDOWN.parse(page.read_text()):
            if token.type == "fence":
                yield Fence(page, token.info.strip(), token.content)


FENCES = list(_fences())


def snippets(*languages: str) -> list[Fence]:
    """List what is shown to be run or copied; of all languages if none is named."""
    shown = [fence for fence in FENCES if not fence.info.startswith("{")]
    return [fence for fence in shown if not languages or fence.info in languages]


def directives(name: str) -> list[Fence]:
    """List the directives of a name."""
    return [fence for fence in FENCES if fence.info.split()[0] == f"{{{name}}}"]


def inline_code(page: Path) -> list[str]:
    """List what a page writes as code in its text."""
    tokens = _MARKDOWN.parse(page.read_text())
    return [
        child.content for token in tokens for child in token.children or () if child.type == "code_inline"
    ]


def targets(page: Path) -> list[str]:
    """List where links and pictures of a page lead, without what a browser would fetch elsewhere."""
    found = []
    for token in _MARKDOWN.parse(page.read_text()):
        for child in token.children or ():
            found += [str(child.attrs[name]) for name in ("href", "src") if name in child.attrs]
    paths = (target.partition("#")[0] for target in found if not re.match(r"[a-z]+:", target))
    return [path for path in paths if path]


def make_targets() -> set[str]:
    """Name everything that `make` can be asked for, each benchmark by its own name."""
    text = (ROOT / "Makefile").read_text()
    benches = (file.stem.removeprefix("bench_") for file in (ROOT / "benchmarks").glob("bench_*.py"))
    return {
        *re.findall(r"^([a-z-]+):", text, re.MULTILINE),
        *(f"bench-{name.replace('_', '-')}" for name in benches),
    }
