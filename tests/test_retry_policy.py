"""A failure that a person must mend ends a task at once; one that passes does not."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from airflow.sdk import DAG

from phrase_provider import exceptions
from phrase_provider.operators.plan import PhrasePlanOperator
from phrase_provider.operators.tms.projects import PhraseTmsCreateProjectFromTemplateOperator
from phrase_provider.retry_policy import PhraseRetryPolicy, has_tries_left
from phrase_provider.sensors.tms.jobs import PhraseTmsJobStatusSensor

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
        exceptions.PhraseLedgerError,
        exceptions.PhraseTlsError,
    ],
)
def test_what_a_person_must_mend_fails_at_once(kind):
    decision = decide(kind("It is so", hint="Mend it."))
    assert decision.action is RetryAction.FAIL
    assert decision.reason == "It is so. Mend it."


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


@pytest.mark.parametrize("seconds", [3601, 86_400, 8.64e13, 1e300, float("inf")])
def test_no_wait_is_longer_than_an_hour(seconds):
    decision = decide(exceptions.PhraseRateLimitError("Too many", retry_after=seconds))
    assert decision.action is RetryAction.RETRY
    assert decision.retry_delay == timedelta(hours=1)


@pytest.mark.parametrize("seconds", [0, -1, float("-inf"), float("nan")])
def test_a_wait_that_is_none_is_left_to_the_task(seconds):
    decision = decide(exceptions.PhraseRateLimitError("Too many", retry_after=seconds))
    assert decision.action is RetryAction.DEFAULT


def test_the_errors_of_others_are_left_to_the_task():
    assert decide(KeyError("x")).action is RetryAction.DEFAULT


def test_it_survives_serialization():
    policy = PhraseRetryPolicy()
    assert isinstance(PhraseRetryPolicy.deserialize(policy.serialize()), PhraseRetryPolicy)


class Other(PhraseRetryPolicy):
    pass


MAKE = {
    "operator": (PhraseTmsCreateProjectFromTemplateOperator, {"template": "T", "batch_id": "b"}),
    "plan": (PhrasePlanOperator, {"source": "a", "target_langs": "de", "target_folder": "/out"}),
    "sensor": (PhraseTmsJobStatusSensor, {"project_uid": "p", "job_uids": "j"}),
}
each = pytest.mark.parametrize(("kind", "given"), MAKE.values(), ids=MAKE)


def mapped(kind, given, **arguments):
    """Give what a worker makes of the only instance of a mapped task."""
    (name, value), *rest = given.items()
    task = kind.partial(task_id="task", **dict(rest), **arguments).expand(**{name: [value]})
    return task.unmap({name: value})


def plain(kind, given, **arguments):
    return kind(task_id="task", **given, **arguments)


@each
@pytest.mark.parametrize("make", [plain, mapped])
def test_each_task_has_the_policy_unless_told_otherwise(kind, given, make):
    assert type(make(kind, given).retry_policy) is PhraseRetryPolicy
    assert type(make(kind, given, retry_policy=Other()).retry_policy) is Other
    assert make(kind, given, retry_policy=None).retry_policy is None


@each
@pytest.mark.parametrize("make", [plain, mapped])
def test_default_args_say_otherwise_and_the_task_has_the_last_word(kind, given, make):
    with DAG("dag", schedule=None, default_args={"retry_policy": Other()}):
        assert type(make(kind, given).retry_policy) is Other
    with DAG("dag", schedule=None, default_args={"retry_policy": Other()}):
        assert type(make(kind, given, retry_policy=PhraseRetryPolicy()).retry_policy) is PhraseRetryPolicy


@pytest.mark.parametrize(
    ("try_number", "max_tries", "left"), [(1, 0, False), (1, 2, True), (2, 2, True), (3, 2, False)]
)
def test_the_last_try_is_known(try_number, max_tries, left):
    ti = SimpleNamespace(try_number=try_number, max_tries=max_tries)
    assert has_tries_left({"ti": ti}) is left
