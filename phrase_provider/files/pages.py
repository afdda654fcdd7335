"""Where people see a file: the page of its store, if that has one."""

from __future__ import annotations

from urllib.parse import quote

from phrase_provider.files.storage import is_local, locate

_S3 = "https://console.aws.amazon.com/s3/object/{bucket}?prefix={key}"
_GCS = "https://console.cloud.google.com/storage/browser/_details/{bucket}/{key}"
#: Pages of objects, by the scheme of their URLs.
_PAGES = {"s3": _S3, "s3a": _S3, "gs": _GCS, "gcs": _GCS}


def page_of(location: str) -> str:
    """
    Return a URL at which people see a file; where its store has no pages, one that shows where it is.

    :param location: local path or URL; what stands before an ``@`` in the latter is left out.
    """
    place = locate(location)
    if is_local(place):
        return f"file://{quote(place)}"
    scheme, _, rest = place.partition("://")
    host, _, key = rest.partition("/")
    bucket = host.rpartition("@")[2]
    if scheme in _PAGES:
        return _PAGES[scheme].format(bucket=bucket, key=quote(key))
    return f"{scheme}://{bucket}/{quote(key)}"
