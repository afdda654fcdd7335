"""Formats with an entry in each line: values count, keys and comments do not."""

from __future__ import annotations


def test_yaml_counts_values_only(estimate):
    assert (
        estimate(
            "a.yaml", 'title: Two words\nlist:\n  - name: three # not this\n  - "a: b": four\n  - five six\n'
        )
        == 6
    )


def test_properties_count_values_only(estimate):
    assert estimate("a.properties", "# not this\ncart.title = Your bag\ncart.empty=Empty\n") == 3
