"""What is served, beside the specification of Phrase TMS, which lies beside the repository or nowhere."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from phrase_provider.simulator.app import tms_routes

SPECIFICATION = Path(__file__).parents[4] / "shared" / "api" / "tms-openapi.json"
#: Named by the guides alone.
GUIDES = {("GET", "/api2/v1/projects/{}/jobs/{}/parts"), ("GET", "/api2/v1/transMemories")}


def shape(path: str) -> str:
    """Leave the names of path parameters out, which both sides choose."""
    return re.sub(r"\{[^}]*\}", "{}", path)


@pytest.mark.skipif(not SPECIFICATION.exists(), reason="the specification is not here")
def test_every_route_is_an_operation_of_the_specification():
    paths = json.loads(SPECIFICATION.read_text())["paths"]
    specified = {(method.upper(), shape(path)) for path, item in paths.items() for method in item}
    served = {(method, shape(route.path)) for route in tms_routes() for method in route.methods - {"HEAD"}}
    assert served - specified == GUIDES
    assert len(served) > 20


def test_no_route_is_hidden_by_one_before_it():
    routes = tms_routes()
    for route in routes:
        scope = {"type": "http", "path": route.path, "method": next(iter(route.methods)), "headers": []}
        first = next(other for other in routes if other.matches(scope)[0].name == "FULL")
        assert first is route, route.path
