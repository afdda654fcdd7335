"""
`make bench-plan`: what the plan's word estimate costs beside reading the same files.

The floor opens each file through the same layer, and splits its bytes at blanks, block by block. Files are
64 MiB of each text format, 5,000 small ones, and some that are made to be slow to read. Both are measured in
turn, in one process. A figure is processor time, the least of several rounds, since what else runs on a
machine only adds to it. Japanese has no blanks: to split it is to look at each byte once, which makes it
the hardest floor. For contents that are one markup or escape over and over, only the growth has a goal.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from itertools import islice, repeat
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import Figure, publish
from phrase_provider.files.sources import SourceFile, open_source
from phrase_provider.files.words import estimate_words
from phrase_provider.files.words.blocks import BLOCK_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST = 3
"""How many times the floor an estimate may take."""

_RANDOM = random.Random(9)
_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnrst" for vowel in "aeiou"]
WORDS = ["".join(_RANDOM.choices(_SYLLABLES, k=_RANDOM.choice((1, 1, 2, 2, 3, 4)))) for _ in range(5_000)]
JAPANESE = "".join(map(chr, range(0x3042, 0x3090))) + "日本語翻訳文書作成確認東京大阪"

THAI = "".join(map(chr, range(0x0E01, 0x0E2F))) + "\u0e32\u0e34\u0e48"


def sentence(count: int = 9) -> str:
    return " ".join(_RANDOM.choices(WORDS, k=count)) + "."


def key() -> str:
    return ".".join(_RANDOM.choices(WORDS, k=2))


def text() -> str:
    return " ".join(sentence() for _ in range(5)) + "\n\n"


def accents() -> str:
    return text().replace("a", "é").replace("o", "ö").replace("u ", "u\u00a0").replace(". ", " — “ ")


def cyrillic() -> str:
    return text().translate({ord(latin): ord(latin) - 97 + 0x430 for latin in "abcdefghijklmnopqrstuvwxyz"})


def japanese() -> str:
    return "".join(_RANDOM.choices(JAPANESE, k=60)) + "。\n"


def thai() -> str:
    return " ".join("".join(_RANDOM.choices(THAI, k=_RANDOM.randint(10, 50))) for _ in range(5)) + "\n"


def markdown() -> str:
    return f"# {sentence(4)}\n\n{text()}* See [{sentence(3)}](https://{key()}/x) and <b>{sentence(2)}</b>\n"


def html() -> str:
    return (
        f'<!-- {sentence(4)} -->\n<div class="{key()}"><p>{sentence()} <b>{sentence(2)}</b></p>\n'
        f"<p>{sentence()}&nbsp;{sentence()} &amp; {sentence()}</p></div>\n"
    )


def xml() -> str:
    return f'    <string name="{key()}">{sentence()} &amp; {sentence(4)}</string>\n'


def xliff() -> str:
    return (
        f'<trans-unit id="{key()}"><source>{sentence()} <ph id="1">{{0}}</ph> {sentence(3)}</source>\n'
        f"<target>{sentence()}</target></trans-unit>\n"
    )


def json_entry() -> str:
    return f'  "{key()}": {json.dumps(sentence())},\n  "{key()}": ["{sentence(3)}", 17],\n'


def xcstrings() -> str:
    unit = {"stringUnit": {"state": "translated", "value": sentence()}}
    return f'"{sentence(3)}": {json.dumps({"localizations": {"en": unit}}, indent=2)},\n'


def yaml() -> str:
    return f"{key()}:\n  title: {sentence(5)}\n  items:\n    - {sentence()}\n    - '{sentence()}' # note\n"


def properties() -> str:
    return f"# {sentence(4)}\n{key()} = {sentence()}\n{key()}={sentence(4)}\n"


FORMATS: dict[str, Callable[[], str]] = {
    "plain.txt": text,
    "accents.txt": accents,
    "cyrillic.txt": cyrillic,
    "japanese.txt": japanese,
    "thai.txt": thai,
    "text.md": markdown,
    "page.html": html,
    "strings.xml": xml,
    "text.xlf": xliff,
    "strings.json": json_entry,
    "strings.xcstrings": xcstrings,
    "strings.yaml": yaml,
    "text.properties": properties,
}
REMARKS = dict.fromkeys(
    ("japanese.txt", "thai.txt"), ", few blanks, so that splitting it is one look at each byte"
)
AROUND = {".json": ("{\n", '"end": ""}\n'), ".xcstrings": ('{"strings": {\n', '"end": {}}}\n')}
CRAFTED = {
    "list items in a line, 62 KB": ("items.yaml", "- " * 31_000),
    "list items in a line, 62 KB of Markdown": ("items.md", "- " * 31_000),
    "comment openers, 195 KB": ("comments.html", "<!--" * 48_750),
    "tag openers, 195 KB": ("tags.xml", "<a " * 65_000),
    "script openers, 195 KB": ("scripts.html", "<script> " * 21_666),
    "brackets, 195 KB of JSON": ("deep.json", "[" * 195_000),
    "link openers, 195 KB": ("links.md", "](a " * 48_750),
}

# Without a blank, so that the floor is almost nothing: what counts is that time grows as the size does.
REPEATED = {
    "a.html": ("<!---->", "<script></script>", "<p>", "&#26085;", "&a"),
    "a.xlf": ("<source>a</source>", "<source>a<ph>", "<alt-trans>"),
    "a.json": ('"",', '"a', "\\", "\\u65e5"),
    "a.yaml": ("\n\n", "a:\n", "'", "\\"),
    "a.md": ("](", "]()", "<"),
    "a.properties": ("#\n", "\\u00"),
    "a.txt": ("\u2009", "\u0e01", "\U0001f600", "\u00a0"),
}
GROWTH = 4
MOST_GROWTH = 6


def write(folder: Path, name: str, entries: Iterator[str], size: int) -> SourceFile:
    """Write a file of about a number of bytes; its entries are made once for every 2 MiB."""
    before, after = AROUND.get(Path(name).suffix, ("", ""))
    block, wanted = b"", min(size, 2 << 20)
    while len(block) < wanted:
        block += "".join(islice(entries, 200)).encode()
    with (folder / name).open("wb") as file:
        file.write(before.encode())
        for _ in range(max(1, size // len(block))):
            file.write(block)
        file.write(after.encode())
    return SourceFile(str(folder / name), name, (folder / name).stat().st_size)


def write_many(folder: Path, count: int) -> list[SourceFile]:
    """Write small files of all formats."""
    files = []
    for number in range(count):
        name, make = list(FORMATS.items())[number % len(FORMATS)]
        path = folder / f"{number}-{name}"
        path.write_text("".join(make() for _ in range(5)), encoding="utf-8")
        files.append(SourceFile(str(path), path.name, path.stat().st_size))
    return files


def split(file: SourceFile) -> int:
    """Do what is the least: open, read, split at blanks."""
    with open_source(file.path) as stream:
        return sum(len(block.split()) for block in iter(lambda: stream.read(BLOCK_BYTES), b""))


def milliseconds(count: Callable[[SourceFile], int], files: list[SourceFile]) -> float:
    began = time.process_time()
    for file in files:
        count(file)
    return 1000 * (time.process_time() - began)


def compare(name: str, files: list[SourceFile], rounds: int) -> Figure:
    """Measure both in turn, so that a busy machine disturbs both alike."""
    pairs = [(milliseconds(split, files), milliseconds(estimate_words, files)) for _ in range(rounds)]
    floor, ours = map(min, zip(*pairs, strict=True))
    return Figure(f"{name}: {ours / floor:.1f} times the floor", "ms", ours, floor, {}, goal=MOST * floor)


def growth(folder: Path, rounds: int) -> Figure:
    """Measure how much longer a file takes that is some times as long, and return the worst."""
    worst = (0.0, "")
    for name, contents in REPEATED.items():
        for content in contents:
            short, long = (
                min(
                    milliseconds(estimate_words, [repeated(folder, name, content, size)])
                    for _ in range(rounds)
                )
                for size in (1 << 20, GROWTH << 20)
            )
            worst = max(worst, (long / short, f"{content!a} in {name}"))
    title = f"Crafted: time from 1 to {GROWTH} MiB, the worst ({worst[1]})"
    return Figure(title, "times", worst[0], GROWTH, {}, goal=MOST_GROWTH)


def repeated(folder: Path, name: str, content: str, size: int) -> SourceFile:
    data = content.encode()
    (folder / name).write_bytes(data * (size // len(data)))
    return SourceFile(str(folder / name), name, (folder / name).stat().st_size)


def figures(folder: Path, mebibytes: int, many: int, rounds: int) -> Iterator[Figure]:
    for name, make in FORMATS.items():
        file = write(folder, name, (entry() for entry in repeat(make)), mebibytes << 20)
        yield compare(f"{mebibytes} MiB, {name}{REMARKS.get(name, '')}", [file], rounds)
        Path(file.path).unlink()
    for title, (name, content) in CRAFTED.items():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        yield compare(f"Crafted: {title}", [SourceFile(str(path), name, path.stat().st_size)], 5 * rounds)
    yield growth(folder, rounds)
    yield compare(f"{many:,} small files", write_many(folder, many), rounds)


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench-plan", description=__doc__)
    parser.add_argument("--mebibytes", type=int, default=64, help="size of the large files")
    parser.add_argument("--files", type=int, default=5_000, help="number of small files")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of each")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measured = list(figures(Path(folder), arguments.mebibytes, arguments.files, arguments.rounds))
    raise SystemExit(publish("plan", measured))


if __name__ == "__main__":
    main()
