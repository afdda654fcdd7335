"""Preview packages: ZIP files with one HTML page and its resources."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from phrase_provider.simulator.core.errors import bad_request
from phrase_provider.simulator.tms.files.archives import leads_outside

if TYPE_CHECKING:
    from phrase_provider.simulator.tms.entities.organization import User
    from phrase_provider.simulator.tms.entities.projects import Project

_PAGES = (".html", ".htm")


@dataclass(frozen=True)
class PreviewPackage:
    """A package that jobs can refer to; ``created`` in epoch seconds. Its content is not stored."""

    uid: str
    file_uid: str
    file_name: str
    project: Project
    created: float
    created_by: User


def check(content: bytes) -> None:
    """
    Check that a file is a preview package.

    Whether it contains the page's images and styles is not checked: Phrase shows the page without them.

    :raises ApiError: 400.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            names = [info.filename for info in package.infolist() if not info.is_dir()]
            broken = package.testzip()
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError) as error:
        raise bad_request(f"The package is not a ZIP file that can be read: {error}") from None
    if broken:
        raise bad_request(f"The package is damaged at {broken}.")
    if any(leads_outside(name) for name in names):
        raise bad_request("The package must only have relative paths that do not leave it.")
    if sum(name.lower().endswith(_PAGES) for name in names) != 1:
        raise bad_request("The package must have exactly one HTML page.")
