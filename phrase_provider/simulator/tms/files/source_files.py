"""Uploaded source files."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from phrase_provider.simulator.core.persistence.content import Content
from phrase_provider.simulator.tms import formats
from phrase_provider.simulator.tms.entities import SourceFile
from phrase_provider.simulator.tms.files.archives import ArchivedFile, is_archive, unpack
from phrase_provider.simulator.tms.files.file_types import count_words, supported
from phrase_provider.simulator.tms.http import files

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.tms.state import State

_NAME_LIMIT = 255
"""Characters of folder and file name together; Phrase truncates longer ones."""


@dataclass(frozen=True)
class Upload:
    """The files of one request: those that Phrase can import, and the paths of the others."""

    files: list[SourceFile]
    unsupported: list[str]


async def read(request: Request, state: State) -> SourceFile:
    """
    Return the uploaded file; it belongs to no job yet.

    :raises ApiError: 400 when there is none or it has no name.
    """
    sent = await files.receive(request)
    file = ArchivedFile(sent.name, None, sent.content)
    # In a thread, so that other requests do not wait; the state may have changed after it.
    return _named(state, await asyncio.to_thread(_examined, file))


async def read_all(request: Request, state: State, directory: str | None) -> Upload:
    """
    Return the uploaded file, or all files of an uploaded ZIP; they belong to no job yet.

    :param directory: original folder of the file or the ZIP.
    :raises ApiError: 400 when there is none, it has no name, or it is a ZIP that cannot be unpacked.
    """
    sent = await files.receive(request)
    file = ArchivedFile(sent.name, directory, sent.content)
    upload = await asyncio.to_thread(_opened, file, state.settings.zip_limit)
    return replace(upload, files=[_named(state, found) for found in upload.files])


def _opened(file: ArchivedFile, limit: int) -> Upload:
    """
    Return the importable files of a file or a ZIP; folders in a ZIP are appended to its own.

    :param limit: maximum size of a ZIP, in bytes.
    """
    if not is_archive(file.name):
        return Upload([_examined(file)], []) if supported(file.name) else Upload([], [file.name])
    upload = Upload([], [])
    for packed in unpack(file.content, limit):
        if supported(packed.name) and not is_archive(packed.name):
            directory = _path(file.directory, packed.directory) or None
            upload.files.append(_examined(replace(packed, directory=directory)))
        else:
            upload.unsupported.append(_path(packed.directory, packed.name))
    return upload


def _path(*parts: str | None) -> str:
    return "/".join(part for part in parts if part)


def _examined(file: ArchivedFile) -> SourceFile:
    """Return the entity of a file, with word count and problem; its uid is set later."""
    content = file.content if isinstance(file.content, Content) else Content(file.content)
    return SourceFile(
        uid="",
        name=file.name[: max(1, _NAME_LIMIT - len(file.directory or ""))],
        directory=file.directory,
        content=content,
        words=count_words(content),
        segments=content.count(b"\n") + 1,
        problem=formats.problem(file.name, content),
    )


def _named(state: State, file: SourceFile) -> SourceFile:
    file.uid = state.ids.uid()
    file.multilingual = any(fnmatchcase(file.name, glob) for glob in state.settings.multilingual_files)
    return file
