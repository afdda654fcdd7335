"""Users and vendors are found by what people call them, and by nothing else."""

from __future__ import annotations

import pytest

from phrase_provider.exceptions import PhraseInputError
from phrase_provider.services.tms.providers.provider_directory import ProviderDirectory

USERS, VENDORS = "https://tms.test/web/api2/v1/users", "https://tms.test/web/api2/v1/vendors"
TARA = {"type": "USER", "id": "21", "uid": "uT"}


def user(id_, uid, name, first="", last="", email=""):
    return {"id": id_, "uid": uid, "userName": name, "firstName": first, "lastName": last, "email": email}


@pytest.fixture
def directory(client, requests_mock, page):
    requests_mock.get(
        USERS,
        json=page(
            user("21", "uT", "tara", "Tara", "Lind", "tara@example.com"),
            user("22", "uJ", "jo", "Jo", "Berg"),
            user("23", "uK", "jo2", "Jo", "Berg"),
            user("24", "uW", "words"),
        ),
    )
    requests_mock.get(VENDORS, json=page({"id": "41", "uid": "vW", "name": "Words"}))
    return ProviderDirectory(client)


@pytest.mark.parametrize(
    "wanted", ["uT", "tara", "TARA ", "tara@example.com", "Tara  Lind", "user:tara", "User: Tara Lind"]
)
def test_user_is_found(directory, wanted):
    assert directory.resolve(wanted) == TARA


def test_vendor_is_found_and_prefix_decides_between_namesakes(directory):
    assert directory.resolve("vW") == {"type": "VENDOR", "id": "41", "uid": "vW"}
    assert directory.resolve("vendor:words")["id"] == "41"
    assert directory.resolve("user:words")["id"] == "24"


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("words", "2 users and vendors are called 'words': user:uW, vendor:vW"),
        ("Jo Berg", "2 users and vendors are called 'Jo Berg': user:uJ, user:uK"),
        ("Lind", "No user or vendor is called 'Lind'"),
        ("vendor:tara", "No user or vendor is called 'vendor:tara'"),
        ("\x1b[31m", r"No user or vendor is called '\x1b[31m'"),
        (" ", "No user or vendor is called ' '"),
    ],
)
def test_nobody_is_guessed(directory, wanted, told):
    with pytest.raises(PhraseInputError) as refused:
        directory.resolve(wanted)
    assert told in refused.value.message


def test_lists_are_read_once_and_only_those_that_are_needed(directory, requests_mock):
    directory.resolve("user:tara")
    directory.resolve("user:jo")
    assert [request.path for request in requests_mock.request_history] == ["/web/api2/v1/users"]
    directory.resolve("vW")
    directory.resolve("tara")
    assert len(requests_mock.request_history) == 2
