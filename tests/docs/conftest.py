from __future__ import annotations

import sys
from pathlib import Path

# The tables of the site are tested without Sphinx, which is installed for `make docs` alone.
sys.path.insert(0, str(Path(__file__).parents[2] / "docs/_extensions"))
