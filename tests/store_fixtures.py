"""Stores of several kinds, for the tests of what is read and written there."""

from __future__ import annotations

import json
from importlib.util import find_spec
from uuid import uuid4

import pytest


@pytest.fixture(scope="session")
def s3_url():
    """A local S3; skips where it is not installed: it is of the extra `stack`."""
    if not (find_spec("moto") and find_spec("s3fs") and find_spec("flask")):
        pytest.skip("the extra 'stack' is not installed")
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield "http://{}:{}".format(*server.get_host_and_port())
    server.stop()


@pytest.fixture
def s3(s3_url, monkeypatch):
    """A bucket, in which Airflow finds its way by a connection."""
    import boto3

    key = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    bucket = f"bucket-{uuid4().hex}"
    boto3.resource("s3", endpoint_url=s3_url, region_name="us-east-1", **key).create_bucket(Bucket=bucket)
    connection = {
        "conn_type": "aws",
        "login": "local",
        "password": "local",
        "extra": {"endpoint_url": s3_url, "region_name": "us-east-1"},
    }
    monkeypatch.setenv("AIRFLOW_CONN_AWS_LOCAL", json.dumps(connection))
    return f"s3://aws_local@{bucket}"


@pytest.fixture
def memory():
    from airflow.sdk.io import attach
    from fsspec.implementations.memory import MemoryFileSystem

    fs = MemoryFileSystem()
    attach("memory", fs=fs)
    yield "memory://bucket"
    fs.store.clear()
    fs.pseudo_dirs[:] = [""]


@pytest.fixture(params=["local", "memory", "s3"])
def place(request, tmp_path):
    """A folder of each kind: in the file system, and in stores of objects."""
    return str(tmp_path) if request.param == "local" else f"{request.getfixturevalue(request.param)}/out"
