"""Fault injection: rules that break chosen requests."""

from __future__ import annotations

import re
from http.client import responses
from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from phrase_provider.simulator.core.errors import bad_request, error_body
from phrase_provider.simulator.server.messages import Answer
from phrase_provider.simulator.server.patterns import check_pattern, found_in

if TYPE_CHECKING:
    from phrase_provider.simulator.server.connections import Client, Connections
    from phrase_provider.simulator.server.messages import Incoming

_KINDS = frozenset(
    {
        "status",
        "status_after",
        "html",
        "delay",
        "hang",
        "hang_after",
        "html_after",
        "late",
        "reset_before",
        "reset_after",
        "truncate",
        "corrupt",
        "expire_token",
    }
)
Seconds = Annotated[float, Field(ge=0, le=86400)]
_MOST_RULES = 1000
_HEADER = re.compile(
    r"(?!content-length:)[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*", re.ASCII | re.IGNORECASE
)
_PAGE = "<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>"


class FaultRule(BaseModel):
    """
    The requests to break, and how; exactly one kind of fault.

    ``status`` (with ``headers`` and ``body``) and ``html`` (a status, or ``true`` for 502) answer in Phrase's
    place, so the request has no effect; with ``status_after`` and ``html_after`` it has. ``delay`` (real
    seconds) only waits. ``hang`` never answers, and ``hang_after`` neither, but the request takes effect.
    ``late`` drops the connection, and the request takes effect so many real seconds later, if the rule is
    still in force then. A page has no action id, as that of a proxy.
    ``reset_before`` and ``reset_after`` drop the connection before and after the request took effect.
    ``truncate`` sends so many bytes of the answer's body and drops the connection; ``corrupt`` changes the
    body, not its length. ``expire_token`` revokes the request's access token first.
    """

    model_config = ConfigDict(extra="forbid")

    method: str | None = None
    """HTTP method; any if it is not given."""
    path: Annotated[str, AfterValidator(check_pattern)] = ""
    """Regular expression, searched for in the path; without lookaround and backreferences."""
    after: Annotated[int, Field(ge=0)] = 0
    """Number of matching requests that pass first."""
    every: Annotated[int, Field(ge=1)] = 1
    """Apply to every n-th of the following requests: with 3 to the third, the sixth, ..."""
    times: Annotated[int, Field(ge=1)] | None = 1
    """Maximum number of requests to apply to; ``None`` for all."""

    status: Annotated[int, Field(ge=200, le=599)] | None = None
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None
    status_after: Annotated[int, Field(ge=200, le=599)] | None = None
    html: Annotated[int, Field(ge=200, le=599)] | None = None
    html_after: Annotated[int, Field(ge=200, le=599)] | None = None
    delay: Seconds | None = None
    hang: bool | None = None
    hang_after: bool | None = None
    late: Seconds | None = None
    reset_before: bool | None = None
    reset_after: bool | None = None
    truncate: Annotated[int, Field(ge=0)] | None = None
    corrupt: bool | None = None
    expire_token: bool | None = None

    @field_validator("html", mode="before")
    @classmethod
    def _gateway_page(cls, value: object) -> object:
        return 502 if value is True else value

    @field_validator("headers")
    @classmethod
    def _sendable(cls, value: dict[str, str]) -> dict[str, str]:
        for name, content in value.items():
            if not _HEADER.fullmatch(f"{name}:{content}"):
                raise ValueError(f"{name} is not a valid header")
        return value

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        given = {kind: getattr(self, kind) for kind in _KINDS}
        chosen = [kind for kind, value in given.items() if value is not None and value is not False]
        if len(chosen) != 1:
            raise ValueError(f"exactly one of these must be given: {', '.join(sorted(_KINDS))}")
        return self

    @property
    def takes_effect(self) -> bool:
        """Whether a request that is answered in Phrase's place reaches Phrase nevertheless."""
        return bool(self.status_after or self.html_after)

    @property
    def is_page(self) -> bool:
        """Whether the answer is the page of a proxy."""
        return bool(self.html or self.html_after)

    def matches(self, incoming: Incoming) -> bool:
        return self.method in (None, incoming.method) and found_in(self.path, incoming.path)


class ActiveRule:
    """A rule with the number of requests that it matched and broke."""

    def __init__(self, number: int, rule: FaultRule) -> None:
        self.number = number
        self.rule = rule
        self.seen = 0
        self.met = 0

    def applies_to(self, incoming: Incoming) -> bool:
        """Count a request, and return whether the rule applies to it."""
        rule = self.rule
        if not rule.matches(incoming) or (rule.times is not None and self.met >= rule.times):
            return False
        self.seen += 1
        following = self.seen - rule.after
        if following <= 0 or following % rule.every:
            return False
        self.met += 1
        return True


class Faults:
    """The active rules in the order of their creation; the first that applies to a request is used."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        self._rules: list[ActiveRule] = []

    def add(self, rule: FaultRule) -> int:
        """
        Add a rule and return its number.

        :raises ApiError: 400 when there are already a thousand.
        """
        if len(self._rules) >= _MOST_RULES:
            raise bad_request(f"There are {_MOST_RULES} rules; clear them first.")
        self._rules.append(ActiveRule(len(self._rules) + 1, rule))
        return len(self._rules)

    def clear(self) -> None:
        self._rules.clear()

    def in_force(self, rule: FaultRule) -> bool:
        return any(active.rule is rule for active in self._rules)

    def describe(self) -> list[dict[str, Any]]:
        """Return the rules with their counts of requests."""
        return [
            {
                "id": active.number,
                "seen": active.seen,
                "met": active.met,
                **active.rule.model_dump(exclude_none=True),
            }
            for active in self._rules
        ]

    def find_match(self, incoming: Incoming) -> ActiveRule | None:
        return next((active for active in self._rules if active.applies_to(incoming)), None)

    def replacement(self, rule: FaultRule) -> Answer | None:
        """Return the answer that a rule gives instead of Phrase, if it does."""
        if html := rule.html or rule.html_after:
            title = f"{html} {responses.get(html, '')}"
            return Answer.text(html, "text/html", _PAGE.format(title=title), rule.headers)
        if not (status := rule.status or rule.status_after):
            return None
        if status < 400 or rule.body is not None:
            return Answer.json(status, "" if rule.body is None else rule.body, rule.headers)
        return Answer.json(status, error_body("SimulatedFault", "Injected by a fault rule."), rule.headers)

    def damage(self, client: Client, answer: Answer, rule: FaultRule) -> Answer | None:
        """
        Damage an answer.

        :return: the answer to send, or ``None`` when the connection was dropped.
        """
        if rule.reset_after:
            self._connections.reset(client)
            return None
        if rule.corrupt:
            answer.body = bytes(byte ^ 0x55 for byte in answer.body)
        if rule.truncate is not None:
            answer.body = answer.body[: min(rule.truncate, max(len(answer.body) - 1, 0))]
        return answer
