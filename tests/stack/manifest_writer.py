"""A program that adds parts to a manifest and compacts it in between, beside others that do the same."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

from phrase_provider.exceptions import PhraseManifestLockedError
from phrase_provider.manifest.compaction import compact
from phrase_provider.manifest.manifest import Manifest

PARTS = 12


def main(location: str, run: str) -> None:
    """Print, in the last line, how many parts were merged by the compactions that got the lock."""
    manifest, merged = Manifest(location), 0
    for number in range(PARTS):
        at = datetime.now(UTC).isoformat()
        own = {"source": f"{run}-{number}.md", "target_lang": "de", "at": at, "run": run}
        shared = {"source": "shared.md", "target_lang": "de", "at": at, "run": run}
        manifest.add(run, [own, shared])
        try:
            merged += compact(manifest, grace=0).merged
        except PhraseManifestLockedError:
            continue
    sys.stdout.write(f"{merged}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
