from __future__ import annotations

import csv
import io
import json

import pytest

pytest.importorskip("lxml")
pytest.importorskip("polib")
pytest.importorskip("ruamel.yaml")

MARKDOWN = """---
title: Kept
---
# Read `code` and [this](https://example.org/a)

> A quote
> in two lines

- one {name}

```python
print("kept")
```

| head | other |
|------|-------|
| cell | 1     |
"""
HTML = """<html lang="en"><head><style>p {x: y}</style></head>
<body><P title=a>Fish &amp; <b>chips</b></P></body></html>
"""
JSON = r"""{
   "key": "Hello {name}",
   "n": 1.50, "list": ["\u00e9t\u00e9", true, null],
   "a\"b" : {}
}
"""
YAML = """# kept
en:
  greeting: "Hello ${name}"  # why
  list: [one, 2, true]
  text: |
    first
    second
"""
CSV = 'id;text\r\nk1;"Hello; you"\r\nk2;Bye\r\n'
PO = r"""msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=0;\n"

#. comment
#, fuzzy, python-format
msgid "Hello %(name)s"
msgstr ""

msgid "%d file"
msgid_plural "%d files"
msgstr[0] ""
"""
XLIFF_1 = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
  <file original="a" source-language="en" datatype="plaintext"><body>
    <trans-unit id="1"><source>Press <g id="1">Start</g> <ph id="2">%s</ph></source></trans-unit>
    <trans-unit id="2"><source>Old</source><target>alt</target></trans-unit>
    <trans-unit id="3" translate="no"><source>Brand</source></trans-unit>
  </body></file>
</xliff>
"""
XLIFF_2 = """<xliff version="2.0" srcLang="en" xmlns="urn:oasis:names:tc:xliff:document:2.0">
  <file id="f"><unit id="u"><segment><source>Press <pc id="1">Start</pc></source></segment></unit></file>
