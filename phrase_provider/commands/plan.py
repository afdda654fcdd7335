"""The command ``plan``: shows what a run would do, and sends nothing."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from phrase_provider.commands.output import as_json
from phrase_provider.files import plan, target_naming
from phrase_provider.files.languages import FORMATS

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace


def add_arguments(command: ArgumentParser) -> None:
    """Add the arguments of the command."""
    command.add_argument("source", nargs="+", metavar="SOURCE", help="file, URL or quoted glob")
    command.add_argument("--target-lang", action="append", required=True, metavar="LANG", help="repeatable")
    command.add_argument("--target-folder", required=True, metavar="FOLDER")
    add_naming(command)
    command.add_argument("--base", metavar="FOLDER", help="folder from which relative paths start")
    command.add_argument("--exclude", action="append", metavar="GLOB", help="files to leave out; repeatable")
    command.add_argument("--skip-empty", action="store_true", help="leave out empty files")
    command.add_argument("--max-files", type=int, default=plan.DEFAULT_MAX_FILES, metavar="N")
    command.add_argument("--max-words", type=int, default=plan.DEFAULT_MAX_WORDS, metavar="N")
    command.add_argument("--json", action="store_true", help="print JSON instead of a table")


def add_naming(command: ArgumentParser) -> None:
    """Add the arguments that say how target files are named."""
    command.add_argument("--target-naming", default=target_naming.DEFAULT_TARGET_NAMING, metavar="PATTERN")
    command.add_argument("--language-format", default=target_naming.DEFAULT_LANGUAGE_FORMAT, choices=FORMATS)


def run(args: Namespace) -> None:
    """Print the plan."""
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
    sys.stdout.write(f"{as_json(planned.as_dict()) if args.json else planned.table()}\n")
