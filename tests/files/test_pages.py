from __future__ import annotations

import pytest

from phrase_provider.files.pages import page_of


@pytest.mark.parametrize(
    ("location", "page"),
    [
        ("/data/jobs progress.json", "file:///data/jobs%20progress.json"),
        ("file:///data/a.json", "file:///data/a.json"),
        (
            "s3://aws_default@bucket/in/a.json",
            "https://console.aws.amazon.com/s3/object/bucket?prefix=in/a.json",
        ),
        (
            "gs://bucket/in/a.json",
            "https://console.cloud.google.com/storage/browser/_details/bucket/in/a.json",
        ),
        ("https://files.test/a.json", "https://files.test/a.json"),
        ("sftp://user:word@host/a.json", "sftp://host/a.json"),
    ],
)
def test_each_store_has_a_page_or_shows_the_place(location, page):
    assert page_of(location) == page
