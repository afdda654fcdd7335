from __future__ import annotations

import json
import os
import pickle
import shutil
import stat
import time
from contextlib import contextmanager
from hashlib import sha256

import pytest
from message_receiver import Receiver

from phrase_provider.simulator.process import SimulatorError, SimulatorProcess

BINARY = bytes(range(256))
LANGUAGES = ["de", "fr", "pt_br", "ja", "cs", "es", "es_419", "it", "nl", "pl", "zh_cn"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state"


@contextmanager
def kept(folder, **options):
    with SimulatorProcess(**{"speed": 0, "state": folder, **options}) as simulator:
        yield simulator


def again(simulator, end):
    getattr(simulator, end)()
    simulator.start()


def update(phrase, project, kind, job):
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": "filename=new.txt",
        "Memsource": json.dumps({"jobs": [{"uid": job}]}),
    }
    return phrase.call("POST", f"v1/projects/{project}/jobs/{kind}", data=b"New\n", headers=headers)


@pytest.fixture(scope="module")
def any_state(tmp_path_factory, connect):
    folder = tmp_path_factory.mktemp("state")
    with kept(folder) as simulator:
        phrase = connect(simulator)
        phrase.upload(phrase.project()["uid"], content=BINARY)
    return folder


@pytest.fixture
def left(any_state, folder):
    """A state that nobody uses."""
    shutil.copytree(any_state, folder)
    return folder / "state"


def rewrite(world, body=None, **changes):
    first, _, old = world.read_bytes().partition(b"\n")
    world.write_bytes(json.dumps({**json.loads(first), **changes}).encode() + b"\n" + (body or old))


def refusal(folder):
    with pytest.raises(SimulatorError) as raised, kept(folder):
        pass
    text = str(raised.value)
    assert str(folder) in text
    assert text.count("phrase-simulator: ") == 1
    assert "\n" not in text
    return text


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_answered_is_there_after_a_restart(connect, folder, end):
    with kept(folder) as simulator:
        phrase = connect(simulator)
        uid = phrase.project(steps=2, note="kept")["uid"]
        job = phrase.upload(uid, "a.docx", BINARY).json()["jobs"][0]["uid"]
        simulator.advance(20)
        simulator.job(job, "complete")
        export = phrase.export(uid, job).json()["asyncRequest"]["id"]
        simulator.advance(15)
        assert phrase.download(uid, job, export).status_code == 200
        simulator.settings(page_delay=0.01)
        before = [phrase.get(f"v1/projects/{uid}").json(), phrase.jobs(uid), phrase.templates()]
        again(simulator, end)
        after = [phrase.get(f"v1/projects/{uid}").json(), phrase.jobs(uid), phrase.templates()]
        assert after == before
        assert phrase.get(f"v1/projects/{uid}/jobs/{job}/original").content == BINARY
        assert phrase.download(uid, job, export).status_code == 410
        assert simulator.settings()["page_delay"] == 0.01
        assert phrase.project()["uid"] != uid


def test_work_goes_on_where_it_stood(connect, folder):
    with kept(folder, settings={"unassigned_work_moves": True}) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        created = phrase.upload(uid).json()
        request, job = created["asyncRequest"]["id"], created["jobs"][0]["uid"]
        again(simulator, "kill")
        assert phrase.get("v1/async").json()["totalElements"] == 1
        simulator.advance(20)
        assert phrase.get(f"v1/async/{request}").json()["asyncResponse"]["errorCode"] is None
        again(simulator, "kill")
        simulator.advance(45 + 140)
        assert phrase.job(uid, job)["status"] == "COMPLETED"


