from __future__ import annotations

import pytest

from phrase_provider.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("returns.md", "returns.md"),
        ("Größe 1 (日本語)/Ελλάς.md", "Größe 1 (日本語)/Ελλάς.md"),
        ("no\u00a0break", "no\u00a0break"),
        ("क्\u200cष 👩\u200d💻", "क्\u200cष 👩\u200d💻"),
        ("a\nb\r\tc", r"a\nb\r\tc"),
        ("nul\0", r"nul\x00"),
        ("\x1b[2Jclears", r"\x1b[2Jclears"),
        ("\x85next\u2028line\u2029end", r"\x85next\u2028line\u2029end"),
        ("gpj.\u202eexe.md", r"gpj.\u202eexe.md"),
        ("\u2066isolate\u2069 \u200f\u061c", r"\u2066isolate\u2069 \u200f\u061c"),
        (b"caf\xe9.md".decode(errors="surrogateescape"), r"caf\udce9.md"),
        ("\ufeffmark", r"\ufeffmark"),
        ("", ""),
    ],
)
def test_what_would_act_is_shown_as_an_escape(text, shown):
    assert printable(text) == shown


def test_result_can_always_be_encoded_and_is_one_line():
    everything = "".join(map(chr, range(0x110000)))
    shown = printable(everything, 20_000_000)
    assert len(shown.encode().decode().splitlines()) == 1
    assert not {"\x1b", "\u202e", "\0", "\ufffe"} & set(shown)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("12345678", "12345678"),
        ("123456789", "1234567…"),
        ("12345\n", r"12345\n"),
        ("123456\n", r"123456\n"),
        ("1234567\n", "1234567…"),
        ("12345\0end", "12345…"),
        ("\0\0\0", r"\x00…"),
    ],
)
def test_long_text_is_cut_but_never_within_an_escape(text, shown):
    assert printable(text, 8) == shown
