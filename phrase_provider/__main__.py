"""The command line: ``python -m phrase_provider plan`` shows what a run would do, and sends nothing."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files import plan
from phrase_provider.files.languages import FORMATS
from phrase_provider.files.target_naming import DEFAULT_TARGET_NAMING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run the command.

    :param argv: arguments; default: those of the process.
    :return: exit status: 0, or 2 for input that was refused (the reason goes to stderr).
    """
    args = _parser().parse_args(argv)
    try:
        planned = plan.make_plan(
            args.source,
            args.target_lang,
            args.target_folder,
            target_naming=args.target_naming,
            language_format=args.language_format,
            base=args.base,
            exclude=args.exclude,
            skip_empty=args.skip_empty,
            max_files=args.max_files,
            max_words=args.max_words,
        )
    except PhraseInputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"{_json(planned.as_dict()) if args.json else planned.table()}\n")
    return 0


def _json(data: object) -> str:
    # What would act on a terminal stands in strings only, where JSON has escapes for it.
    text = json.dumps(data, ensure_ascii=False, indent=2)
    return "".join(char if char.isprintable() or char == "\n" else json.dumps(char)[1:-1] for char in text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m phrase_provider")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("plan", help="show files, words, languages and targets; send nothing")
    command.add_argument("source", nargs="+", metavar="SOURCE", help="file, URL or quoted glob")
    command.add_argument("--target-lang", action="append", required=True, metavar="LANG", help="repeatable")
    command.add_argument("--target-folder", required=True, metavar="FOLDER")
    command.add_argument("--target-naming", default=DEFAULT_TARGET_NAMING, metavar="PATTERN")
    command.add_argument("--language-format", default=plan.DEFAULT_LANGUAGE_FORMAT, choices=FORMATS)
    command.add_argument("--base", metavar="FOLDER", help="folder from which relative paths start")
    command.add_argument("--exclude", action="append", metavar="GLOB", help="files to leave out; repeatable")
    command.add_argument("--skip-empty", action="store_true", help="leave out empty files")
    command.add_argument("--max-files", type=int, default=plan.DEFAULT_MAX_FILES, metavar="N")
    command.add_argument("--max-words", type=int, default=plan.DEFAULT_MAX_WORDS, metavar="N")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser


if __name__ == "__main__":
    sys.exit(main())
