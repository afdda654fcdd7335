"""
`make bench-duplicates`: creates over a bad line, and what is in Phrase afterwards.

Each candidate creates 100 projects and 100 jobs while every third request meets a fault; the kind changes
every 40 creates. Ours works as a task does that Airflow tries again; the peers are clients as people write
them, with `requests` and the usual repeats. A local Phrase tells what is there twice, or not at all.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import requests
import tenacity
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from benchmarks.report import Figure, publish
from phrase_provider.api.call_log import CallLog
from phrase_provider.api.session import PhraseSession
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient, token_source
from phrase_provider.exceptions import PhraseError
from phrase_provider.simulator.process import SimulatorProcess

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

#: Before and after the request takes effect; the last makes the client wait until it gives up.
FAULTS: tuple[dict[str, Any], ...] = (
    {"reset_before": True},
    {"reset_after": True},
    {"html": 502},
    {"truncate": 10},
    {"hang_after": True},
)
GROUP = 40
AT_ONCE = GROUP
#: Seconds until a client gives up.
TIMEOUT = 0.5
TRIES = 20


class Outcome(NamedTuple):
    """What became of a candidate's creates."""

    duplicates: int
    losses: int


class Creator(Protocol):
    """A way of creating; each method gives the uid."""

    def project(self, name: str) -> str: ...

    def job(self, project_uid: str, file: Path) -> str: ...


class Ours:
    """Creates as the operators do, tried again as Airflow does."""

    def __init__(self, settings: ClientSettings) -> None:
        self._settings = settings
        self._token = token_source(settings, CallLog(), None)

    def project(self, name: str) -> str:
        from phrase_provider.services.tms.projects import ProjectCreator, ProjectRequest

        def attempt(client: TmsClient, ledger: Any) -> str:
            template = client.templates.resolve("Translation")
            creator = ProjectCreator(client, template, name, ledger, _Silent())
            request: ProjectRequest = {"source_lang": None, "target_langs": ["de"], "due": None}
            return str(creator.create(name, "", request)["uid"])

        return self._task(name, attempt)

    def job(self, project_uid: str, file: Path) -> str:
        from phrase_provider.files.sources import find_sources
        from phrase_provider.services.tms.job_upload import JobOptions
        from phrase_provider.services.tms.jobs import JobCreator

        def attempt(client: TmsClient, ledger: Any) -> str:
            (source,) = find_sources(str(file))
            creator = JobCreator(client, client.projects.get(project_uid), JobOptions(), ledger, _Silent())
            ignored = creator.check(source, ["de"])
            return str(creator.create(source, ["de"], ignored)[0]["job_uid"])

        return self._task(file.name, attempt)

    def _task(self, name: str, attempt: Callable[[TmsClient, Any], str]) -> str:
        from phrase_provider.idempotency.ledger import Ledger

        store = _Store()
        for _ in range(TRIES):
            client = TmsClient(
                PhraseSession(self._settings, self._settings.tms_url, token=self._token, sleep=_sleep)
            )
            try:
                return attempt(client, Ledger(name, store))
            except PhraseError as error:
                if not error.can_pass:
                    raise
                last = error
            finally:
                client.close()
        raise RuntimeError(f"{name} was tried {TRIES} times; {last}")


def _sleep(seconds: float) -> None:
    """Wait as the client asks, twenty times as fast: nothing here needs time to recover."""
    time.sleep(seconds / 20)


class _Store(dict[str, str]):
    """A task's state."""

    def set(self, key: str, value: Any, *, retention: object = None) -> None:
        self[key] = json.dumps(value)

    def get(self, key: str, default: Any = None) -> Any:
        return json.loads(self[key]) if key in self else default


class _Silent:
    def info(self, *_: object) -> None: ...

    warning = info