def test_assignments_and_mails_outlive_a_kill(connect, folder):
    with kept(folder) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        job = phrase.upload(uid).json()["jobs"][0]["uid"]
        simulator.advance(20)
        template = phrase.templates()[0]["uid"]
        phrase.call("POST", f"v1/projects/{uid}/applyTemplate/{template}/assignProviders")
        before = simulator.mails()
        again(simulator, "kill")
        assert [mail["job"] for mail in before] == [job]
        assert simulator.mails() == before
        simulator.advance(45 + 140)
        assert phrase.job(uid, job)["status"] == "COMPLETED"


def test_work_of_every_kind_ends_after_a_kill(connect, folder):
    with kept(folder, settings={"work_moves": False}) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        jobs = [phrase.upload(uid, f"{name}.txt").json()["jobs"][0]["uid"] for name in "abcd"]
        simulator.advance(20)
        template = phrase.templates()[0]["uid"]
        begun = [
            phrase.call("POST", f"v2/projects/applyTemplate/async/{template}", json={"name": "Later"}),
            phrase.upload(uid, "e.txt"),
            update(phrase, uid, "source", jobs[0]),
            update(phrase, uid, "target", jobs[1]),
            phrase.call(
                "POST",
                f"v3/projects/{uid}/jobs/preTranslate",
                json={"jobs": [{"uid": jobs[2]}], "preTranslateSettings": {}},
            ),
            phrase.export(uid, jobs[3]),
        ]
        again(simulator, "kill")
        simulator.advance(60)
        requests = [answer.json()["asyncRequest"]["id"] for answer in begun]
        ended = [phrase.get(f"v1/async/{request}").json() for request in requests]
    assert [request["action"] for request in ended] == [
        "CREATE_PROJECT",
        "IMPORT_JOB",
        "UPDATE_SOURCE",
        "UPDATE_TARGET",
        "PRE_TRANSLATE",
        "EXPORT_COMPLETE_FILE",
    ]
    assert {request["asyncResponse"]["errorCode"] for request in ended} == {None}


def test_messages_under_way_are_sent_again_after_a_kill(connect, folder):
    with Receiver(500, None, 200) as receiver, kept(folder) as simulator:
        phrase = connect(simulator)
        webhook = {"url": receiver.url, "events": ["PROJECT_CREATED"], "secretToken": "secret"}
        phrase.call("POST", "v2/webhooks", json=webhook)
        phrase.project()
        simulator.advance(0)
        again(simulator, "kill")
        simulator.advance(120)  # the receiver hangs
        again(simulator, "kill")
        simulator.advance(0)
        assert [delivery["statusCode"] for delivery in simulator.deliveries()] == [500, 200]
    assert len({body["eventUid"] for body in receiver.bodies}) == 1
    assert [got.headers["x-memsource-token"] for got in receiver.got] == ["secret"] * 3


def test_requests_that_end_without_an_answer_are_kept_too(connect, folder):
    with kept(folder) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        simulator.fault(path="/jobs$", reset_after=True)
        with pytest.raises(OSError, match="reset"):
            phrase.upload(uid)
        again(simulator, "kill")
        assert len(phrase.jobs(uid)) == 1


def test_time_stands_still_meanwhile(connect, folder):
    def now(simulator):
        return connect(simulator).http.get(f"{simulator.url}/_simulator/clock", timeout=60).json()["epoch"]

    with kept(folder, speed=1000) as simulator:
        begin = time.monotonic()
        first = now(simulator)
        time.sleep(1.7)
        simulator.kill()
        lived = time.monotonic() - begin
        time.sleep(0.5)
        begin = time.monotonic()
        simulator.start()
        passed = now(simulator) - first
        lived += time.monotonic() - begin
        # A second at most is lost by a kill.
        assert 500 <= passed <= lived * 1000


def test_a_reset_and_the_speed_of_the_command_line_count(connect, folder):
    with kept(folder) as simulator:
        connect(simulator).project()
        simulator.reset()
    with kept(folder, speed=7, settings={"job_parts": False}) as simulator:
        phrase = connect(simulator)
        assert phrase.get("v1/projects").json()["totalElements"] == 0
        assert phrase.http.get(f"{simulator.url}/_simulator/clock", timeout=60).json()["speed"] == 7
        assert simulator.settings()["job_parts"] is False


