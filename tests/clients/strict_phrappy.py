"""
phrappy, made strict: an answer with a field that its models do not declare fails the test.

Its own strict mode cannot be used: the specification leaves some objects without fields (`ObjectReference`),
which Phrase fills.
"""

from __future__ import annotations

import functools

from phrappy.models import ObjectReference
from pydantic import BaseModel


class Strict:
    """A client or a group of its operations; an answer with an undeclared field fails the test."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        found = getattr(self._inner, name)
        return checked(found) if callable(found) else Strict(found)


def checked(operation):
    @functools.wraps(operation)
    def call(**arguments):
        answer = operation(**arguments)
        assert list(undeclared(answer, operation.__name__)) == []
        return answer

    return call


def undeclared(value, where):
    """Name the fields that the models do not have, at any depth."""
    if isinstance(value, list):
        for item in value:
            yield from undeclared(item, where)
    elif isinstance(value, BaseModel) and not isinstance(value, ObjectReference):
        yield from (f"{where}.{name}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from undeclared(getattr(value, name), f"{where}.{name}")
