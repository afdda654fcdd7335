from __future__ import annotations

import random
import re

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.sources import SourceFile
from phrase_provider.files.words import estimate_words
from phrase_provider.files.words.counting import count_words

UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
    "\u3040-\u312f\u31a0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
WORD = re.compile(rf"[{UNSPACED}]|[^\W_{UNSPACED}][^\s{UNSPACED}]*")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Two words", 2),
        ("don't e-mail — 42 times!", 4),
        ("\n\t - * --- \n", 0),
        ("Größe naïve Русский العربية", 4),
        ("日本語テスト", 6),
        ("Airflowは便利 です", 6),
        ("한국어 문장", 2),
        ("ไทย", 3),
    ],
)
def test_plain_text_counts_by_script(estimate, text, words):
    assert estimate("a.txt", text) == words


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"key": "never ends'),
        ("deep.json", "[" * 100_000 + " key never ends"),
        ("a.xml", "<a>key <b>never ends"),
        ("a.html", "<![key never ends"),
        ("a.yaml", "key: [never: ends"),
    ],
)
def test_a_broken_file_still_counts(estimate, name, content):
    assert 1 <= estimate(name, content) <= 3


def test_a_binary_file_counts_by_its_size(estimate):
    assert estimate("a.docx", b"PK\x03\x04\0\0" + b"x" * 595) == 101
    assert estimate("a.pdf", b"%PDF-1.7 " + b"x" * 51) == 10


def test_words_at_the_seams_of_long_lines_count_once_or_twice(estimate):
    assert 100_000 <= estimate("a.txt", "lorem ipsum " * 50_000) <= 100_010


def test_an_unreadable_file_is_an_input_error(tmp_path):
    with pytest.raises(PhraseInputError, match="cannot be read"):
        estimate_words(SourceFile(str(tmp_path / "none.md"), "none.md", 1))


ALPHABETS = {
    "latin": "abc XYZ 0189 _-.,'\u2019“”—…«»\u00a0 ñéüßøž \u00d7 \n\t",
    "cyrillic_and_greek": "абв ЯЖ ёї αβγ Ωώ —\u2009 №“” \n",
    "arabic_and_hebrew": "سلام אבג ؟ \u200f ١٢ ﷲ \n",
    # Vowel signs stand on a letter: alone they begin no word for the reference.
    "hindi": ["\u0928", "\u092e\u0938", "\u0924\u0947", "\u0939\u0948", "\u0964", "a", " ", "\n"],
    "thai_lao_khmer_myanmar": "ไทย ลาว ຂອງ ខ្មែរ မြန် a \n",
    "hindi_and_thai": ["\u0928", "\u0e17\u0e22", "\u0964", "\u0965", "a", " ", "\n"],
    "vietnamese_and_khmer": "\u1ec7\u1ea5t \u1781\u17d2\u1010\u10d0 \n",
    "japanese": "日本 かなカナ ー a1 \u3000 𠮟 ｱｲ \uff21\uff11 \n",
    "korean": "한국 어 a, \n",
    "georgian_and_ethiopic": "აბ გ ሀለ ሐ a \n",
    "emoji": "a 😀👍 ☃ → b \ufe0f \n",
}


@pytest.mark.parametrize("alphabet", ALPHABETS.values(), ids=ALPHABETS)
def test_words_are_those_of_a_reference_in_every_script(alphabet):
    choice = random.Random(7)
    for _ in range(400):
        text = "".join(choice.choices(alphabet, k=choice.randint(0, 30)))
        # A text does not begin with a mark that combines.
        text = f"a{text}"
        assert count_words(text.encode()) == len(WORD.findall(text)), repr(text)
