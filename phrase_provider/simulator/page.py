"""The page for people: projects, and their jobs with status."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from starlette.responses import HTMLResponse

from phrase_provider.simulator.clock import rest_date
from phrase_provider.simulator.tms.context import world_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from phrase_provider.simulator.entities import JobPart, Project

_SHOWN = 200
"""Job parts shown per project."""

_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Phrase simulator</title>
<meta http-equiv="refresh" content="5">
<style>
body {{ font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; color: #222 }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #ddd }}
code {{ color: #666 }}
</style></head><body>
<h1>Phrase simulator</h1>
<p>Simulated time {now}, {speed:g} times as fast as the wall; {pending} async requests pending.</p>
{projects}
</body></html>"""


async def show(request: Request) -> HTMLResponse:
    """``GET /``."""
    world = world_of(request)
    projects = [_project(project) for project in world.projects.values() if not project.deleted]
    return HTMLResponse(
        _PAGE.format(
            now=rest_date(world.clock.now()),
            speed=world.clock.speed,
            pending=len(world.pending),
            projects="".join(reversed(projects)) or "<p>No projects yet.</p>",
        )
    )


def _project(project: Project) -> str:
    parts = list(project.parts.values())
    rows = "".join(_row(part) for part in parts[:_SHOWN])
    more = f"<p>and {len(parts) - _SHOWN} more</p>" if len(parts) > _SHOWN else ""
    return (
        f"<h2>{escape(project.name)}</h2>"
        f"<p><code>{project.uid}</code> {project.status}, {escape(project.template.name)}</p>"
        f"<table><tr><th>File</th><th>Language</th><th>Step</th><th>Import</th><th>Status</th><th>Job</th></tr>"
        f"{rows}</table>{more}"
    )


def _row(part: JobPart) -> str:
    name = f"{part.file.directory}/{part.file.name}" if part.file.directory else part.file.name
    cells = (name, part.target_lang, part.step.step.name, part.import_status, part.status)
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}<td><code>{part.uid}</code></td></tr>"
