"""Records in files of JSON lines: as written, within bounds, and what is wrong is named."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files import json_lines
from phrase_provider.files.json_lines import read_json_lines, write_json_lines


def test_records_come_back_as_they_were_written(tmp_path):
    records = [{"b": 1, "a": "Größe\n\u2028"}, {}, {"list": [1, None, {"x": ""}]}]
    assert write_json_lines(f"{tmp_path}/x/list.jsonl", records) == 3
    assert list(read_json_lines(f"{tmp_path}/x/list.jsonl")) == records
    assert (tmp_path / "x/list.jsonl").read_text(encoding="utf-8").startswith('{"a": "Größe')


def test_keys_are_sorted_so_that_files_compare_line_by_line(tmp_path):
    write_json_lines(f"{tmp_path}/list", [{"b": 1, "a": 2}])
    assert (tmp_path / "list").read_text() == '{"a": 2, "b": 1}\n'


def test_failure_while_records_are_made_leaves_what_was_there(tmp_path):
    write_json_lines(f"{tmp_path}/list", [{"a": 1}])

    def records():
        yield {"a": 2}
        raise OSError("broken")

    with pytest.raises(OSError, match="broken"):
        write_json_lines(f"{tmp_path}/list", records())
    assert list(read_json_lines(f"{tmp_path}/list")) == [{"a": 1}]
    assert [path.name for path in tmp_path.iterdir()] == ["list"]


def test_more_than_a_chunk_comes_whole(tmp_path, monkeypatch):
    monkeypatch.setattr(json_lines, "_CHUNK", 7)
    records = [{"number": number, "text": "ä" * number} for number in range(50)]
    write_json_lines(f"{tmp_path}/list", records)
    assert list(read_json_lines(f"{tmp_path}/list")) == records


@pytest.mark.parametrize("chunk", [1 << 20, 5])
def test_blank_lines_and_a_missing_last_line_end_do_not_count(tmp_path, monkeypatch, chunk):
    monkeypatch.setattr(json_lines, "_CHUNK", chunk)
    (tmp_path / "list").write_text('{"a": 1}\n\n  \r\n{"a": 2}\r\n{"a": 3}')
    assert [record["a"] for record in read_json_lines(f"{tmp_path}/list")] == [1, 2, 3]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"a": "cut', "is no JSON object"),
        ("[1]", "is no JSON object"),
        ("null", "is no JSON object"),
        ('{"a": 1}, {"b": 2}', "is no JSON object"),
        ("[" * 200_000, "is no JSON object"),
        ('{"a": ' + "1" * 10_000 + "}", "is no JSON object"),
        ('{"a": "' + "x" * (1 << 20) + '"}', "has more than this package reads"),
    ],
)
def test_bad_line_is_named_by_its_number(tmp_path, line, reason):
    (tmp_path / "list").write_text(f'{{"a": 1}}\n\n{line}\n{{"a": 2}}\n')
    with pytest.raises(PhraseInputError, match=rf"Line 3 of .*/list {reason}.*backup"):
        list(read_json_lines(f"{tmp_path}/list"))


def test_bytes_that_are_no_text_are_named(tmp_path):
    (tmp_path / "list").write_bytes(b'{"a": 1}\n{"a": "\xff"}\n')
    with pytest.raises(PhraseInputError, match="Line 2"):
        list(read_json_lines(f"{tmp_path}/list"))


def test_too_many_lines_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(json_lines, "MAX_LINES", 3)
    monkeypatch.setattr(json_lines, "_CHUNK", 10)
    write_json_lines(f"{tmp_path}/list", [{"a": number} for number in range(9)])
    with pytest.raises(PhraseInputError, match="more than this package reads"):
        list(read_json_lines(f"{tmp_path}/list"))


def test_missing_file_is_told_apart_from_an_empty_one(tmp_path):
    write_json_lines(f"{tmp_path}/empty", [])
    assert list(read_json_lines(f"{tmp_path}/empty")) == []
    with pytest.raises(FileNotFoundError):
        list(read_json_lines(f"{tmp_path}/missing"))
