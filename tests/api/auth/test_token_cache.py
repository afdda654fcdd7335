from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from phrase_provider.api.auth.access_token import AccessToken
from phrase_provider.api.auth.token_cache import TokenCache

PLATFORM = "https://platform.test"


@pytest.fixture
def directory(tmp_path):
    return tmp_path / "tokens"


@pytest.fixture
def cache(directory):
    return TokenCache("api-token-not-to-be-seen", PLATFORM, directory)


@pytest.fixture
def get(cache):
    """What a fresh process does; gives the token and whether it had to be made."""

    def read(made="made", *, using=cache):
        makes = []

        def make():
            makes.append(made)
            return AccessToken(made, time.time() + 1000)

        token = using.get_or_make(lambda token: token is not None and token.usable, make)
        return token.value, bool(makes)

    return read


def _token_file(directory):
    (found,) = directory.glob("*.token")
    return found


def _mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_second_process_finds_the_token_of_the_first(get):
    assert get("first") == ("first", True)
    assert get("second") == ("first", False)


def test_file_is_private_and_encrypted(get, directory):
    old = os.umask(0)
    try:
        get("access-token-not-to-be-seen")
    finally:
        os.umask(old)
    assert _mode(directory) == 0o700
    assert {_mode(path) for path in directory.iterdir()} == {0o600}
    assert len(list(directory.iterdir())) == 2
    everything = b"".join(path.read_bytes() + path.name.encode() for path in directory.iterdir())
    assert b"not-to-be-seen" not in everything


@pytest.mark.parametrize(
    ("api_token", "url"), [("another", PLATFORM), ("api-token-not-to-be-seen", "https://us.test")]
)
def test_other_token_or_platform_has_a_file_of_its_own(get, directory, api_token, url):
    get("first")
    assert get("second", using=TokenCache(api_token, url, directory)) == ("second", True)
    assert len(list(directory.glob("*.token"))) == 2


def test_file_is_worth_nothing_without_the_api_token(get, directory, caplog):
    get("first")
    stolen = _token_file(directory)
    thief = TokenCache("another", PLATFORM, directory)
    get("made", using=thief)
    (own,) = set(directory.glob("*.token")) - {stolen}
    own.write_bytes(stolen.read_bytes())
    assert get("again", using=thief) == ("again", True)
    assert "not used: InvalidToken" in caplog.text


def test_ended_token_is_replaced(cache, get):
    cache.get_or_make(lambda _: False, lambda: AccessToken("ended", time.time() - 1))
    assert get("fresh") == ("fresh", True)
    assert get() == ("fresh", False)


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff" * 100])
def test_corrupt_file_is_replaced(get, directory, caplog, content):
    get("first")
    _token_file(directory).write_bytes(content)
    assert get("second") == ("second", True)
    assert "The shared access token is not used" in caplog.text
    assert get("third") == ("second", False)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o622])
def test_file_that_others_may_use_is_replaced(get, directory, caplog, mode):
    get("first")
    _token_file(directory).chmod(mode)
    assert get("second") == ("second", True)
    assert "not used: PermissionError" in caplog.text
    assert _mode(_token_file(directory)) == 0o600


def test_link_in_place_of_the_file_is_not_followed(get, directory, tmp_path, caplog):
    get("first")
    target = tmp_path / "elsewhere"
    _token_file(directory).rename(target)
    before = target.read_bytes()
    (directory / next(directory.glob("*.lock")).with_suffix(".token").name).symlink_to(target)
    assert get("second") == ("second", True)
    assert "not used: PermissionError" in caplog.text
    assert target.read_bytes() == before
    assert not _token_file(directory).is_symlink()


def _shared(directory):
    directory.mkdir()
    directory.chmod(0o777)


def _linked(directory):
    real = directory.with_name("real")
    real.mkdir(mode=0o700)
    directory.symlink_to(real)


def _a_file(directory):
    directory.write_text("")


def _somebody_elses(directory):
    if os.getuid():
        pytest.skip("only root can give a directory away")
    directory.mkdir(mode=0o700)
    os.chown(directory, 12345, 12345)


