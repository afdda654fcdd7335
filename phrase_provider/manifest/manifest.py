"""A manifest in any store: each writer adds an immutable part, readers merge them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from phrase_provider.files.json_lines import read_json_lines, write_json_lines
from phrase_provider.files.storage import filesystem, is_local, join, locate
from phrase_provider.manifest.lines import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from phrase_provider.manifest.lines import ManifestKey, ManifestLine


class Manifest:
    """
    The index of what is translated from which source; Phrase is the truth.

    :param location: local path or URL, such as ``s3://bucket/out/phrase-manifest.jsonl``; its parts are in
        the folder ``<location>.d``.
    """

    def __init__(self, location: str) -> None:
        self.location = locate(location)
        self.parts_folder = f"{self.location}.d"

    def read(self) -> dict[ManifestKey, ManifestLine]:
        """Return the newest line of each source and language."""
        newest: dict[ManifestKey, ManifestLine] = {}
        for file in self._files():
            for line in read_json_lines(file):
                known = cast("ManifestLine", line)
                key = key_of(known)
                if key not in newest or newest[key]["at"] <= known["at"]:
                    newest[key] = known
        return newest

    def add(self, run: str, lines: Iterable[ManifestLine]) -> str:
        """
        Write lines as a part of their own.

        :param run: names the run, in file names.
        :return: the part's location.
        """
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%f")
        part = join(self.parts_folder, f"{stamp}-{run}-{uuid.uuid4().hex[:8]}.jsonl")
        write_json_lines(part, lines)
        return part

    def _files(self) -> Iterator[str]:
        fs, inner = filesystem(self.location)
        if fs.exists(inner):
            yield self.location
        pattern = join(filesystem(self.parts_folder)[1], "*.jsonl")
        for name in sorted(fs.glob(pattern, detail=True)):
            yield name if is_local(self.location) else join(self.parts_folder, name.rpartition("/")[2])
