from __future__ import annotations

from phrase_provider.idempotency.keys import entry_key


def test_keys_tell_things_apart_and_are_safe_in_a_path():
    keys = {entry_key("jobs", "ab", "c"), entry_key("jobs", "a", "bc"), entry_key("project", "ab", "c")}
    assert len(keys) == 3
    assert all(key.replace(".", "").isalnum() and len(key) < 100 for key in keys)