def test_nothing_is_answered_that_cannot_be_kept(connect, folder):
    with kept(folder) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        (folder / "state.new").mkdir()
        assert phrase.upload(uid).status_code == 500
        (folder / "state.new").rmdir()
        assert phrase.upload(uid, "b.txt").status_code == 201
        again(simulator, "kill")
        assert [job["filename"] for job in phrase.jobs(uid)] == ["a.txt", "b.txt"]


def test_a_large_state_is_written_within_a_second(connect, folder):
    with kept(folder) as simulator:
        phrase = connect(simulator)
        uid = phrase.project(steps=3)["uid"]
        for number in range(100):
            phrase.upload(uid, f"{number}.txt", targetLangs=LANGUAGES)
        assert (folder / "state").stat().st_size > 500_000
        time.sleep(1.5)
        again(simulator, "kill")
        assert phrase.get(f"v2/projects/{uid}/jobs", count=True).json()["totalElements"] == 1100


def test_contents_are_stored_once_and_as_long_as_needed(connect, folder):
    contents = folder / "contents"
    with kept(folder) as simulator:
        phrase = connect(simulator)
        uid = phrase.project()["uid"]
        for name in ("a.docx", "b.docx"):
            phrase.upload(uid, name, BINARY)
        assert [path.read_bytes() for path in contents.iterdir()] == [BINARY]
        simulator.reset()
        assert list(contents.iterdir()) == []


def test_nobody_else_can_read_it(connect, folder):
    folder.mkdir(mode=0o755)
    with kept(folder) as simulator:
        phrase = connect(simulator)
        phrase.upload(phrase.project()["uid"], content=BINARY)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}
    assert modes == {0o600}


def test_two_simulators_do_not_share_one(folder):
    with kept(folder):
        assert "in use by another simulator" in refusal(folder)
    with kept(folder):
        pass


def test_a_folder_with_other_things_is_left_alone(folder):
    folder.mkdir(mode=0o755)
    (folder / "thesis.txt").touch()
    assert "not empty and holds no state" in refusal(folder)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o755


@pytest.mark.parametrize("spoil", [lambda all_: all_[:-1], lambda all_: b"", lambda all_: all_[::-1]])
def test_a_damaged_state_is_refused_and_kept(left, folder, spoil):
    spoilt = spoil(left.read_bytes())
    left.write_bytes(spoilt)
    assert "damaged" in refusal(folder)
    assert left.read_bytes() == spoilt


@pytest.mark.parametrize("content", [None, b"other"])
def test_a_damaged_content_is_refused(left, folder, content):
    (file,) = (folder / "contents").iterdir()
    file.unlink()
    if content:
        file.write_bytes(content)
    assert f"the file {file.name}" in refusal(folder)


@pytest.mark.parametrize("change", [{"format": 0}, {"shape": "other"}])
def test_a_state_of_another_version_is_refused(left, folder, change):
    rewrite(left, version="0.0.1", **change)
    assert "written by version 0.0.1" in refusal(folder)


def test_a_state_of_the_former_format_is_refused_and_kept(left, folder):
    former = left.rename(folder / "world")
    rewrite(former, version="0.0.1", format=1)
    content = former.read_bytes()
    text = refusal(folder)
    assert "written by version 0.0.1 in format 1" in text
    assert "format 2" in text
    assert former.read_bytes() == content
    assert not left.exists()


def test_a_foreign_pickle_does_nothing(left, folder, tmp_path):
    class Foreign:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "harm"),)

    body = pickle.dumps({"state": Foreign()})
    rewrite(left, body, sha256=sha256(body).hexdigest())
    assert "mkdir is not allowed in a state" in refusal(folder)
    assert not (tmp_path / "harm").exists()
