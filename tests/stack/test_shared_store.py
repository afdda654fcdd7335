"""What several machines do in one bucket at the same moment."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import bucket
import pytest
from manifest_writer import PARTS
from several_machines import Machines

WRITER = Path(__file__).with_name("manifest_writer.py")
WRITERS = 4
NAME = "shared/phrase-manifest.jsonl"

pytestmark = pytest.mark.celery


def test_the_store_lets_one_of_many_create_an_object(machines: Machines):
    from botocore.exceptions import ClientError

    def create(key: str) -> int:
        try:
            answer = machines.bucket.client.put_object(Bucket=bucket.NAME, Key=key, Body=b"", IfNoneMatch="*")
        except ClientError as error:
            answer = error.response
        return answer["ResponseMetadata"]["HTTPStatusCode"]

    with ThreadPoolExecutor(8) as pool:
        for number in range(25):
            assert sorted(pool.map(create, [f"locks/{number}"] * 8)) == [200] + [412] * 7


def test_a_manifest_that_several_add_to_and_compact_loses_no_line(machines: Machines):
    environment = machines.services.environment("worker-1")

    def write(number: int) -> int:
        command = [sys.executable, WRITER, f"{bucket.URL}/{NAME}", f"run-{number}"]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return int(done.stdout.splitlines()[-1])

    with ThreadPoolExecutor(WRITERS) as pool:
        merged = list(pool.map(write, range(WRITERS)))
    assert sum(merged) > PARTS
    sources = {f"run-{run}-{number}.md" for run in range(WRITERS) for number in range(PARTS)}
    assert {source for source, _ in machines.bucket.manifest(NAME)} == sources | {"shared.md"}
    assert [key for key in machines.bucket.keys(f"{NAME}.d") if key.endswith(".lock")] == []
