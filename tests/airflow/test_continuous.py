"""The example DAG for content that never stops, night after night, on a real Airflow and a local Phrase."""

from __future__ import annotations

import json
import re

import pytest
from run_dag import DAG_FILE

pytestmark = pytest.mark.airflow

FILE = DAG_FILE.with_name("phrase_tms_continuous.py")
FILES = {"app/strings.json": "Welcome to the app", "web/strings.json": "Welcome", "web/more.json": "More"}
LANGS = ("de", "pt-BR")
WRITES = ("POST", "PUT", "PATCH", "DELETE")
#: Posts that only ask.
QUESTIONS = re.compile(r"/segmentsCount$|/jobs/search$|/auth/|/token$")


class Site:
    """A folder that is translated, and what its nights ask of Phrase."""

    def __init__(self, runner, simulator, folder):
        self._runner = runner
        self._simulator = simulator
        self.folder = folder

    def write(self, name, title):
        path = self.folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"title": title}))

    def night(self, *, deferrable=False, **changes):
        """Run the DAG; what it sent is in `sent` then. The template is in the variable of the DAG."""
        params = {
            "source": f"{self.folder}/in/**/*",
            "target_langs": list(LANGS),
            "batch_id": "site",
            "target_folder": f"{self.folder}/out",
            **changes,
        }
        before = len(self._simulator.requests())
        ended = self._runner.run(params, file=FILE, deferrable=deferrable)
        self.sent = self._simulator.requests()[before:]
        return ended

    def count(self, method, path):
        return len([each for each in self.sent if each["method"] == method and re.search(path, each["path"])])

    def writes(self):
        return [
            f"{each['method']} {each['path']}"
            for each in self.sent
            if each["method"] in WRITES and not QUESTIONS.search(each["path"])
        ]

    def targets(self):
        out = self.folder / "out"
        languages = [folder for folder in out.iterdir() if folder.is_dir() and "." not in folder.name]
        found = [path for folder in languages for path in folder.rglob("*.json")]
        return {path.relative_to(out).as_posix(): path.read_text() for path in found}


@pytest.fixture(scope="module")
def site(runner, simulator, tmp_path_factory):
    simulator.reset()
    site = Site(runner, simulator, tmp_path_factory.mktemp("site"))
    for name, title in FILES.items():
        site.write(name, title)
    return site


@pytest.fixture(scope="module")
def first_night(site):
    return site.night(deferrable=True), site.sent


def outcome(ended, task_id="sync"):
    row = ended["xcoms"][task_id]["return_value"]
    return {name: number for name, number in row.items() if isinstance(number, int) and number}


def test_first_night_delivers_everything_in_few_tasks(site, first_night):
    ended, _ = first_night
    assert ended["state"] == "success", ended
    assert set(ended["tasks"].values()) == {"success"}
    assert len(ended["tasks"]) <= 12
    assert outcome(ended) == {"created": 6}
    assert outcome(ended, "report")["up to date"] == 6
    assert site.targets().keys() == {f"{lang}/{name}" for lang in LANGS for name in FILES}


def test_nothing_in_an_xcom_is_large(first_night):
    ended, _ = first_night
    for name, xcoms in ended["xcoms"].items():
        for value in xcoms.values():
            assert len(json.dumps(value)) < 1000, name


def test_night_without_a_change_writes_nothing(site, first_night):
    ended = site.night()
    assert ended["state"] == "success", ended
    assert site.writes() == []
    assert len(site.sent) <= 10
    skipped = {name for name, state in ended["tasks"].items() if state == "skipped"}
    assert skipped == {"create_project", "sync", "what_to_take_home", "assign", "translate"}
    assert ended["tasks"]["report"] == "success"


def test_changed_file_is_updated_and_delivered_again(site, first_night):
    before = site.targets()
    site.write("web/more.json", "More than before")
    ended = site.night()
    assert ended["state"] == "success", ended
    assert outcome(ended) == {"updated": 2}
    assert (site.count("POST", "/jobs$"), site.count("POST", "/jobs/source$")) == (0, 1)
    assert site.count("PUT", "/targetFile$") == 2
    changed = {name for name, text in site.targets().items() if before[name] != text}
    assert changed == {f"{lang}/web/more.json" for lang in LANGS}


def test_language_is_added_without_an_upload(site, first_night):
    ended = site.night(target_langs=[*LANGS, "fr"])
    assert ended["state"] == "success", ended
    assert outcome(ended) == {"cloned": 3}
    assert (site.count("POST", "/jobs$"), site.count("POST", "/jobs/clone$")) == (0, 1)
    assert {f"fr/{name}" for name in FILES} <= site.targets().keys()


def test_one_bad_file_is_named_and_holds_no_other_back(site, first_night):
    site.write("web/new.json", "New")
    (site.folder / "in/web/sound.mp3").write_text("No text")
    ended = site.night()
    assert ended["state"] == "failed"
    assert {name for name, state in ended["tasks"].items() if state == "failed"} == {"report"}
    assert outcome(ended) == {"created": 2, "failed": 2}
    assert {f"{lang}/web/new.json" for lang in LANGS} <= site.targets().keys()
    (site.folder / "in/web/sound.mp3").unlink()


def test_deleted_file_is_removed_when_that_is_asked_for(site, first_night):
    site.write("web/gone.json", "Soon gone")
    site.night()
    (site.folder / "in/web/gone.json").unlink()
    ended = site.night(on_delete="remove")
    assert ended["state"] == "success", ended
    assert outcome(ended) == {"deleted": 2}
    assert ended["tasks"]["translate"] == "skipped"
    assert not any("gone" in name for name in site.targets())


def test_plan_that_is_refused_fails_the_run_before_anything_is_sent(site, first_night):
    site.write("web/large.json", "word " * 50)
    ended = site.night(max_words=10)
    assert ended["state"] == "failed"
    assert site.writes() == []
    (site.folder / "in/web/large.json").unlink()


def test_run_that_is_given_too_little_says_where_it_belongs(runner, site):
    ended = runner.run({}, file=FILE)
    assert ended["state"] == "failed"
    assert "source is not given" in runner.log()
    assert "Airflow variable phrase_tms_continuous" in runner.log()
