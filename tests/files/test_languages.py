from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.files.languages import format_language, to_phrase, unique_targets


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("de", "de"),
        (" DE ", "de"),
        ("pt-BR", "pt_br"),
        ("pt_BR", "pt_br"),
        ("pt_br", "pt_br"),
        ("pt-rBR", "pt_br"),
        ("pt_BR.UTF-8", "pt_br"),
        ("es-419", "es_419"),
        ("es-r419", "es_419"),
        ("b+es+419", "es_419"),
        ("zh-Hant-TW", "zh_hant_tw"),
        ("zh_hant_tw", "zh_hant_tw"),
        ("b+zh+Hans+CN", "zh_hans_cn"),
        ("sr_RS@latin", "sr_latn_rs"),
        ("sr_RS.UTF-8@latin", "sr_latn_rs"),
        ("ca-ES-valencia", "ca_es_valencia"),
        ("de-1996", "de_1996"),
        ("fil", "fil"),
    ],
)
def test_any_usual_form_becomes_phrases_code(tag, code):
    assert to_phrase(tag) == code


@pytest.mark.parametrize(
    "tag", ["", " ", "d", "german", "de DE", "de/DE", "../de", "de-", "-de", "de__DE", "42", "b+", "@latin"]
)
def test_nonsense_is_refused_with_a_mend(tag):
    with pytest.raises(PhraseInputError, match="is not a language tag") as caught:
        to_phrase(tag)
    assert repr(tag) in str(caught.value)
    assert "pt-BR" in caught.value.hint


@pytest.mark.parametrize(
    ("language", "bcp47", "posix", "android", "apple", "java"),
    [
        ("de", "de", "de", "de", "de", "de"),
        ("pt_br", "pt-BR", "pt_BR", "pt-rBR", "pt-BR", "pt_BR"),
        ("es_419", "es-419", "es_419", "b+es+419", "es-419", "es_419"),
        ("zh_hant_tw", "zh-Hant-TW", "zh_Hant_TW", "b+zh+Hant+TW", "zh-Hant", "zh_Hant_TW"),
        ("zh_cn", "zh-CN", "zh_CN", "zh-rCN", "zh-Hans", "zh_CN"),
        ("zh_hk", "zh-HK", "zh_HK", "zh-rHK", "zh-HK", "zh_HK"),
        ("sr_latn_rs", "sr-Latn-RS", "sr_RS@latin", "b+sr+Latn+RS", "sr-Latn-RS", "sr_Latn_RS"),
    ],
)
def test_each_platform_has_its_form(language, bcp47, posix, android, apple, java):
    forms = {"bcp47": bcp47, "posix": posix, "android": android, "apple": apple, "java": java}
    assert {form: format_language(language, form) for form in forms} == forms
    assert format_language(language) == bcp47


@pytest.mark.parametrize("form", ["bcp47", "posix", "android", "java"])
@pytest.mark.parametrize("language", ["de", "pt_br", "es_419", "zh_hant_tw", "sr_latn_rs", "ca_es_valencia"])
def test_what_is_written_can_be_read_back(language, form):
    assert to_phrase(format_language(language, form)) == language


def test_a_mapping_names_languages_freely():
    assert format_language("pt_br", {"de": "German", "pt-BR": "Brasil"}) == "Brasil"


def test_a_language_that_the_mapping_lacks_is_an_error():
    with pytest.raises(PhraseInputError, match="lacks pt_br") as caught:
        format_language("pt-BR", {"de": "German"})
    assert "de" in caught.value.hint


def test_an_unknown_form_lists_the_known_ones():
    with pytest.raises(PhraseInputError, match="'windows' is not a language format") as caught:
        format_language("de", "windows")
    assert "bcp47, posix, android, apple, java" in caught.value.hint


def test_targets_keep_their_order_and_come_once():
    assert unique_targets(["pt-BR", "de", "pt_br", "DE", "es-419"]) == ["pt_br", "de", "es_419"]


def test_a_single_target_may_be_plain_text():
    assert unique_targets("pt-BR") == ["pt_br"]


def test_no_target_is_an_error():
    with pytest.raises(PhraseInputError, match="No target language"):
        unique_targets([])
