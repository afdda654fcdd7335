"""The command line: ``python -m phrase_provider``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from phrase_provider.commands import manifest, plan
from phrase_provider.exceptions import PhraseError, PhraseInputError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(argv: Sequence[str] | None = None) -> int:
    """
    Run the command.

    :param argv: arguments; default: those of the process.
    :return: exit status: 0, 2 for input that was refused, 1 for what failed (the reason goes to stderr).
    """
    args = _parser().parse_args(argv)
    try:
        args.run(args)
    except PhraseError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, PhraseInputError) else 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m phrase_provider")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("plan", help="show files, words, languages and targets; send nothing")
    plan.add_arguments(command)
    command.set_defaults(run=plan.run)
    of_manifest = commands.add_parser("manifest", help="show, compact or rebuild a manifest")
    several = of_manifest.add_subparsers(required=True, metavar="COMMAND")
    manifest.add_status(
        several.add_parser("status", help="show what is up to date, outdated, missing or failed")
    )
    manifest.add_compact(several.add_parser("compact", help="make one file of its parts"))
    manifest.add_rebuild(several.add_parser("rebuild", help="make it anew from projects in Phrase"))
    return parser


if __name__ == "__main__":
    sys.exit(main())
