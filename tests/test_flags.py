from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.flags import is_true


@pytest.mark.parametrize("value", [True, "True", "true", " TRUE ", "1"])
def test_true(value):
    assert is_true(value, "flag") is True


@pytest.mark.parametrize("value", [False, None, "False", "none", "None", "0", "", " "])
def test_false(value):
    assert is_true(value, "flag") is False


@pytest.mark.parametrize("value", ["yes", "{{ params.x }}", 2, []])
def test_neither_is_refused_with_the_name_of_the_argument(value):
    with pytest.raises(PhraseInputError, match=r"^flag is .*true or false"):
        is_true(value, "flag")
