"""XLIFF target files, read again and held to the rules of OASIS."""

from __future__ import annotations

import pytest

etree = pytest.importorskip("lxml.etree")

V1 = """<?xml version="1.0" encoding="{encoding}"?>
<!DOCTYPE xliff [<!ENTITY brand "ACME">]>
<!-- kept -->
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2" xml:lang="en">
  <file original="a" source-language="en" datatype="plaintext">
    <body>
      <trans-unit id="1" approved="yes">
        <source>Press <g id="1">Start <x id="2"/></g><bpt id="3">&lt;b&gt;</bpt>é<ept id="3">/b</ept></source>
        <target xml:lang="fr" state="final">old</target>
        <alt-trans><source>Alt</source><target>Alt</target></alt-trans>
      </trans-unit>
      <trans-unit id="2">
        <source>Of &brand; <mrk mtype="protected">ACME</mrk> <ph id="1">code<sub>text</sub></ph></source>
        <note>A note</note>
      </trans-unit>
      <trans-unit id="3">
        <source>One. Two.</source>
        <seg-source><mrk mtype="seg" mid="0">One.</mrk> <mrk mtype="seg" mid="1">Two.</mrk></seg-source>
      </trans-unit>
      <trans-unit id="4"><source><![CDATA[<i>Raw</i>]]></source></trans-unit>
      <group translate="no"><trans-unit id="5"><source>Brand</source></trans-unit></group>
    </body>
  </file>
</xliff>
<!-- end -->
"""
V2 = """<xliff version="2.0" srcLang="en" trgLang="fr" xmlns="urn:oasis:names:tc:xliff:document:2.0">
  <file id="f"><notes><note id="n">A note</note></notes>
    <unit id="u1"><originalData><data id="d1">&lt;b&gt;</data></originalData>
      <segment id="s1" state="initial"><source>A <pc id="1" dataRefStart="d1">b
        <mrk id="m" translate="no">C</mrk></pc><ph id="2"/><sc id="3"/>d<ec startRef="3"/></source></segment>
      <ignorable><source> </source></ignorable>
      <segment id="s2"><source>Second</source><target>alt</target></segment>
    </unit>
    <group id="g" translate="no">
      <unit id="u2"><segment><source>No</source></segment></unit>
      <unit id="u3" translate="yes"><segment><source>Yes</source></segment></unit>
    </group>
  </file>
</xliff>
"""
#: Order of the children of a `trans-unit`, which the schema of XLIFF 1.2 asks for.
ORDER = ("source", "seg-source", "target", "note", "alt-trans")


def local(element):
    return etree.QName(element).localname


def inline(element):
    """What a translation must repeat: the inline elements with their attributes, and native code."""
    return [
        (local(child), dict(child.attrib), child.text if local(child) in ("ph", "bpt", "ept") else None)
        for child in element.iterdescendants(etree.Element)
    ]


def pairs(root, within):
    for parent in root.iterfind(f".//{{*}}{within}"):
        source, target = parent.find("{*}seg-source"), parent.find("{*}target")
        yield parent, parent.find("{*}source") if source is None else source, target


def test_version_1_keeps_its_structure(target):
    text = target("a.xlf", V1.format(encoding="UTF-8"), "pt_br").decode()
    root = etree.fromstring(text.encode())
    assert text.startswith(V1.format(encoding="UTF-8").partition("<xliff")[0])
    assert text.endswith("</xliff>\n<!-- end -->\n")
    assert "<![CDATA[<i>Raw</i>]]>" in text
    assert root.find("{*}file").get("target-language") == "pt-BR"
    units = list(pairs(root, "trans-unit"))
    for unit, source, translation in units[:4]:
        names = [local(child) for child in unit]
        assert names == sorted(names, key=ORDER.index)
        assert inline(translation) == inline(source)
        assert translation.get("state") == "translated"
    assert units[0][2].get("{http://www.w3.org/XML/1998/namespace}lang") == "pt-BR"
    assert root.findtext(".//{*}alt-trans/{*}target") == "Alt"
    assert '&brand; <mrk mtype="protected">ACME</mrk> <ph id="1">code<sub>ţéxţ</sub></ph></target>' in text
    assert [unit[2] for unit in units[4:]] == [None]


def test_version_2_keeps_its_structure(target):
    root = etree.fromstring(target("a.xliff", V2, "de"))
    assert (root.get("srcLang"), root.get("trgLang")) == ("en", "de")
    segments = list(pairs(root, "segment"))
    written = [(segment.get("state"), translation) for segment, _, translation in segments]
    assert [state for state, _ in written] == ["translated", "translated", None, "translated"]
    for segment, source, translation in segments:
        if translation is not None:
            assert [local(child) for child in segment] == ["source", "target"]
            assert inline(translation) == inline(source)
    assert segments[0][2].findtext(".//{*}mrk") == "C"
    assert segments[2][2] is None
    assert root.find(".//{*}ignorable/{*}target") is None


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-16", "windows-1252"])
def test_declared_encodings(target, encoding):
    root = etree.fromstring(target("a.xlf", V1.format(encoding=encoding).encode(encoding), "de"))
    assert root.findtext(".//{*}target").startswith("⟦de⟧ Přéšš ")
    assert root.find(".//{*}source")[1].tail == "é"


def test_line_ends_and_layout(target):
    text = target("a.xlf", V1.format(encoding="UTF-8").replace("\n", "\r\n"), "de").decode()
    assert text.count("\n") == text.count("\r\n")
    assert '\r\n        <target state="translated">⟦de⟧ Öf &brand;' in text