</xliff>"""
SOURCES = {
    "a.txt": "Hello {name}\n\nBye %s, 100% sure\n",
    "a.md": MARKDOWN,
    "a.html": HTML,
    "a.json": JSON,
    "a.yaml": YAML,
    "a.csv": CSV,
    "a.po": PO,
    "a.xlf": XLIFF_1,
    "b.xliff": XLIFF_2,
}


@pytest.mark.parametrize("name", SOURCES)
def test_target_differs_from_the_source_and_between_languages(target, name):
    files = {SOURCES[name].encode(), target(name, SOURCES[name], "de"), target(name, SOURCES[name], "fr")}
    assert len(files) == 3


def test_text_keeps_lines_and_placeholders(target):
    text = (
        "Hello {name}, {{x}}, ${y}\r\n\r\n"
        "  %s %(z)s %1$s <b>50%</b> {n, plural, one {# file} other {# files}}\n12\n"
    )
    assert target("a.txt", text).decode() == (
        "⟦pt_br⟧ Héļļö {name}, {{x}}, ${y}\r\n\r\n"
        "  ⟦pt_br⟧ %s %(z)s %1$s <b>50%</b> {n, plural, one {# file} other {# files}}\n12\n"
    )


def test_text_keeps_its_byte_order_mark(target):
    assert target("a.txt", "\ufeffHi".encode("utf-8")) == "\ufeff⟦pt_br⟧ Hî".encode()
    assert target("a.txt", "Hi".encode("utf-16")).decode("utf-16") == "⟦pt_br⟧ Hî"


def test_markdown(target):
    assert target("a.md", MARKDOWN).decode().splitlines() == [
        "---",
        "title: Kept",
        "---",
        "# ⟦pt_br⟧ Řéåđ `code` åñđ [ţhîš](https://example.org/a)",
        "",
        "> ⟦pt_br⟧ Å qûöţé",
        "> îñ ţwö ļîñéš",
        "",
        "- ⟦pt_br⟧ öñé {name}",
        "",
        "```python",
        'print("kept")',
        "```",
        "",
        "| ⟦pt_br⟧ héåđ | ⟦pt_br⟧ öţhéř |",
        "|------|-------|",
        "| ⟦pt_br⟧ çéļļ | 1     |",
    ]


def test_html(target):
    assert target("a.html", HTML).decode() == (
        '<html lang="pt-BR"><head><style>p {x: y}</style></head>\n'
        "<body><P title=a>⟦pt_br⟧ Fîšh &amp; <b>⟦pt_br⟧ çhîpš</b></P></body></html>\n"
    )


def test_json_changes_string_values_only(target):
    text = target("a.json", JSON).decode()
    assert json.loads(text) == {
        "key": "⟦pt_br⟧ Héļļö {name}",
        "n": 1.5,
        "list": ["⟦pt_br⟧ éţé", True, None],
        'a"b': {},
    }
    assert "   " in text
    assert "1.50" in text


def test_yaml_keeps_keys_comments_and_styles(target):
    lines = target("a.yaml", YAML).decode().splitlines()
    assert lines[:3] == ["# kept", "en:", '  greeting: "⟦pt_br⟧ Héļļö ${name}"  # why']
    assert lines[3] == "  list: [⟦pt_br⟧ öñé, 2, true]"
    assert lines[4:] == ["  text: |", "    ⟦pt_br⟧ fîřšţ", "    šéçöñđ"]


def test_csv_keeps_header_ids_and_delimiter(target):
    text = target("a.csv", CSV).decode()
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) == [
        ["id", "text"],
        ["k1", "⟦pt_br⟧ Héļļö; ýöû"],
        ["k2", "⟦pt_br⟧ Býé"],
    ]
    assert text.count("\r\n") == 3


def test_po_fills_every_message(target):
    import polib

    catalog = polib.pofile(target("a.po", PO).decode())
    assert catalog.metadata["Language"] == "pt_BR"
    hello, files = catalog
    assert (hello.msgstr, hello.flags) == ("⟦pt_br⟧ Héļļö %(name)s", ["python-format"])
    assert files.msgstr_plural == {0: "⟦pt_br⟧ %d fîļé", 1: "⟦pt_br⟧ %d fîļéš", 2: "⟦pt_br⟧ %d fîļéš"}


def test_xliff_1_2(target):
    text = target("a.xlf", XLIFF_1).decode()
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<xliff')
    assert 'target-language="pt-BR"' in text
    assert (
        '<source>Press <g id="1">Start</g> <ph id="2">%s</ph></source>'
        '<target state="translated">⟦pt_br⟧ Přéšš <g id="1">Šţåřţ</g> <ph id="2">%s</ph></target>' in text
    )
    assert '<target state="translated">⟦pt_br⟧ Öļđ</target>' in text
    assert "<source>Brand</source></trans-unit>" in text


def test_xliff_2_0(target):
    text = target("b.xliff", XLIFF_2).decode()
    assert 'trgLang="pt-BR"' in text
    assert '<target>⟦pt_br⟧ Přéšš <pc id="1">Šţåřţ</pc></target></segment>' in text


def test_other_types_come_back_byte_for_byte(target):
    assert target("a.docx", b"PK\x03\x04\xff") == b"PK\x03\x04\xff"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", b"{"),
        ("a.yaml", b"a: ["),
        ("a.xlf", b"<xliff>"),
        ("b.xlf", b'<xliff version="2.1"/>'),
        ("a.po", b'msgid "x\nfoo'),
        ("a.csv", b'a,b\n"open'),
        ("a.txt", b"\xff\xff\xff"),
    ],
)
def test_broken_files_fail_their_import(phrase, name, content):
    uid = phrase.project()["uid"]
    job = phrase.upload(uid, name, content).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    status = phrase.job(uid, job)["importStatus"]
    assert status["status"] == "ERROR"
    assert "cannot be read" in status["errorMessage"]
