"""When a task tries no more files, and what it fails with then."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import (
    PhraseAuthenticationError,
    PhraseInputError,
    PhraseRateLimitError,
    PhraseServerError,
    PhraseSourceChangedError,
    PhraseUploadsFailedError,
)
from phrase_provider.services.tms.file_failures import CircuitBreaker, combined_error


@pytest.mark.parametrize("error", [PhraseAuthenticationError("No"), PhraseRateLimitError("Slower")])
def test_error_that_all_files_would_meet_opens_it_at_once(error):
    breaker = CircuitBreaker()
    breaker.failed(error)
    assert breaker.is_open


def test_faults_in_a_row_open_it():
    breaker = CircuitBreaker()
    for _ in range(4):
        breaker.failed(PhraseServerError("Down"))
    assert not breaker.is_open
    breaker.failed(PhraseServerError("Down"))
    assert breaker.is_open


@pytest.mark.parametrize("between", ["success", "refusal"])
def test_what_works_between_faults_keeps_it_closed(between):
    breaker = CircuitBreaker()
    for _ in range(20):
        breaker.failed(PhraseServerError("Down"))
        if between == "success":
            breaker.succeeded()
        else:
            breaker.failed(PhraseSourceChangedError("Changed"))
    assert not breaker.is_open


def test_no_failure_is_no_error():
    assert combined_error({}, 3) is None


def test_only_error_is_itself_with_its_file():
    error = PhraseSourceChangedError("Changed.", hint="Mend it")
    assert combined_error({"a.md": error}, 3, ["b.md"]) is error
    assert error.message == "a.md: Changed. Not uploaded: 1 more (b.md)"


def test_several_of_a_kind_keep_their_kind_and_hint():
    errors = {name: PhraseInputError(f"{name} is empty", hint="Fill it") for name in ("a.md", "b.md")}
    error = combined_error(errors, 5)
    assert type(error) is PhraseInputError
    assert (error.message, error.hint) == ("2 of 5 files failed. a.md is empty; b.md is empty", "Fill it")
    assert not error.can_pass


def test_several_kinds_pass_if_one_of_them_does():
    slow = PhraseServerError("Down")
    slow.retry_after = 7
    error = combined_error({"a.md": slow, "b.md": PhraseInputError("Empty")}, 2)
    assert isinstance(error, PhraseUploadsFailedError)
    assert (error.can_pass, error.retry_after) == (True, 7)


def test_error_of_all_files_is_told_once():
    shared = PhraseServerError("The list broke off")
    assert combined_error(dict.fromkeys(("a.md", "b.md"), shared), 3) is shared
    assert shared.message == "2 of 3 files failed. The list broke off"


def test_long_lists_are_cut():
    errors = {f"{number}.md": PhraseInputError("Empty") for number in range(30)}
    assert combined_error(errors, 30).message.endswith("19.md: Empty; and 10 more")
