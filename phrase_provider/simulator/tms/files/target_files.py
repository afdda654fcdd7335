"""Target files for download."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from phrase_provider.simulator.tms import formats
from phrase_provider.simulator.tms.formats import TargetFile

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities import JobPart


async def write(part: JobPart) -> TargetFile:
    """Return the target file of a job: the uploaded one, otherwise the translated source file."""
    if part.job.target is not None:
        return TargetFile(part.job.target)
    # A large file is written in a thread, so that other requests do not wait for it.
    return await asyncio.to_thread(
        formats.translate,
        part.file,
        part.target_lang,
        translated=part.job.translated,
        kept=part.job.kept,
    )
