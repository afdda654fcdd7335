"""The exchange of a Platform API token for an access token."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from phrase_provider.api.auth.access_token import AccessToken
from phrase_provider.api.endpoint import Endpoint
from phrase_provider.api.marks import OAUTH
from phrase_provider.api.session import Call
from phrase_provider.exceptions import (
    PhraseApiError,
    PhraseAuthenticationError,
    PhraseServerError,
    PhraseValidationError,
)

if TYPE_CHECKING:
    from phrase_provider.api.session import PhraseSession

#: Always safe to repeat: an exchange creates nothing but another short-lived token.
EXCHANGE = Endpoint("POST", "/idm/oauth/token", marks=OAUTH)

#: Seconds before its end at which a token is no longer used, and the share of a short life.
MARGIN, MARGIN_SHARE = 300.0, 0.1

#: Seconds a token is used when the answer does not tell its life, and at most: Phrase's live some hours.
FALLBACK_LIFE, LONGEST_LIFE = 300.0, 86_400.0


def exchange(session: PhraseSession, api_token: str) -> AccessToken:
    """
    Exchange a Platform API token for an access token.

    Source: ``POST /idm/oauth/token`` of the Platform API.

    :param session: for the platform's base URL.
    :param api_token: Platform API token.
    :raises PhraseAuthenticationError: the token was refused.
    :raises PhraseServerError: the answer has no access token that could be sent.
    """
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": api_token,
    }
    try:
        answer = session.json(Call(EXCHANGE, form=form))
    except PhraseValidationError as error:
        raise _refused(error) from error
    return _parse(answer)


def _parse(answer: object) -> AccessToken:
    if not isinstance(answer, dict) or not answer.get("access_token"):
        raise PhraseServerError(
            f"{EXCHANGE} answered without an access_token",
            hint="Check the platform URL of the connection.",
            endpoint=str(EXCHANGE),
        )
    life = _life(answer.get("expires_in"))
    try:
        return AccessToken(answer["access_token"], time.time() + life - min(MARGIN, life * MARGIN_SHARE))
    except ValueError as error:
        raise PhraseServerError(
            f"{EXCHANGE} answered with {error}",
            hint="Check the platform URL of the connection: a proxy may stand in between.",
            endpoint=str(EXCHANGE),
        ) from None


def _life(expires_in: object) -> float:
    """Return the seconds that a token lives, whatever the answer says of it."""
    if not expires_in or not isinstance(expires_in, (int, float, str)):
        return FALLBACK_LIFE
    try:
        life = float(expires_in)
    except (ValueError, OverflowError):
        return FALLBACK_LIFE
    return FALLBACK_LIFE if math.isnan(life) else min(life, LONGEST_LIFE)


def _refused(error: PhraseApiError) -> PhraseAuthenticationError:
    return PhraseAuthenticationError(
        "Phrase refused the Platform API token",
        hint="Make a new one in Phrase (Settings, Profile, Access tokens) and put it into the connection's "
        "API token field; check that the region is the one of your organization.",
        **error.facts(),
    )
