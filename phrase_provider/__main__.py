"""The command line: ``python -m phrase_provider``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from phrase_provider.commands import plan
from phrase_provider.exceptions import PhraseInputError

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
        args.run(args)
    except PhraseInputError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m phrase_provider")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("plan", help="show files, words, languages and targets; send nothing")
    plan.add_arguments(command)
    command.set_defaults(run=plan.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
