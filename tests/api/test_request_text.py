from __future__ import annotations

import json

import pytest

from phrase_provider.api.request_text import LIMIT, request_text


def told(url="https://tms.test/web/things", **parts):
    return request_text("POST", url, **{"query": {}, "headers": {}, "body": None} | parts)


def test_all_parts_are_told():
    query = {"name": "ä b", "levels": [1, 2], "left_out": None}
    assert told(query=query, headers={"X-A": "1"}, body={"name": "Wörter", "langs": ["de"]}) == (
        "POST tms.test/web/things?name=%C3%A4+b&levels=1&levels=2 (X-A: 1) "
        '{"name": "Wörter", "langs": ["de"]}'
    )


@pytest.mark.parametrize("body", [{}, [], "", 0, False])
def test_empty_body_is_one(body):
    assert told(body=body) != told()


def test_credentials_of_a_url_are_left_out():
    assert told("https://user:secret@tms.test:8443/web") == "POST tms.test:8443/web"


@pytest.mark.parametrize(
    "name",
    ["subject_token", "secretToken", "password", "Authorization", "X-Api-Key", "callbackUrl", "accessToken"],
)
def test_secrets_are_masked_wherever_they_stand(name):
    secret = {name: "not-to-be-seen"}
    nested = {"headers": {"Memsource": json.dumps({"targetLangs": ["de"]} | secret)}}
    for parts in (
        nested,
        {"query": secret},
        {"headers": secret},
        {"body": secret},
        {"body": [{"deep": [secret]}]},
    ):
        assert "not-to-be-seen" not in told(**parts)
        assert "***" in told(**parts)


def test_it_is_one_line_and_cut():
    text = told(headers={"X": "a\nb\x1b[31m"}, body={"note": "x" * 9999})
    assert "\n" not in text
    assert "\x1b" not in text
    assert len(text) == LIMIT