class Plain:
    """
    Sends a create with `requests`.

    :param phrase: the simulator.
    :param token: for the TMS.
    :param template_uid: of the projects.
    :param repeats: of the transport; the number of tries is that of ours.
    """

    def __init__(
        self, phrase: SimulatorProcess, token: str, template_uid: str, repeats: Retry | None = None
    ) -> None:
        self._url = f"{phrase.tms_url}/api2"
        self._template_uid = template_uid
        self._token = token
        self._repeats = repeats or Retry(0)

    def project(self, name: str) -> str:
        path = f"v2/projects/applyTemplate/{self._template_uid}"
        return str(self.post(path, json={"name": name, "targetLangs": ["de"]})["uid"])

    def job(self, project_uid: str, file: Path) -> str:
        headers = {
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f"filename*=UTF-8''{file.name}",
            "Memsource": json.dumps({"targetLangs": ["de"]}),
        }
        created = self.post(f"v1/projects/{project_uid}/jobs", data=file.read_bytes(), headers=headers)
        return str(created["jobs"][0]["uid"])

    def post(self, path: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        with requests.Session() as session:
            session.mount("http://", HTTPAdapter(max_retries=self._repeats))
            headers = {"Authorization": f"Bearer {self._token}", **(headers or {})}
            answer = session.post(f"{self._url}/{path}", headers=headers, timeout=TIMEOUT, **body)
            answer.raise_for_status()
            return answer.json()


class WithTenacity(Plain):
    """The same, repeated by tenacity on every error of `requests`."""

    @tenacity.retry(
        retry=tenacity.retry_if_exception_type(requests.RequestException),
        stop=tenacity.stop_after_attempt(TRIES),
        wait=tenacity.wait_random_exponential(0.05, max=1),
        reraise=True,
    )
    def post(self, path: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
        return super().post(path, headers, **body)


def measure(phrase: SimulatorProcess, client: TmsClient, creator: Creator, folder: Path) -> Outcome:
    """Let a candidate create everything over the bad line, and compare with what is in Phrase then."""
    phrase.reset()
    template = client.templates.resolve("Translation")
    host = client.projects.create_from_template(template["uid"], name="Host", target_langs=["de"])["uid"]
    files = [folder / f"file-{number:03}.md" for number in range(100)]
    names = [f"batch-{number:03}" for number in range(100)]
    creates: list[tuple[str, Callable[[], str]]] = []
    for name, file in zip(names, files, strict=True):
        creates.append((name, lambda name=name: creator.project(name)))  # type: ignore[misc]
        creates.append((file.name, lambda file=file: creator.job(host, file)))  # type: ignore[misc]
    given: dict[str, str | None] = {}
    with _somebody_else(client.session.settings):
        for start, fault in zip(range(0, len(creates), GROUP), FAULTS, strict=True):
            phrase.clear_faults()
            phrase.fault(path="^/web/", every=3, times=None, **fault)
            with ThreadPoolExecutor(AT_ONCE) as pool:
                group = creates[start : start + GROUP]
                given |= zip(
                    (name for name, _ in group), pool.map(_uid, (do for _, do in group)), strict=True
                )
        phrase.clear_faults()
    there = [(project["name"], project["uid"]) for project in client.projects.list("batch-")]
    there += [(job["filename"], job["uid"]) for job in client.jobs.list(host)]
    return _compare(given, there)


@contextmanager
def _somebody_else(settings: ClientSettings) -> Iterator[None]:
    """Read now and then, so that nobody stays in step with the faults."""
    ended = Event()

    def read() -> None:
        client = TmsClient.connect(replace(settings, retries=0))
        while not ended.wait(random.uniform(0.01, 0.1)):
            with suppress(PhraseError):
                client.users.who_am_i()
        client.close()

    reader = Thread(target=read)
    reader.start()
    try:
        yield
    finally:
        ended.set()
        reader.join()


def _uid(create: Callable[[], str]) -> str | None:
    try:
        return create()
    except (requests.RequestException, PhraseError, RuntimeError) as error:
        print(f"  lost: {error}"[:160], flush=True)
        return None


def _compare(given: dict[str, str | None], there: Iterable[tuple[str, str]]) -> Outcome:
    """Count what is there more than once, and what its creator cannot name."""
    there = list(there)
    counted = Counter(name for name, _ in there)
    lost = [name for name, uid in given.items() if (name, uid) not in there]
    return Outcome(sum(count - 1 for count in counted.values()), len(lost))


def main() -> None:
    argparse.ArgumentParser(prog="make bench-duplicates", description=__doc__).parse_args()
    # Here an effect is at once there or never.
    os.environ["AIRFLOW__PHRASE__RECONCILIATION_TIMEOUT"] = "0"
    os.environ["AIRFLOW__LOGGING__LOGGING_LEVEL"] = "ERROR"
    with SimulatorProcess(speed=0) as phrase, tempfile.TemporaryDirectory() as folder:
        for number in range(100):
            Path(folder, f"file-{number:03}.md").write_text(f"Hello {number}\n", encoding="utf-8")
        settings = ClientSettings(
            api_token=phrase.api_token,
            platform_url=phrase.url,
            tms_url=phrase.tms_url,
            strings_url="",
            timeout=TIMEOUT,
            token_cache=False,
        )
        client = TmsClient.connect(settings)
        token, template_uid = _token(phrase), client.templates.resolve("Translation")["uid"]
        statuses = [500, 502, 503, 504]
        repeats = Retry(TRIES, allowed_methods=None, status_forcelist=statuses, backoff_factor=0.05)
        candidates: dict[str, Creator] = {
            "ours": Ours(settings),
            "requests alone": Plain(phrase, token, template_uid),
            "requests with urllib3's Retry": Plain(phrase, token, template_uid, repeats),
            "requests with tenacity": WithTenacity(phrase, token, template_uid),
        }
        outcomes = {}
        for name, creator in candidates.items():
            started = time.monotonic()
            outcomes[name] = measure(phrase, client, creator, Path(folder))
            print(f"{name}: {outcomes[name]} in {time.monotonic() - started:.0f} s", flush=True)
    ours = outcomes.pop("ours")
    duplicates = {name: float(outcome.duplicates) for name, outcome in outcomes.items()}
    losses = {name: float(outcome.losses) for name, outcome in outcomes.items()}
    figures = [
        Figure("Duplicates of 200 creates", "objects", ours.duplicates, 0, duplicates, goal=0),
        Figure("Losses of 200 creates", "objects", ours.losses, 0, losses, goal=0),
    ]
    raise SystemExit(publish("duplicates", figures))


def _token(phrase: SimulatorProcess) -> str:
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": phrase.api_token,
    }
    answer = requests.post(f"{phrase.url}/idm/oauth/token", data=form, timeout=5)
    return str(answer.json()["access_token"])


if __name__ == "__main__":
    main()