@pytest.mark.parametrize("make", [_shared, _linked, _a_file, _somebody_elses])
def test_directory_that_is_not_ours_alone_is_not_used(get, directory, caplog, make):
    make(directory)
    assert get("first") == ("first", True)
    assert get("second") == ("second", True)
    assert "The access token is not shared between processes" in caplog.text
    assert not directory.is_dir() or list(directory.iterdir()) == []


def test_link_in_place_of_the_lock_is_not_followed(get, directory, tmp_path, caplog):
    get("first")
    lock = next(directory.glob("*.lock"))
    lock.unlink()
    lock.symlink_to(tmp_path / "elsewhere")
    assert get("second") == ("second", True)
    assert "not shared" in caplog.text
    assert not (tmp_path / "elsewhere").exists()


def test_error_of_the_exchange_passes_and_leaves_the_lock(cache, get):
    def fail():
        raise ConnectionError("no platform")

    with pytest.raises(ConnectionError):
        cache.get_or_make(lambda _: False, fail)
    assert get("later") == ("later", True)


PROCESS = """
import sys
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
url = sys.argv[1]
settings = ClientSettings("api-token", url, url + "/web", url, timeout=20)
print("ready", flush=True)
sys.stdin.readline()
TmsClient.connect(settings).users.who_am_i()
"""


def _run_at_once(server, temporary, number):
    environment = os.environ | {"TMPDIR": str(temporary)}
    command = [sys.executable, "-c", PROCESS, server.url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, env=environment, **pipes) for _ in range(number)]
    assert [process.stdout.readline() for process in running] == ["ready\n"] * number
    for process in running:
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        process.communicate(timeout=60)
    return [process.returncode for process in running]


def test_processes_of_a_host_exchange_once(wire, tmp_path):
    # Whichever comes first exchanges, slowly; the order of the other requests is the same for all.
    server = wire(wire.late(0.5, wire.token()), *[wire.answer(200, {"user": {}})] * 3)
    assert _run_at_once(server, tmp_path, 3) == [0, 0, 0]
    assert server.requests == ["POST /idm/oauth/token", *["GET /web/api2/v1/auth/whoAmI"] * 3]
    assert [path.name for path in tmp_path.iterdir()] == [f"phrase-provider-{os.getuid()}"]


HOLDER = """
import sys, time
from pathlib import Path
from phrase_provider.api.auth.token_cache import TokenCache
def make():
    print("holding", flush=True)
    time.sleep(60)
cache = TokenCache("api-token-not-to-be-seen", "https://platform.test", Path(sys.argv[1]))
cache.get_or_make(lambda _: False, make)
"""


@pytest.fixture
def holder(directory):
    """Starts a process that hangs while it makes a token, with the lock in its hand."""
    with ExitStack() as running:

        def hold():
            command = [sys.executable, "-c", HOLDER, str(directory)]
            process = running.enter_context(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
            running.callback(process.kill)
            assert process.stdout.readline() == "holding\n"
            return process

        yield hold


def test_killed_holder_of_the_lock_holds_nobody_up(holder, get):
    holder().send_signal(signal.SIGKILL)
    started = time.monotonic()
    assert get("mine") == ("mine", True)
    assert time.monotonic() - started < 1


def test_hanging_holder_of_the_lock_holds_the_others_up_for_a_while_only(holder, get, directory, caplog):
    holder()
    impatient = TokenCache("api-token-not-to-be-seen", PLATFORM, directory, lock_timeout=0.3)
    started = time.monotonic()
    assert get("mine", using=impatient) == ("mine", True)
    assert 0.3 <= time.monotonic() - started < 2
    assert "takes long" in caplog.text


def test_good_token_is_read_while_somebody_holds_the_lock(holder, get):
    get("first")
    holder()
    started = time.monotonic()
    assert get("second") == ("first", False)
    assert time.monotonic() - started < 1


def test_default_directory_is_this_users_own(monkeypatch, tmp_path, get):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    get(using=TokenCache("api", PLATFORM))
    assert [path.parent for path in Path(tmp_path).rglob("*.token")] == [
        tmp_path / f"phrase-provider-{os.getuid()}"
    ]
