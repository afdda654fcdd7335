"""A failure that a person must mend ends a task at once; one that passes does not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from phrase_provider import exceptions
from phrase_provider.retry_policy import PhraseRetryPolicy

RetryAction = pytest.importorskip("airflow.sdk.definitions.retry_policy").RetryAction


def decide(error):
    return PhraseRetryPolicy().evaluate(error, try_number=1, max_tries=4)


@pytest.mark.parametrize(
    "kind",
    [
        exceptions.PhraseInputError,
        exceptions.PhraseConnectionError,
        exceptions.PhraseAuthenticationError,
        exceptions.PhrasePermissionError,
        exceptions.PhraseNotFoundError,
        exceptions.PhraseValidationError,
        exceptions.PhraseUnsupportedFileError,
        exceptions.PhraseImportError,
        exceptions.PhraseJobStatusError,
        exceptions.PhraseSourceChangedError,
        exceptions.PhraseTlsError,
    ],
)
def test_what_a_person_must_mend_fails_at_once(kind):
    decision = decide(kind("It is so", hint="Mend it."))
    assert decision.action is RetryAction.FAIL
    assert decision.reason == "It is so"


@pytest.mark.parametrize(
    "kind",
    [
        exceptions.PhraseTransportError,
        exceptions.PhraseOutcomeUnknownError,
        exceptions.PhraseServerError,
        exceptions.PhraseJobNotReadyError,
        exceptions.PhraseDownloadError,
        exceptions.PhraseAsyncRequestError,
        exceptions.PhraseTimeoutError,
        exceptions.PhraseRateLimitError,
    ],
)
def test_what_can_pass_is_left_to_the_task(kind):
    assert decide(kind("It is so")).action is RetryAction.DEFAULT


def test_a_rate_limit_is_tried_again_when_phrase_said():
    decision = decide(exceptions.PhraseRateLimitError("Too many", retry_after=3600))
    assert decision.action is RetryAction.RETRY
    assert decision.retry_delay == timedelta(hours=1)


def test_the_errors_of_others_are_left_to_the_task():
    assert decide(KeyError("x")).action is RetryAction.DEFAULT


def test_it_survives_serialization():
    policy = PhraseRetryPolicy()
    assert isinstance(PhraseRetryPolicy.deserialize(policy.serialize()), PhraseRetryPolicy)
