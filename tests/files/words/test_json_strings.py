"""Of JSON the values count, whatever is in them and between them."""

from __future__ import annotations

import json

from phrase_provider.files.words.blocks import BLOCK_BYTES


def test_json_counts_values_only(estimate):
    content = {
        "key one": "Two words",
        "list": ["three", {"deep key": "four five"}],
        "number": 7,
        "none": None,
    }
    assert estimate("a.json", json.dumps(content)) == 5
    assert estimate("a.arb", json.dumps(content)) == 5


def test_a_long_string_of_json_is_one_value(estimate):
    content = {"key": "lorem ipsum " * BLOCK_BYTES, "long key " * 9: "end", "list": list(range(BLOCK_BYTES))}
    assert estimate("a.json", json.dumps(content)) == 2 * BLOCK_BYTES + 1
    assert estimate("b.json", json.dumps({"key": "語" * BLOCK_BYTES}, ensure_ascii=False)) == BLOCK_BYTES


def test_numbers_alone_are_json_without_words(estimate):
    assert estimate("a.json", "[1, 2.5e3, true, null]") == 0
