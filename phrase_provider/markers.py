"""Marks that things carry in Phrase, by which they are found again."""

from __future__ import annotations

import hashlib


def project_marker(batch_id: str, template_uid: str) -> str:
    """
    Make the line in a project's note that says which batch of content it holds.

    :param batch_id: the caller's name for the content.
    :param template_uid: the template it was made from; another template makes another project.
    """
    key = hashlib.sha256(f"{template_uid}\n{batch_id}".encode()).hexdigest()[:24]
    return f"[airflow-provider-phrase batch {key}]"
