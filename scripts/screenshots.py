"""
`make screenshots`: takes the pictures of the documentation, in a headless Chromium.

It starts what `make airflow` starts, on free ports, runs the example DAG over the samples, and looks at the
forms, the grid, a task's links and the local Phrase. The pictures are below `docs/images`.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import time
import urllib.request
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from playwright.sync_api import sync_playwright

from demo.airflow_home import DAG_ID, ROOT
from demo.processes import stop_on_signals
from demo.run import LANGUAGES, SAMPLES, TEMPLATE
from demo.standalone import FOLDER, PASSWORD, USER, access_token, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator, Page

IMAGES = ROOT / "docs/images"
#: Where the pictures say that the files are, not where somebody's checkout is.
SOURCES = Path("/tmp/phrase-docs")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
#: Seconds for the run of the example DAG, and for anything to appear in the browser.
RUN_SECONDS, LOOK_SECONDS = 900, 30
#: Of the window, in pixels.
WIDTH = 1200
#: Larger pictures make a clone of the repository slow.
MOST_BYTES = 150_000


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--chromium", default=os.environ.get("CHROMIUM") or _chromium(), help="the browser")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--phrase-port", type=int, default=0)
    parser.add_argument("--speed", type=float, default=120)
    return parser.parse_args()


def _chromium() -> str | None:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Airflow:
    """
    Airflow's REST API.

    :param url: of the API server.
    """

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        request = urllib.request.Request(
            f"{self.url}/api/v2/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {access_token(self.url)}", "Content-Type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=60) as response:
            answer: dict[str, Any] = json.load(response)
            return answer

    def run_example(self) -> str:
        """Run the example DAG over the samples, and return the id of the run when it has ended."""
        shutil.copytree(SAMPLES, SOURCES, dirs_exist_ok=True)
        self.call("PATCH", f"dags/{DAG_ID}", {"is_paused": False})
        conf = {
            "source": f"{SOURCES}/**/*",
            "template": TEMPLATE,
            "target_langs": list(LANGUAGES),
            "batch_id": "handbook-2026-11",
            "target_folder": f"{FOLDER}/target",
        }
        body: dict[str, Any] = {"conf": conf, "logical_date": None, "dag_run_id": "handbook"}
        self.call("POST", f"dags/{DAG_ID}/dagRuns", body)
        give_up = time.monotonic() + RUN_SECONDS
        while (state := self._state_of(body["dag_run_id"])) in ("queued", "running"):
            if time.monotonic() > give_up:
                raise SystemExit(f"The run has not ended; see {FOLDER}")
            time.sleep(2)
        if state != "success":
            raise SystemExit(f"The run has ended {state}; see {FOLDER}")
        return "handbook"

    def _state_of(self, run_id: str) -> str:
        return str(self.call("GET", f"dags/{DAG_ID}/dagRuns/{run_id}")["state"])

    def xcom(self, run_id: str, task_id: str) -> Any:
        """Return what a task of the run gave."""
        path = f"dags/{DAG_ID}/dagRuns/{run_id}/taskInstances/{task_id}/xcomEntries/return_value"
        return self.call("GET", f"{path}?deserialize=true")["value"]


@contextmanager
def browser(chromium: str) -> Iterator[Page]:
    """Open a page in a browser, and end both."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = running.new_page(color_scheme="light")
        page.set_default_timeout(LOOK_SECONDS * 1000)
        yield page
        running.close()


def log_in(page: Page, url: str) -> None:
    page.goto(f"{url}/auth/login")
    page.locator("input[name=username]").fill(USER)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda address: "/auth/login" not in address)


def save(name: str, page: Page, part: Locator | None = None, *, height: int = 800) -> None:
    """
    Write a picture.

    :param name: of the file, without suffix.
    :param page: as it is now.
    :param part: of the page; default: all that the window shows.
    :param height: of the window in pixels; what is further down is cut off.
    """
    page.set_viewport_size({"width": WIDTH, "height": height})
    page.wait_for_load_state("networkidle")
    # Spinners and fading parts come to rest.
    page.wait_for_timeout(1500)
    clip = part.bounding_box() if part else None
    if clip:
        clip["height"] = min(clip["height"], height - clip["y"])
    picture = Image.open(BytesIO(page.screenshot(animations="disabled", clip=clip))).convert("RGB")
    target = IMAGES / f"{name}.png"
    # Such pages have hardly more colours.
    picture.quantize(256, dither=Image.Dither.NONE).save(target, optimize=True)
    size = target.stat().st_size
    if size > MOST_BYTES:
        raise SystemExit(f"{target.name} has {size:,} bytes, more than {MOST_BYTES:,}")
    print(f"{target.relative_to(ROOT)}  {picture.width} x {picture.height}, {size / 1000:.0f} kB", flush=True)


def take_all(page: Page, airflow: Airflow, phrase_url: str) -> None:
    log_in(page, airflow.url)
    connection_form(page, airflow.url)
    trigger_form(page, airflow.url)
    run_id = airflow.run_example()
    grid(page, airflow.url, run_id)
    link(page, airflow.url, run_id)
    simulator(page, phrase_url, airflow.xcom(run_id, "create_project")["project_uid"])


def connection_form(page: Page, url: str) -> None:
    page.goto(f"{url}/connections")
    # Of a connection that is there, the form has the fields alone that are filled in.
    page.get_by_role("button", name="Add Connection").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[name=connection_id]").fill("phrase_default")
    dialog.get_by_role("combobox").first.fill("phrase")
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="Extra Fields", exact=True).click()
    dialog.get_by_text("Contact", exact=True).wait_for()
    save("connection-form", page, dialog, height=1900)


def trigger_form(page: Page, url: str) -> None:
    page.goto(f"{url}/dags/{DAG_ID}")
    page.get_by_role("button", name="Trigger").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("Target languages").wait_for()
    filled_in = {
        "source": "/data/docs/**/*.md",
        "template": TEMPLATE,
        "target_langs": "\n".join(LANGUAGES),
        "batch_id": "docs-2026-11",
        "target_folder": "/data/translated",
    }
    for field, text in filled_in.items():
        dialog.locator(f"[name=element_{field}]").fill(text)
    page.evaluate("document.activeElement.blur()")
    dialog.get_by_role("heading").first.scroll_into_view_if_needed()
    save("trigger-form", page, dialog, height=1500)


def grid(page: Page, url: str, run_id: str) -> None:
    page.goto(f"{url}/dags/{DAG_ID}/runs/{run_id}")
    page.get_by_label("Expand all task groups").click()
    save("grid", page)


def link(page: Page, url: str, run_id: str) -> None:
    page.goto(f"{url}/dags/{DAG_ID}/runs/{run_id}/tasks/deliver.exported/mapped/0/details")
    page.get_by_text("Phrase job").wait_for()
    save("link", page, height=560)


def simulator(page: Page, phrase_url: str, project_uid: str) -> None:
    page.goto(f"{phrase_url}/web/project2/show/{project_uid}")
    save("simulator", page)


def main() -> None:
    stop_on_signals()
    options = arguments()
    if not options.chromium:
        raise SystemExit("No Chromium is installed; name one: make screenshots ARGS='--chromium PATH'")
    IMAGES.mkdir(exist_ok=True)
    with started(options) as (url, phrase, _), browser(options.chromium) as page:
        take_all(page, Airflow(url), phrase.url)


if __name__ == "__main__":
    main()
