from __future__ import annotations

import pytest

from phrase_provider.connection_form import (
    FIELDS,
    REGIONS,
    conn_fields,
    read_fields,
    ui_field_behaviour,
    unknown_keys,
)
from phrase_provider.exceptions import PhraseConnectionError


def test_region_gives_the_urls():
    for name, region in REGIONS.items():
        fields = read_fields({"region": name})
        assert (fields["platform_url"], fields["tms_url"], fields["strings_url"]) == region
    assert read_fields({}) == read_fields({"region": "eu"})


@pytest.mark.parametrize("url", ["platform_url", "tms_url", "strings_url"])
def test_each_url_can_be_set_alone(url):
    changed = read_fields({"region": "us", url: "http://127.0.0.1:8900/web/"})
    same = {"web_url": changed["tms_url"]}
    assert changed == read_fields({"region": "us"}) | {url: "http://127.0.0.1:8900/web"} | same


def test_the_web_url_is_the_tms_url_unless_told_otherwise():
    assert read_fields({"region": "us"})["web_url"] == REGIONS["us"].tms_url
    told = read_fields({"tms_url": "http://proxy/web", "web_url": "https://cloud.memsource.com/web"})
    assert told["web_url"] == "https://cloud.memsource.com/web"


@pytest.mark.parametrize("empty", [None, ""])
def test_empty_field_takes_its_default(empty):
    assert read_fields({field.name: empty for field in FIELDS}) == read_fields({})


def test_defaults():
    assert {name: value for name, value in read_fields({}).items() if not name.endswith("_url")} == {
        "region": "eu",
        "contact": None,
        "timeout": 60,
        "retries": 5,
        "max_download_size": 2048,
        "ca_bundle": None,
        "client_certificate": None,
        "share_login": True,
        "client_type": None,
    }


def test_unknown_keys_are_left_alone():
    assert read_fields({"other": 1}) == read_fields({})


@pytest.mark.parametrize("value", ["7", 7])
def test_whole_number_may_come_as_text(value):
    assert read_fields({"timeout": value})["timeout"] == 7


@pytest.mark.parametrize("value", ["0", -1, "1.5", "many", True, [], "\u00b2"])
def test_wrong_number_is_refused(value):
    with pytest.raises(PhraseConnectionError, match=r"'Timeout \(s\)'.*whole number of at least 1"):
        read_fields({"timeout": value})


def test_no_retries_are_allowed():
    assert read_fields({"retries": 0})["retries"] == 0


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, True),
        ("true", True),
        ("Yes", True),
        (1, True),
        (False, False),
        ("FALSE", False),
        ("0", False),
        (0, False),
    ],
)
def test_boolean_may_come_as_text(value, read):
    assert read_fields({"share_login": value})["share_login"] is read


@pytest.mark.parametrize("value", ["maybe", 2, []])
def test_wrong_boolean_is_refused(value):
    with pytest.raises(PhraseConnectionError, match=r"'Share access token'.*true or false"):
        read_fields({"share_login": value})


@pytest.mark.parametrize("value", ["e u", "mars", 1, ["eu"]])
def test_wrong_region_is_refused(value):
    with pytest.raises(PhraseConnectionError, match=r"'Region'.*one of eu, us"):
        read_fields({"region": value})


@pytest.mark.parametrize("value", ["EU", " us ", "Us\n"])
def test_region_is_taken_trimmed_and_in_any_case(value):
    region = REGIONS[value.strip().lower()]
    assert read_fields({"region": value})["tms_url"] == region.tms_url


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        ({"region": "us"}, []),
        ({"regoin": "us"}, ["regoin (did you mean region?)"]),
        ({"token_cache": False}, ["token_cache"]),
        ({"shared_logins": False}, ["shared_logins (did you mean share_login?)"]),
        (
            {"Region": "us", "tmsUrl": "x"},
            ["Region (did you mean region?)", "tmsUrl (did you mean tms_url?)"],
        ),
        ({"xyz": 1}, ["xyz"]),
        ({"\x1b[2J": 1}, [r"\x1b[2J"]),
        ({"k" * 300: 1}, ["k" * 99 + "…"]),
    ],
)
def test_unknown_keys_are_named_with_the_nearest_field(extra, told):
    assert unknown_keys(extra) == told


@pytest.mark.parametrize(
    "value", ["https://tms.test/web?key=hidden", "https://tms.test/web#hidden", "https://x/?"]
)
def test_query_or_fragment_in_a_url_is_refused_and_not_told(value):
    with pytest.raises(PhraseConnectionError, match=r"tms_url .*query or fragment.*address alone") as caught:
        read_fields({"tms_url": value})
    assert "hidden" not in f"{caught.value} {caught.value!r}"


@pytest.mark.parametrize("value", ["https://tms\n.test/web", "https://tms.test/we b", "https://tms.test/\0"])
def test_url_with_blanks_or_control_characters_is_refused(value):
    with pytest.raises(PhraseConnectionError, match=r"tms_url.*not a valid URL"):
        read_fields({"tms_url": value})


def test_blanks_around_a_value_do_not_count():
    told = read_fields({"tms_url": " https://tms.test/web\n", "contact": " ", "client_type": " MY "})
    assert (told["tms_url"], told["contact"], told["client_type"]) == ("https://tms.test/web", None, "MY")


@pytest.mark.parametrize(
    "value", ["tms.test", "ftp://tms.test", "https://", "//tms.test", "web", "http://[half"]
)
def test_what_is_no_url_is_refused(value):
    with pytest.raises(PhraseConnectionError, match=r"tms_url.*not a valid URL.*leave it empty"):
        read_fields({"tms_url": value})


@pytest.mark.parametrize(
    "value",
    ["https://user:url-password@tms.test", "https://url-password@tms.test", "ftp://u:url-password@[x"],
)
def test_credentials_in_a_url_are_refused_and_not_told(value):
    with pytest.raises(PhraseConnectionError, match="user name or password") as caught:
        read_fields({"tms_url": value})
    assert "url-password" not in f"{caught.value} {caught.value!r}"


def test_form_has_every_field_with_a_schema_that_takes_its_default():
    from jsonschema import validate

    form = conn_fields()
    assert list(form) == [field.name for field in FIELDS]
    for field in FIELDS:
        assert form[field.name]["label"] == field.label
        assert form[field.name]["description"].endswith(".")
        validate(field.default, form[field.name]["schema"])


def test_form_hides_what_is_not_used():
    behaviour = ui_field_behaviour()
    assert set(behaviour["hidden-fields"]) == {"host", "port", "login", "schema", "extra"}
    assert set(behaviour["relabeling"]) == set(behaviour["placeholders"]) == {"password"}


def test_airflow_takes_no_field_for_a_secret():
    # It shows asterisks in the place of such a value, and writes them back.
    from airflow.sdk.log import redact

    shown = {field.name: "seen" for field in FIELDS}
    assert redact(shown) == shown
