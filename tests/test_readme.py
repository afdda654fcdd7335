"""The README tells what the code does; its snippets and links are checked with those of the documentation."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_it_is_short():
    assert len(README.splitlines()) <= 150


def test_the_dag_shown_is_the_quick_start():
    (shown,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert shown == (ROOT / "dags" / "phrase_tms_quickstart.py").read_text()
    assert len(shown.splitlines()) <= 40


def test_every_page_for_users_is_linked():
    linked = set(re.findall(r"\]\(docs/([\w/-]+\.md)\)", README))
    pages = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    # The site's own, what the README shows itself, and what is made from docstrings.
    others = {"first-dag.md", "changelog.md", "command-line.md"}
    assert {page for page in pages - linked if not page.startswith("reference/")} == others


def test_it_says_where_a_token_is_made_as_the_form_does():
    from phrase_provider.connection_form import ui_field_behaviour

    place = "Settings, Profile, Access tokens"
    assert place in ui_field_behaviour()["placeholders"]["password"]
    assert place in README


def test_the_classes_exist():
    told = re.findall(r"^\| `((?:operators|sensors|hooks)\.[\w.]+)\.(\w+)` \|", README, re.MULTILINE)
    assert len(told) == 17
    for module, name in told:
        assert hasattr(import_module(f"phrase_provider.{module}"), name)
