"""What a target file must not lose: placeholders, keys, layout, line ends and encodings of all kinds."""

from __future__ import annotations

import json
import re

import pytest

from phrase_provider.simulator.tms.formats.pseudo import Pseudo

pytest.importorskip("lxml")
pytest.importorskip("polib")
pytest.importorskip("ruamel.yaml")


@pytest.mark.parametrize(
    ("name", "source"),
    [
        (
            "codes.txt",
            "«Hi» %ld %1$lld %*d %<n>s #{x} $t(key) $name :count {a, select, x {{b, plural, c {d}}}}",
        ),
        ("anchors.yaml", "%YAML 1.2\n---\na: &x {t: «Hi»}   # c\nb:\n    - *x\n    - <<: *x\nd: yes\n...\n"),
        ("blocks.yaml", "a: |2-\n   «one\n\n   two»\n# c\nb: >\n  «x»\nc:\n\n"),
        ("quoted.yaml", "a: '«it''s»'\n? k\n: !!str «v»\nc: !ruby/sym z"),
        ("comment.yaml", "# nothing else\n"),
        ("crlf.yaml", "a: «Hello»\r\nb: |\r\n  «x»\r\n"),
        ("quoted.csv", '"id","t"\r\n"1","«a ""b""\nc»"'),
        ("front.md", '+++\ntitle = "x"\n+++\n«Hi»'),
        ("tasks.md", "- [x] «done»\n\n[^1]: «A note»\n"),
        ("labels.md", "«One» [one][] [two] :tada: $a+b$\u2028\n\n[one]: /1\n[Two]: /2\n"),
        ("attributes.html", "<img alt=\"«A > b»\" data-x='title=\"n\"'><script>a='</b>'</script>«z»"),
        ("kept.html", '<p translate="no">X<br><b>y</b></p><!-- a --><?php b ?>«c &lt;»'),
    ],
)
def test_only_text_changes(target, name, source):
    translated = re.sub("«(.*?)»", lambda text: Pseudo("de")(text[1]), source, flags=re.DOTALL)
    assert target(name, re.sub("[«»]", "", source), "de").decode() == translated


def test_codes_alone_in_a_text_are_not_touched(target):
    assert target("a.txt", "{a, plural, one {#}}\n", "de").decode() == "⟦de⟧ {a, plural, one {#}}\n"


YAML_ESCAPES = r'''a: "{} \u00e9\t1 \U0001F600 \
  {}\n"'''


def test_yaml_keeps_escapes(target):
    translated = target("a.yaml", YAML_ESCAPES.format("Hi", "you"), "de").decode()
    assert translated == YAML_ESCAPES.format("⟦de⟧ Hî", "ýöû")


def test_po_keeps_line_ends_and_obsolete_messages(target):
    header = r"""msgid ""
msgstr ""
"Language: de\n"
"Content-Type: text/plain; charset=UTF-8\n"
"""
    source = header + '\nmsgctxt "c"\nmsgid "1"\nmsgstr "1"\n\n#~ msgid "x"\n#~ msgstr "y"\n'
    source = source.replace("\n", "\r\n")
    assert target("a.po", source, "de").decode() == source


@pytest.mark.parametrize(
    ("name", "content", "translated"),
    [
        ("a.json", b"\xef\xbb\xbf" + b'{"a": "b"}', b"\xef\xbb\xbf" + '{"a": "⟦de⟧ b"}'.encode()),
        ("a.txt", b"\xfe\xff" + "Hi".encode("utf-16-be"), b"\xfe\xff" + "⟦de⟧ Hî".encode("utf-16-be")),
        ("a.html", b"<meta charset=latin1>\xe9", b"<meta charset=latin1>&#10214;de&#10215; \xe9"),
        (
            "a.po",
            b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=ISO-8859-1\\n"\n\nmsgid "\xe9"\n',
            'msgid ""\nmsgstr ""\n"Language: de\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
            'msgid "é"\nmsgstr "⟦de⟧ é"\n'.encode(),
        ),
    ],
)
def test_encodings_and_byte_order_marks(target, name, content, translated):
    assert target(name, content, "de") == translated


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_what_is_nested_too_deeply_fails_its_import(phrase, name):
    uid = phrase.project()["uid"]
    job = phrase.upload(uid, name, b"[" * 5000).json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    assert (
        phrase.job(uid, job)["importStatus"]["errorMessage"]
        == "The file cannot be read: it is nested too deeply"
    )


def test_json_keeps_numbers_and_keys_that_come_twice(target):
    source = '{"n": [1.50, 1e400, 12345678901234567890], "a": "x", "a": "\\ud83d\\ude00 y", "": null}'
    pairs = json.loads(target("a.json", source, "de"), object_pairs_hook=list, parse_float=str)
    assert pairs == [
        ("n", ["1.50", "1e400", 12345678901234567890]),
        ("a", "⟦de⟧ x"),
        ("a", "⟦de⟧ 😀 ý"),
        ("", None),
    ]
