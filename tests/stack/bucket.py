"""The bucket of the profile `celery`, as somebody sees it who is none of the workers."""

from __future__ import annotations

import json
from typing import Any

NAME = "phrase"
#: As a DAG names it: with the connection that the workers have.
URL = f"s3://aws_default@{NAME}"


class Bucket:
    """
    Puts, gets and lists objects.

    :param url: of the store.
    """

    def __init__(self, url: str) -> None:
        # Tests are collected where the store's libraries are not installed, too.
        import boto3

        key = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        self.client: Any = boto3.client("s3", endpoint_url=url, region_name="us-east-1", **key)

    def put(self, key: str, content: str) -> None:
        self.client.put_object(Bucket=NAME, Key=key, Body=content.encode())

    def get(self, key: str) -> str:
        return self.client.get_object(Bucket=NAME, Key=key)["Body"].read().decode()

    def keys(self, folder: str) -> list[str]:
        """List what is in a folder and below it, by the names within that folder."""
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=NAME, Prefix=f"{folder}/")
        found = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return sorted(key.removeprefix(f"{folder}/") for key in found)

    def manifest(self, key: str) -> dict[tuple[str, str], dict[str, Any]]:
        """Give the newest line of each source and language, from a manifest and all its parts."""
        parts = [f"{key}.d/{part}" for part in self.keys(f"{key}.d") if part.endswith(".jsonl")]
        folder, _, name = key.rpartition("/")
        files = [key, *parts] if name in self.keys(folder) else parts
        lines = [json.loads(line) for file in files for line in self.get(file).splitlines()]
        lines.sort(key=lambda line: line["at"])
        return {(line["source"], line["target_lang"]): line for line in lines}
