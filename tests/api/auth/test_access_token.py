from __future__ import annotations

import time

import pytest

from phrase_provider.api.auth.access_token import AccessToken


@pytest.mark.parametrize(("life", "usable"), [(60, True), (-1, False)])
def test_token_is_used_until_its_end(life, usable):
    assert AccessToken("t", time.time() + life).usable is usable


@pytest.mark.parametrize("value", ["", "a b", "a\r\nX-Header: 1", "ä", "A" * 16_001, None, 7])
def test_value_that_cannot_stand_in_a_header_is_refused_and_not_shown(value):
    with pytest.raises(ValueError, match="cannot stand in a header") as caught:
        AccessToken(value, 1)
    assert not value or str(value) not in str(caught.value)


def test_value_is_not_shown():
    assert "not-to-be-seen" not in repr(AccessToken("not-to-be-seen", 1))
