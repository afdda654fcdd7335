"""
`make demo`: sample files go through the example DAG on a local Phrase, from source to DELIVERED.

Everything it makes is below `build/demo`; everything it starts is stopped when it ends.
"""

from __future__ import annotations

import argparse
import shutil
import time
from datetime import datetime
from typing import TYPE_CHECKING

from demo.airflow_home import BUILD, ROOT, AirflowHome
from demo.checks import problems
from demo.flow import Flow
from demo.processes import local_phrase, stop_on_signals

if TYPE_CHECKING:
    from pathlib import Path

SAMPLES = ROOT / "demo" / "samples"
FOLDER = BUILD / "demo"
TEMPLATE = "Translation"
LANGUAGES = ("de", "pt-BR")
SPEED = 120


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    now = f"{datetime.now():%Y%m%d-%H%M%S}"
    parser.add_argument("--batch-id", default=f"demo-{now}", help="names the project")
    parser.add_argument("--target-lang", nargs="+", default=LANGUAGES, help="languages to translate into")
    parser.add_argument("--speed", type=float, default=SPEED, help="simulated seconds in a second")
    return parser.parse_args()


def samples() -> list[Path]:
    """The files that go in."""
    return sorted(path for path in SAMPLES.rglob("*") if path.is_file() and not path.name.startswith("."))


def run(options: argparse.Namespace) -> list[str]:
    """
    Run the flow and show it.

    :return: what is not as it should be.
    """
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    log = FOLDER / "airflow.log"
    print(f"Starting a local Phrase. Airflow's log: {_relative(log)}")
    with local_phrase(speed=options.speed, access_log=FOLDER / "access.jsonl") as phrase:
        variables = {"AIRFLOW_CONN_PHRASE_DEFAULT": phrase.airflow_connection()}
        home = AirflowHome(FOLDER / "airflow", variables=variables)
        print("Preparing a throwaway Airflow")
        home.make_anew()
        flow = Flow(home, _params(options), log)
        print(f"Translating {len(samples())} files into {', '.join(options.target_lang)}")
        for step in flow.steps():
            if step:
                print(step, flush=True)
        print(f"\n{flow.table()}\n")
        return problems(flow, phrase, samples(), options.target_lang)


def _params(options: argparse.Namespace) -> dict[str, object]:
    return {
        "source": f"{SAMPLES}/**/*",
        "template": TEMPLATE,
        "target_langs": list(options.target_lang),
        "batch_id": options.batch_id,
        "target_folder": str(FOLDER / "target"),
    }


def _relative(path: Path) -> Path:
    return path.relative_to(ROOT)


def main() -> None:
    stop_on_signals()
    started = time.monotonic()
    options = arguments()
    found = run(options)
    for problem in found:
        print(f"Not as it should be: {problem}")
    if found:
        raise SystemExit(f"The demo failed; see {_relative(FOLDER / 'airflow.log')}")
    print(f"Delivered, and checked, in {time.monotonic() - started:.0f} s: {_relative(FOLDER / 'target')}")


if __name__ == "__main__":
    main()
