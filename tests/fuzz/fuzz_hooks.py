"""
Hooks of schemathesis: most requests name things that are there, so that they get past the first 404.

Runs in the environment of the fuzzer; see `scripts/fuzz_simulator.py`.
"""

from __future__ import annotations

import io
import json
import os
import time
import zipfile
import zlib
from typing import Any

import requests
import schemathesis

URL = os.environ["PHRASE_SIMULATOR_URL"]
CONSUMING = ("DELETE ", "POST /api2/v1/auth/logout", "GET /api2/v2/projects/{projectUid}/jobs/{jobUid}/down")
"""How the operations begin that leave nothing for their next call."""
IN_BODIES: dict[str, Any] = {
    "userName": "simulator",
    "password": "simulator-password",
    "sourceLang": "en",
    "targetLangs": ["de"],
    "client": {"id": "1001"},
    "domain": {"id": "2001"},
    "subDomain": {"id": "3001"},
    "businessUnit": {"id": "4001"},
    "costCenter": {"id": "5001"},
    "owner": {"id": "20"},
    "emailTemplate": {"id": "51"},
    "workflowSteps": [{"id": "101"}],
    "providers": [{"type": "USER", "id": "21"}],
}
"""What the simulator has from its start, by the names under which bodies refer to it."""
with zipfile.ZipFile(packed := io.BytesIO(), "w") as package:
    package.writestr("index.html", "<p>Hello</p>")
PREVIEW = packed.getvalue()
NOBODY = "http://127.0.0.1:9/"
"""Where webhooks and callbacks go instead of addresses that the fuzzer makes up."""
HTTP = requests.Session()


def sign_in() -> None:
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token": os.environ["PHRASE_API_TOKEN"],
    }
    answer = HTTP.post(f"{URL}/idm/oauth/token", data=form, timeout=10)
    HTTP.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"


def call(method: str, path: str, **options: Any) -> Any:
    answer = HTTP.request(method, f"{URL}/web/api2/{path}", timeout=10, **options)
    answer.raise_for_status()
    return answer.json() if answer.content else None


def stock() -> dict[str, Any]:
    """Make a project with imported jobs, and give what paths and bodies may name."""
    query = {"sort": "templateName", "direction": "asc"}
    template = call("GET", "v1/projectTemplates", params=query)["content"][0]["uid"]
    project = call("POST", f"v2/projects/applyTemplate/{template}", json={"name": "Fuzz"})["uid"]
    headers = {"Memsource": '{"targetLangs": ["de", "fr"]}', "Content-Disposition": "filename=a.txt"}
    created = call("POST", f"v1/projects/{project}/jobs", data=b"Hello\nyou\n" * 9, headers=headers)
    jobs = [job["uid"] for job in created["jobs"]]
    time.sleep(0.02)
    export = call("PUT", f"v3/projects/{project}/jobs/{jobs[0]}/targetFile")["asyncRequest"]["id"]
    webhook = call("POST", "v2/webhooks", json={"url": NOBODY, "events": ["JOB_CREATED"]})["uid"]
    call("POST", "v1/analyses/byLanguages", json={"jobs": [{"uid": jobs[0]}]})
    analysis = call("GET", f"v3/projects/{project}/analyses")["content"][0]
    call("POST", f"v2/webhooks/{webhook}/test", params={"event": "JOB_CREATED"})
    return {
        "projectUid": project,
        "jobUid": jobs[0],
        "jobPartUid": jobs[0],
        "jobs": [{"uid": jobs[0]}],
        "jobPart": {"uid": jobs[0]},
        "asyncRequestId": export,
        "analyseUid": analysis["uid"],
        "analyses": [{"id": analysis["id"], "uid": analysis["uid"]}],
        "templateUid": template,
        "projectTemplateUid": template,
        "webhookCalls": [{"uid": each["uid"]} for each in call("GET", "v1/webhooksCalls")["content"][:5]],
        "webHookUid": webhook,
        "webhookUid": webhook,
    }


def lucky(value: object) -> bool:
    """Decide by the value, so that a run can be repeated: 3 of 4 are."""
    return zlib.crc32(repr(value).encode()) % 4 > 0


def fill(value: Any, known: dict[str, Any]) -> Any:
    """Put what is there in its places in a JSON value."""
    if isinstance(value, list):
        return [fill(item, known) for item in value]
    if not isinstance(value, dict):
        return value
    filled = {key: fill(item, known) for key, item in value.items()}
    filled |= {key: NOBODY for key, item in filled.items() if str(item).startswith("http")}
    there = IN_BODIES | {name: known[name] for name in ("jobs", "jobPart", "analyses", "webhookCalls")}
    return filled | {key: there[key] for key in filled.keys() & there.keys() if lucky((key, filled))}


KNOWN: dict[str, dict[str, Any]] = {}


def known_to(label: str) -> dict[str, Any]:
    """Give an operation a stock of its own, and one for each call to those that use it up."""
    if label not in KNOWN or label.startswith(CONSUMING):
        sign_in()
        KNOWN[label] = stock()
    return KNOWN[label]


@schemathesis.hook
def before_call(context: Any, case: schemathesis.Case, kwargs: dict[str, Any]) -> None:
    """Send the request with a token, and mostly with things that are there."""
    known = known_to(case.operation.label)
    case.headers["Authorization"] = HTTP.headers["Authorization"]
    case.body = fill(case.body, known)
    metadata = _json(case.headers.get("Memsource"))
    if metadata is not None:
        case.headers["Memsource"] = json.dumps(fill(metadata, known))
    if not lucky((case.path_parameters, case.query, case.body, sorted(case.headers.items()))):
        return
    case.path_parameters.update({key: known[key] for key in case.path_parameters.keys() & known.keys()})
    if "Content-Disposition" in case.headers or metadata is not None:
        case.headers["Content-Disposition"] = "filename=a.txt"
    if case.path.endswith("/jobPreviewPackage"):
        case.body = {"file": PREVIEW}


def _json(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except ValueError:
        return None
