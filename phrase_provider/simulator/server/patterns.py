"""Regular expressions of clients, matched in linear time."""

from __future__ import annotations

from functools import lru_cache

from pydantic_core import SchemaError, SchemaValidator, core_schema

LONGEST_PATTERN = 200
"""Characters."""
_LONGEST_TEXT = 2000
"""Characters; no path of Phrase is nearly as long."""


def check_pattern(pattern: str) -> str:
    """
    Return a pattern after checking that it can be used.

    :raises ValueError: when it is too long, not a regular expression, or needs backtracking.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise ValueError(f"the pattern is longer than {LONGEST_PATTERN} characters")
    _compiled(pattern)
    return pattern


def found_in(pattern: str, text: str) -> bool:
    """Return whether a pattern that passed :func:`check_pattern` is found in a text; never in a long one."""
    return not pattern or (len(text) <= _LONGEST_TEXT and _compiled(pattern).isinstance_python(text))


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> SchemaValidator:
    """
    Compile a pattern with pydantic's engine, which has neither lookaround nor backreferences.

    Python's own engine can take exponential time.
    """
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except SchemaError as error:
        reason = str(error).rpartition("error: ")[2].strip()
        raise ValueError(f"is not a valid regular expression: {reason}") from None
