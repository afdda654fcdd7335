"""
`make test-live`: the flow of the demo on your own Phrase, with one tiny file and one language.

Environment:
  PHRASE_API_TOKEN     Platform API token; without it nothing happens
  PHRASE_TEMPLATE      name or uid of the project template to use
  PHRASE_TARGET_LANG   one of the template's target languages
  PHRASE_REGION        eu (default) or us
  PHRASE_SOURCE_LANG   default: the template's
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import shutil
import sys
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from demo.airflow_home import BUILD, AirflowHome
from demo.flow import Flow
from demo.processes import stop_on_signals
from phrase_provider.api.settings import ClientSettings
from phrase_provider.api.tms.client import TmsClient
from phrase_provider.api.tms.job_status import JobStatus, meets
from phrase_provider.connection_form import CONNECTION_TYPE, read_fields
from phrase_provider.exceptions import PhraseError, PhraseJobNotReadyError

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = BUILD / "live"
TEXT = "Hello! This line checks airflow-provider-phrase.\n"
REQUIRED = ("PHRASE_API_TOKEN", "PHRASE_TEMPLATE", "PHRASE_TARGET_LANG")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make test-live", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before something is created")
    return parser.parse_args()


def require_environment() -> None:
    """End with 2 and an explanation when something needed is not set."""
    missing = [name for name in REQUIRED if not os.environ.get(name)]
    if missing:
        print(f"Not run: {', '.join(missing)} not set.\n{__doc__}", file=sys.stderr)
        raise SystemExit(2)


def connection() -> dict[str, Any]:
    """Describe the connection, as Airflow reads it from JSON; URLs can be set, to address a simulator."""
    extra = {
        "region": os.environ.get("PHRASE_REGION", "eu"),
        "platform_url": os.environ.get("PHRASE_PLATFORM_URL"),
        "tms_url": os.environ.get("PHRASE_TMS_URL"),
        "contact": "make test-live",
    }
    given = {name: value for name, value in extra.items() if value}
    return {"conn_type": CONNECTION_TYPE, "password": os.environ["PHRASE_API_TOKEN"], "extra": given}


def client(described: dict[str, Any]) -> TmsClient:
    """
    Make a client of the same Phrase.

    :param described: as :func:`connection` gives it.
    """
    fields = read_fields(described["extra"])
    settings = ClientSettings(
        api_token=described["password"],
        platform_url=fields["platform_url"],
        tms_url=fields["tms_url"],
        strings_url=fields["strings_url"],
        token_cache=False,
    )
    return TmsClient.connect(settings)


def announce(phrase: TmsClient, batch_id: str) -> None:
    """Say who we are there and what will be created. Only reads Phrase."""
    template = phrase.templates.resolve(os.environ["PHRASE_TEMPLATE"])
    user = phrase.users.who_am_i()["user"]["userName"]
    print(
        f"At {phrase.session.settings.tms_url} as {user} this will\n"
        f"  create a project named after {batch_id!r} from the template {template['templateName']!r},\n"
        f"  upload a file of {len(TEXT.split())} words for {os.environ['PHRASE_TARGET_LANG']} "
        "(Phrase counts them as usage),\n"
        "  assign nobody, set its jobs to COMPLETED, without notifying their owners,\n"
        "  then export and deliver them,\n"
        "  and delete the project with its jobs, for good."
    )


def complete(phrase: TmsClient, batch_id: str) -> None:
    """Stand in for the translators: set every imported job of the batch to COMPLETED."""
    for project in phrase.projects.list(batch_id):
        for part in phrase.jobs.list(project["uid"]):
            if not meets(JobStatus(part["status"]), JobStatus.COMPLETED):
                _complete_part(phrase, project["uid"], part["uid"])


def _complete_part(phrase: TmsClient, project_uid: str, job_uid: str) -> None:
    try:
        phrase.jobs.set_status(project_uid, job_uid, JobStatus.COMPLETED)
    except PhraseJobNotReadyError:
        print(f"          job {job_uid} is still being imported")


@contextmanager
def cleaned_up(phrase: TmsClient, batch_id: str) -> Iterator[None]:
    """Delete the projects of the batch at the end, whatever happened."""
    try:
        yield
    finally:
        for project in list(phrase.projects.list(batch_id)):
            phrase.projects.delete(project["uid"], purge=True)
            print(f"Deleted project {project['name']!r} ({project['uid']})")


def run(phrase: TmsClient, described: dict[str, Any], batch_id: str) -> Flow:
    """Run the DAG, completing the jobs between its steps."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    source = FOLDER / "hello.txt"
    source.write_text(TEXT, encoding="utf-8")
    home = AirflowHome(FOLDER / "airflow", variables={"AIRFLOW_CONN_PHRASE_DEFAULT": json.dumps(described)})
    print("Preparing a throwaway Airflow")
    home.make_anew()
    flow = Flow(home, _params(str(source), batch_id), FOLDER / "airflow.log")
    for step in flow.steps(tick=5):
        if step:
            print(step, flush=True)
        else:
            complete(phrase, batch_id)
    return flow


def _params(source: str, batch_id: str) -> dict[str, Any]:
    return {
        "source": source,
        "template": os.environ["PHRASE_TEMPLATE"],
        # Nobody shall be mailed: the check stands in for the translators.
        "assign_providers": False,
        "source_lang": os.environ.get("PHRASE_SOURCE_LANG"),
        "target_langs": [os.environ["PHRASE_TARGET_LANG"]],
        "batch_id": batch_id,
        "target_folder": str(FOLDER / "target"),
    }


def check(assume_yes: bool) -> bool:
    """
    Announce, ask, run and clean up.

    :return: whether the one job was delivered.
    """
    batch_id = f"airflow-check-{datetime.now():%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
    described = connection()
    phrase = client(described)
    announce(phrase, batch_id)
    if not assume_yes and input("Go on? [y/N] ").strip().lower() not in ("y", "yes"):
        raise SystemExit("Nothing was created.")
    with cleaned_up(phrase, batch_id):
        flow = run(phrase, described, batch_id)
    print(f"\n{flow.table()}\n")
    return [row["status"] for row in flow.rows] == ["DELIVERED"] and flow.state == "success"


def main() -> None:
    stop_on_signals()
    options = arguments()
    require_environment()
    try:
        delivered = check(options.yes)
    except PhraseError as error:
        raise SystemExit(f"Phrase: {error}") from error
    if not delivered:
        raise SystemExit(f"Not delivered; see {FOLDER / 'airflow.log'}")
    print("This Phrase and airflow-provider-phrase understand each other.")


if __name__ == "__main__":
    main()
