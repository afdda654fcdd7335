"""The commands ``manifest status``, ``manifest compact`` and ``manifest rebuild``."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

from phrase_provider.commands.connection import add_connection, connect
from phrase_provider.commands.plan import add_naming
from phrase_provider.files.languages import unique_targets
from phrase_provider.files.names import shown
from phrase_provider.manifest.manifest import Manifest
from phrase_provider.text import counted

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Mapping

    from phrase_provider.manifest.lines import ManifestKey, ManifestLine

log = logging.getLogger(__name__)


def add_status(command: ArgumentParser) -> None:
    """Add the arguments of ``manifest status``."""
    _add_location(command)
    command.add_argument(
        "--target-lang", action="append", metavar="LANG", help="that each source is wanted in; repeatable"
    )
    command.add_argument("--json", metavar="PATH", help="write the report with every translation to a file")
    command.add_argument("--queues", action="store_true", help="ask Phrase who has what is not delivered")
    add_connection(command)
    command.set_defaults(run=status)


def add_compact(command: ArgumentParser) -> None:
    """Add the arguments of ``manifest compact``."""
    _add_location(command)
    command.set_defaults(run=compact)


def add_rebuild(command: ArgumentParser) -> None:
    """Add the arguments of ``manifest rebuild``."""
    _add_location(command)
    projects = command.add_mutually_exclusive_group(required=True)
    projects.add_argument("--project", action="append", metavar="UID", help="repeatable")
    projects.add_argument("--batch-id", metavar="ID", help="its projects, with those of its rotation")
    command.add_argument(
        "--checksums", action="store_true", help="download each source from Phrase; runs need them"
    )
    command.add_argument("--target-folder", metavar="FOLDER", help="where the runs write targets")
    add_naming(command)
    command.add_argument("--base", metavar="FOLDER", help="of the sources, where a project does not tell it")
    add_connection(command)
    command.set_defaults(run=rebuild)


def status(args: Namespace) -> None:
    """Print which translations are up to date, outdated, missing or failed."""
    from phrase_provider.manifest.report import make_report, table, write_report

    manifest = Manifest(args.location)
    langs = unique_targets(args.target_lang) if args.target_lang else []
    lines = manifest.read()
    report = make_report(manifest.location, lines, langs, _queues(args, lines))
    if args.json:
        write_report(report, args.json)
    sys.stdout.write(f"{table(report)}\n")


def compact(args: Namespace) -> None:
    """Make one file of the parts of a manifest."""
    from phrase_provider.manifest import compaction

    done = compaction.compact(Manifest(args.location))
    sys.stdout.write(
        f"{counted(done.lines, 'line')}, {counted(done.merged, 'part')} merged, {done.removed:,} removed.\n"
    )


def rebuild(args: Namespace) -> None:
    """Make a manifest anew from projects in Phrase."""
    from phrase_provider.manifest.replacement import replace
    from phrase_provider.services.tms.manifest_rebuild import (
        RUN,
        ManifestRebuild,
        TargetPlace,
        batch_projects,
    )
    from phrase_provider.services.tms.projects import require_batch_id

    manifest = Manifest(args.location)
    parts = manifest.parts()
    client = connect(args.conn_id)
    targets = None
    if args.target_folder:
        targets = TargetPlace(args.target_folder, args.target_naming, args.language_format)
    uids = args.project or batch_projects(client, require_batch_id(args.batch_id))
    lines = ManifestRebuild(
        client, log, with_checksums=args.checksums, targets=targets, base=args.base
    ).lines(uids)
    if not replace(manifest, RUN, lines, parts):
        sys.stderr.write("What was there stays: this store cannot create files exclusively.\n")
    made = f"{counted(len(lines), 'line')} from {counted(len(uids), 'project')}"
    sys.stdout.write(f"{shown(manifest.location)}: {made}.\n")


def _queues(args: Namespace, lines: Mapping[ManifestKey, ManifestLine]) -> dict[ManifestKey, str]:
    if not args.queues:
        return {}
    from phrase_provider.services.tms.queues import find_queues

    return find_queues(connect(args.conn_id), lines)


def _add_location(command: ArgumentParser) -> None:
    command.add_argument("location", metavar="LOCATION", help="path or URL of the manifest")
