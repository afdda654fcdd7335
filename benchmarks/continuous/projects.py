"""The project that an earlier run of a batch has made."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from benchmarks.continuous.site import BATCH
from phrase_provider.services.tms.markers import ProjectMarkers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.continuous.site import Site


def batch_project(site: Site, langs: Sequence[str], steps: int) -> str:
    """
    Create the project of the batch, marked as a run marks it, and return its uid.

    :param steps: workflow steps of its template.
    """
    uid = site.template_uid(steps)
    markers = ProjectMarkers(BATCH, uid, "earlier", base=os.fspath(site.folder / "in"))
    created = site.client.projects.create_from_template(
        uid, name=f"{site.template(steps)} {BATCH}", target_langs=list(langs), note=markers.append_to("")
    )
    return created["uid"]
