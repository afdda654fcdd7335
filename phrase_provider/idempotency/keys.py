"""Keys of ledger entries, and the short hashes that they and the markers of projects are made of."""

from __future__ import annotations

import hashlib


def entry_key(kind: str, *parts: object) -> str:
    """
    Return the key of the entry on one thing.

    :param kind: such as ``project``.
    :param parts: what tells it from others of its kind.
    :return: ``phrase.{kind}.{24 hex digits}``.
    """
    return f"phrase.{kind}.{short_hash(*parts)}"


def short_hash(*parts: object) -> str:
    """Return the first 24 hex digits of the SHA-256 of some parts, one on each line."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()[:24]
