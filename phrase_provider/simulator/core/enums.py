"""Case-insensitive enums, as Phrase's guide on data types has them."""

from __future__ import annotations

from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any, Self, get_args

from pydantic_core import core_schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import GetCoreSchemaHandler


class CaseInsensitiveEnum(StrEnum):
    """An enum whose values are matched case-insensitively."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        text = value.casefold() if isinstance(value, str) else value
        return next((member for member in cls if member.casefold() == text), None)


class CaseInsensitive:
    """Annotates a ``Literal``: its strings are matched case-insensitively and normalized."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        spelled = {text.casefold(): text for text in get_args(source)}
        return core_schema.no_info_before_validator_function(partial(_spelled, spelled), handler(source))


def _spelled(spelled: Mapping[str, str], sent: object) -> object:
    return spelled.get(sent.casefold(), sent) if isinstance(sent, str) else sent
