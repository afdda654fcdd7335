"""Escapes count as the characters that they stand for."""

from __future__ import annotations

import json


def test_json_escapes_are_resolved(estimate):
    content = {"a": "日本語 naïve 👍", "b": 'C:\\new "x"', "c": "one\ttwo\u00a0three/four"}
    assert estimate("a.json", json.dumps(content)) == 3 + 1 + 2 + 3
    assert estimate("b.json", json.dumps(content, ensure_ascii=False)) == 3 + 1 + 2 + 3
    assert estimate("broken.json", '{"a": "one \\u12 \\q two"}') == 4


def test_escapes_of_properties_are_resolved(estimate):
    assert estimate("a.properties", 'a=\\u65e5\\u672c "one" it\\\'s \\\n  next\n') == 5


def test_character_references_are_resolved(estimate):
    content = (
        "<p>&nbsp;one&nbsp;two &mdash; &#8212; &#x2014; &#26085;&#x672C; caf&#233; &#1076;&#1072; AT&T</p>"
    )
    assert estimate("a.html", content) == 2 + 2 + 1 + 1 + 1
