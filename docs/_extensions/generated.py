"""
The directive ``generated``: puts what the code says into a page.

    ```{generated} connection-fields
    ```

The argument names a function of :mod:`tables`, with dashes for underscores; a second one goes to it.
"""

from __future__ import annotations

from typing import Any

from docutils.parsers.rst import Directive
from docutils.statemachine import StringList

import tables


class Generated(Directive):
    """Parses the Markdown that a function of :mod:`tables` returns."""

    required_arguments = 1
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[Any]:
        from docutils import nodes

        name, *arguments = self.arguments
        markdown = getattr(tables, name.replace("-", "_"))(*arguments)
        parent = nodes.container()
        parent.document = self.state.document
        self.state.nested_parse(
            StringList(markdown.splitlines(), source=f"tables.{name}"), 0, parent, match_titles=True
        )
        return parent.children


def setup(app: Any) -> dict[str, bool]:
    """Register the directive."""
    app.add_directive("generated", Generated)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
