"""The example DAGs, each run in a process of its own, in a throwaway Airflow with its default limits."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from benchmarks.continuous import MARK
from benchmarks.continuous.site import BATCH
from demo.airflow_home import ROOT, AirflowHome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.continuous.site import Site

CONTINUOUS, MAPPED = "phrase_tms_continuous", "phrase_tms_import_to_delivered"
#: Seconds after which a run is given up.
_LONGEST = 3600


def continuous_params(site: Site, langs: Sequence[str], **changes: Any) -> dict[str, Any]:
    """Return the params of the DAG for content that never ends."""
    return {
        "source": f"{site.folder}/in/**/*.md",
        "base": f"{site.folder}/in",
        "template": site.template(),
        "source_lang": "en",
        "target_langs": list(langs),
        "batch_id": BATCH,
        "rotation": "never",
        "target_folder": f"{site.folder}/out",
        "manifest": site.manifest.location,
        **changes,
    }


def mapped_params(site: Site, langs: Sequence[str]) -> dict[str, Any]:
    """Return the params of the mapped DAG."""
    return {
        "source": f"{site.folder}/in/**/*.md",
        "base": f"{site.folder}/in",
        "template": site.template(),
        "target_langs": list(langs),
        "batch_id": BATCH,
        "target_folder": f"{site.folder}/out",
        "max_words": 10_000_000,
    }


def small_params(site: Site, params: dict[str, Any]) -> dict[str, Any]:
    """Return params of the same DAG for one small file of another batch, which is written."""
    folder = site.folder / "small"
    (folder / "in").mkdir(parents=True)
    (folder / "in/a.md").write_text("Hello\n", encoding="utf-8")
    changes = {
        "source": f"{folder}/in/*.md",
        "base": f"{folder}/in",
        "batch_id": "small",
        "target_folder": f"{folder}/out",
        "target_langs": params["target_langs"][:1],
    }
    return params | changes | ({"manifest": f"{folder}/manifest.jsonl"} if "manifest" in params else {})


def run_dag(
    site: Site, dag_id: str, params: dict[str, Any], *, warm_up: dict[str, Any] | None = None
) -> dict[str, Any]:
    """
    Run a DAG once.

    :param warm_up: params of a run before, in the same process, that loads what is loaded at first use.
    :return: see :func:`benchmarks.continuous.dag_run.measure`.
    :raises RuntimeError: the process failed; its log is beside the site's folder.
    """
    home = AirflowHome(site.folder / "airflow", variables=site.connection())
    if not home.path.exists():
        home.make_anew()
    told = json.dumps({"dag_id": dag_id, "params": params, "warm_up": warm_up})
    log = site.folder / "airflow.log"
    with log.open("wb") as output:
        subprocess.run(
            [sys.executable, "-m", "benchmarks.continuous.dag_run"],
            input=told.encode(),
            stdout=output,
            stderr=output,
            env={**home.environment(), "PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            timeout=_LONGEST,
            check=False,
        )
    text = log.read_text(encoding="utf-8", errors="replace")
    if MARK not in text:
        raise RuntimeError(f"{dag_id} could not be run; see {log}:\n{text[-2000:]}")
    found: dict[str, Any] = json.loads(text.rpartition(MARK)[2].partition("\n")[0])
    return found
