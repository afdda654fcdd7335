"""The access token that the product APIs take, and how long it may be sent."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

#: What may stand in the header ``Authorization: Bearer`` (RFC 6750, section 2.1).
_VALUE = re.compile(r"[A-Za-z0-9._~+/-]{1,16000}=*", re.ASCII)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """
    A token for the product APIs.

    :param value: sent as ``Bearer``.
    :param use_until: epoch seconds after which it is renewed.
    :raises ValueError: the value cannot stand in a header.
    """

    value: str = field(repr=False)
    use_until: float

    def __post_init__(self) -> None:
        if not isinstance(self.value, str) or not _VALUE.fullmatch(self.value):
            raise ValueError("an access token that cannot stand in a header")

    @property
    def usable(self) -> bool:
        """Whether the token may still be sent."""
        return time.time() < self.use_until
