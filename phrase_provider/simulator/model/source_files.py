"""Source files, as they come in."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from phrase_provider.simulator import formats, headers
from phrase_provider.simulator.errors import invalid
from phrase_provider.simulator.memory.content import Content
from phrase_provider.simulator.model.entities import SourceFile
from phrase_provider.simulator.model.file_types import count_words

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.world import World

_NAME_LIMIT = 255
"""Characters of folder and file name together; Phrase cuts off what is more."""


async def read(request: Request, world: World, directory: str | None = None) -> SourceFile:
    """
    Read the file that a request consists of; nothing has it yet.

    :param directory: where the file lies at its owner's.
    :raises Refusal: 400 when there is none or it has no name.
    """
    name = headers.uploaded_name(request.headers)
    content = await read_content(request)
    # In a thread, so that other requests do not wait; the world may be another after it.
    problem = await asyncio.to_thread(formats.problem, name, content)
    return SourceFile(
        uid=world.ids.uid(),
        name=name[: max(1, _NAME_LIMIT - len(directory or ""))],
        directory=directory,
        content=content,
        words=count_words(content),
        segments=content.count(b"\n") + 1,
        problem=problem,
    )


async def read_content(request: Request) -> Content:
    """
    Read the bytes that a request consists of.

    :raises Refusal: 400 when there are none.
    """
    content = Content(await request.body())
    if not content:
        raise invalid("The request has no file.")
    return content
