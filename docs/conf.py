"""Sphinx configuration; ``make docs`` builds the site into ``build/docs``."""

from __future__ import annotations

import os
import sys
from pathlib import Path

DOCS = Path(__file__).parent
# The docstrings are read from imported modules; no Airflow of this machine is touched for that.
os.environ["AIRFLOW_HOME"] = str(DOCS.parent / "build/docs-airflow")
os.environ["_AIRFLOW__AS_LIBRARY"] = "1"
sys.path[:0] = [str(DOCS / "_extensions"), str(DOCS.parent)]

from phrase_provider import __version__  # noqa: E402 - the path is set above

project = "airflow-provider-phrase"
author = "The airflow-provider-phrase authors"
copyright = author  # noqa: A001 - Sphinx's own name
version = release = __version__

extensions = ["sphinx.ext.autodoc", "myst_parser", "generated", "for_users"]
exclude_patterns = ["_extensions", "examples", "README.md"]
html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
html_show_sphinx = False
# The pages work without a network: no web fonts, no badges, no inventory of other projects.
html_static_path: list[str] = []

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# The build fails on a reference to something of this package that does not exist.
nitpicky = True
nitpick_ignore_regex = [(r"py:.*", r"(?!phrase_provider\b).*")]

autodoc_member_order = "bysource"
# Docstrings describe each parameter; defaults stand in the signature.
autodoc_typehints = "none"
autodoc_preserve_defaults = True
# Links to classes carry their name alone.
python_use_unqualified_type_names = True
add_module_names = False
toc_object_entries_show_parents = "hide"
