"""The pages for people, as a browser without JavaScript sees them."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from lxml import html
from message_receiver import Receiver

from phrase_provider.simulator.tms.actions.job_commands import COMMANDS

NASTY = "<script>alert('Spring & summer')</script>"


class Visitor:
    """Looks at pages and presses buttons; has no token."""

    def __init__(self, simulator) -> None:
        import requests

        self.url = simulator.url
        self.http = requests.Session()

    def open(self, path: str, status: int = 200):
        answer = self.http.get(f"{self.url}{path}", timeout=60)
        assert answer.status_code == status
        return html.fromstring(answer.text)

    def press(self, path: str, headers: dict[str, str] | None = None, **fields: str):
        return self.http.post(
            f"{self.url}{path}", data=fields, headers=headers, timeout=60, allow_redirects=False
        )


@pytest.fixture
def visitor(simulator):
    return Visitor(simulator)


def project_page(uid):
    return f"/web/project2/show/{uid}"


def job_page(uid):
    return f"/web/job/{uid}/translate"


def texts(page, path):
    return [" ".join(found.text_content().split()) for found in page.xpath(path)]


def rows_below(page, heading):
    return texts(page, f"//h2[.='{heading}']/following::tbody[1]/tr")


def buttons(page, uid):
    """Name the buttons that move a job."""
    return page.xpath(f"//button[@value='{uid}']/@name")


@pytest.fixture
def jobs(phrase):
    """A project in two steps with one file in two languages; its uid, and its jobs by language and step."""
    project = phrase.project(steps=2, name="Project", targetLangs=["de", "fr"])["uid"]
    created = phrase.upload(project, content=b"one\ntwo\n", targetLangs=["de", "fr"]).json()["jobs"]
    return project, {(job["targetLang"], job["workflowLevel"]): job["uid"] for job in created}


def test_overview_shows_the_newest_projects_first(phrase, visitor):
    uids = [phrase.project(name=f"Project {number}")["uid"] for number in range(17)]
    first, second = visitor.open("/"), visitor.open("/?page=2")
    assert texts(first, "//tbody//a")[:15] == [f"Project {number}" for number in range(16, 1, -1)]
    assert texts(second, "//tbody//a") == ["Project 1", "Project 0"]
    assert second.xpath("//tbody//a/@href") == [project_page(uid) for uid in (uids[1], uids[0])]
    assert first.xpath("//a[@rel='next']/@href") == ["?page=2"]
    assert second.xpath("//a[@rel='next']") == []


@pytest.mark.parametrize("asked", ["0", "-1", "x", "99", "9" * 5000, "٣"])
def test_what_is_no_page_is_the_nearest_one(phrase, visitor, asked):
    phrase.project(name="Only one")
    assert texts(visitor.open(f"/?page={asked}"), "//tbody//a")[:1] == ["Only one"]


def test_overview_counts_jobs_by_status(phrase, visitor, jobs):
    project, uids = jobs
    phrase.upload(project)
    phrase.simulator.job(uids["de", 1], "accept")
    progress = texts(visitor.open("/"), "//table[1]/tbody/tr[1]/td[3]")[0]
    assert progress == "NEW 3 ACCEPTED 1 IMPORTING 2"


def test_overview_shows_what_arrived_and_what_is_pending(phrase, visitor, jobs):
    project, _ = jobs
    phrase.get("v1/projects", name="a b")
    phrase.simulator.fault(status=503)
    phrase.get("v1/projects")
    page = visitor.open("/")
    assert [row.split(maxsplit=1)[1] for row in rows_below(page, "Latest API requests")[:3]] == [
        "GET /web/api2/v1/projects 503 1",
        "GET /web/api2/v1/projects?name=a b 200",
        f"POST /web/api2/v1/projects/{project}/jobs 201",
    ]
    pending = [row.split()[1:3] for row in rows_below(page, "Pending async requests")]
    assert pending == [["IMPORT_JOB", "Project"]]


def test_overview_shows_what_receivers_were_told(phrase, visitor):
    subscription = {"events": ["PROJECT_CREATED"], "secretToken": "very secret"}
    with Receiver(500, 204) as receiver:
        phrase.call("POST", "v2/webhooks", json={"url": f"{receiver.url}?token=hidden", **subscription})
        phrase.project()
        phrase.simulator.advance(0)
        phrase.simulator.advance(120)
    page = visitor.open("/")
    rows = [row.split(maxsplit=2)[2] for row in rows_below(page, "Latest webhook and callback deliveries")]
    told = f"PROJECT_CREATED {receiver.url}?token=***"
    assert rows == [f"{told} 2 204", f"{told} 1 500"]
    assert "secret" not in page.text_content()


def test_overview_shows_callbacks_that_fail(phrase, visitor):
    project = phrase.project()["uid"]
    created = phrase.upload(project, callbackUrl="http://127.0.0.1:9/<b>").json()
    phrase.simulator.advance(20)
    (row,) = rows_below(visitor.open("/"), "Latest webhook and callback deliveries")
    assert f"callback of async request {created['asyncRequest']['id']} http://127.0.0.1:9/<b> 1" in row


def test_names_are_text_and_nothing_else(phrase, visitor):
    project = phrase.project(name=NASTY, note=NASTY)["uid"]
    job = phrase.upload(project, f"{NASTY.replace('/', '')}.txt", path=NASTY).json()["jobs"][0]["uid"]
    for path in ("/", project_page(project), job_page(job)):
        page = visitor.open(path)
        assert [script.get("src") for script in page.xpath("//script")] == ["/static/refresh.js"]
        assert NASTY in page.text_content()


def test_project_page_has_a_cell_for_each_language_and_step(phrase, visitor, jobs):
    project, uids = jobs
    phrase.simulator.advance(20)
    phrase.simulator.job(uids["de", 1], "complete")
    phrase.simulator.job(uids["fr", 2], "cancel")
    page = visitor.open(project_page(project))
    cells = {
        (texts(row, "th")[0], level): texts(cell, ".//*[contains(@class, 'badge')]")
        for row in page.xpath("//tbody/tr[not(@class)]")
        for level, cell in enumerate(row.xpath("td"), 1)
    }
    assert cells == {
        ("de", 1): ["COMPLETED"],
        ("de", 2): ["NEW"],
        ("fr", 1): ["NEW"],
        ("fr", 2): ["CANCELLED"],
    }
    assert page.xpath("//td[1]//a/@href") == [job_page(uids["de", 1]), job_page(uids["fr", 1])]


def test_pages_show_who_is_assigned_and_who_got_a_mail(phrase, visitor, jobs):
    project, uids = jobs
    phrase.simulator.advance(20)
    template = phrase.templates()[1]["uid"]
    path = f"v1/projects/{project}/applyTemplate/{template}/assignProviders/forJobParts"
    phrase.call("POST", path, json={"jobs": [{"uid": uids["de", 1]}]})
    cells = texts(visitor.open(project_page(project)), "//div[@class='part']/small")
    assert Counter(cells) == {"Tara Translator": 1, "nobody": 3}
    page = visitor.open(job_page(uids["de", 1]))
    assert texts(page, "//dt[.='Providers']/following-sibling::dd[1]") == ["Tara Translator"]
    (mail,) = rows_below(page, "Mails")
    assert f"Tara Translator JOB_ASSIGNED {uids['de', 1]}" in mail
    assert "None yet." in texts(visitor.open(job_page(uids["fr", 1])), "//h2[.='Mails']/following::p[1]")
    assert rows_below(visitor.open("/"), "Latest mails") == [mail]


def test_split_jobs_show_their_segments(phrase, visitor, jobs):
    project, uids = jobs
    phrase.simulator.job(uids["de", 1], "split")
    rows = texts(visitor.open(project_page(project)), "//tbody/tr[not(@class)][1]/td[1]//a")
    assert rows == ["NEW 1–2", "NEW 3–3"]  # noqa: RUF001 - a range of numbers


def test_project_page_tells_why_an_import_failed(phrase, visitor):
    project = phrase.project()["uid"]
    phrase.upload(project, "bad.json", content=b"{")
    phrase.simulator.advance(20)
    page = visitor.open(project_page(project))
    assert "The file cannot be read" in texts(page, "//tr[@class='file']")[0]
    assert texts(page, "//td") == ["IMPORT FAILED"]


def test_jobs_of_a_project_come_in_pages(phrase, visitor):
    project = phrase.project()["uid"]
    for number in range(16):
        phrase.upload(project, f"{number}.txt", targetLangs=["de", "fr"])
    page = visitor.open(f"{project_page(project)}?page=2")
    assert texts(page, "//tr[@class='file']") == ["15.txt 1 word"]
    assert texts(page, "//nav")[0] == "‹ Previous 31 to 32 of 32 jobs"  # noqa: RUF001 - an arrow


@pytest.mark.parametrize("path", [project_page("none"), job_page("none"), "/web/job/none/source"])
def test_an_unknown_uid_is_a_page_too(visitor, path):
    assert "none was not found." in visitor.open(path, status=404).text_content()


def test_a_deleted_project_is_gone(phrase, visitor, jobs):
    project, uids = jobs
    phrase.call("DELETE", f"v1/projects/{project}")
    visitor.open(project_page(project), status=404)
    visitor.open(job_page(uids["de", 1]), status=404)
    assert "Project 1" not in visitor.open("/").text_content()


@pytest.mark.parametrize(
    ("done", "offered"),
    [
        ([], "accept complete decline cancel fail-import"),
        (["fail-import"], ""),
        (["accept"], "complete decline cancel split fail-export"),
        (["accept", "fail-export"], "complete decline cancel split"),
        (["decline"], "accept cancel fail-export"),
        (["complete"], "deliver reject cancel fail-export"),
        (["complete", "reject"], "accept complete cancel split fail-export"),
        (["deliver"], "reject fail-export"),
        (["cancel"], "accept fail-export"),
    ],
)
def test_only_buttons_that_make_sense_are_there(phrase, visitor, jobs, done, offered):
    project, uids = jobs
    for command in done:
        phrase.simulator.job(uids["de", 1], command)
    for path in (project_page(project), job_page(uids["de", 1])):
        assert buttons(visitor.open(path), uids["de", 1]) == offered.split()
    assert set(offered.split()) <= set(COMMANDS)


def test_buttons_move_jobs_and_come_back_to_their_page(phrase, visitor, jobs):
    project, uids = jobs
    page = f"{project_page(project)}?page=1"
    for command, status in (("accept", "ACCEPTED"), ("complete", "COMPLETED"), ("deliver", "DELIVERED")):
        assert command in buttons(visitor.open(page), uids["de", 1])
        answer = visitor.press(page, **{command: uids["de", 1]})
        assert (answer.status_code, answer.headers["Location"]) == (303, page)
        assert phrase.job(project, uids["de", 1])["status"] == status
    assert phrase.job(project, uids["fr", 1])["status"] == "NEW"


def test_buttons_move_the_clock(phrase, visitor, jobs):
    project, uids = jobs
    page = visitor.open(project_page(project))
    assert page.xpath("//header//button[@name='advance']/@value") == ["60", "600", "3600", "86400"]
    visitor.press(project_page(project), advance="60")
    assert phrase.job(project, uids["de", 1])["imported"] is True
    visitor.press("/", speed="2.5")
    assert visitor.open("/").xpath("//input[@name='speed']/@value") == ["2.5"]


@pytest.mark.parametrize(
    "fields", [{"advance": "x"}, {"advance": "1e400"}, {"speed": "-1"}, {"explode": "1"}]
)
def test_what_no_button_sends_is_refused(phrase, visitor, fields):
    answer = visitor.press("/", **fields)
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert visitor.open("/").xpath("//input[@name='speed']/@value") == ["0"]


def test_a_button_for_a_job_that_is_gone_changes_nothing(visitor):
    assert visitor.press("/", accept="none").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_other_web_sites_press_no_button(phrase, visitor, jobs, headers):
    project, uids = jobs
    job = uids["de", 1]
    assert visitor.press(job_page(job), headers, accept=job).status_code == 403
    assert visitor.press(f"/_simulator/jobs/{job}/accept", headers).status_code == 403
    assert phrase.job(project, job)["status"] == "NEW"


def test_the_pages_own_forms_are_let_through(phrase, visitor, jobs):
    project, uids = jobs
    headers = {"Origin": visitor.url, "Sec-Fetch-Site": "same-origin"}
    assert visitor.press(project_page(project), headers, accept=uids["de", 1]).status_code == 303
    assert phrase.job(project, uids["de", 1])["status"] == "ACCEPTED"


def test_no_other_site_shows_the_pages_in_a_frame(visitor):
    policy = visitor.http.get(visitor.url, timeout=60).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_visit_changes_nothing(phrase, visitor, jobs):
    project, uids = jobs
    phrase.simulator.job(uids["de", 1], "complete")

    def state():
        return [phrase.job(project, uid) for uid in uids.values()], phrase.get("v1/async").json()

    before = state()
    arrived = Counter(request["path"] for request in phrase.simulator.requests())
    files = [f"/web/job/{uids['de', 1]}/{file}" for file in ("source", "target")]
    for path in ("/", project_page(project), job_page(uids["de", 1])):
        visitor.open(path)
    for path in files:
        assert visitor.http.get(f"{visitor.url}{path}", timeout=60).status_code == 200
        assert visitor.press(path, accept=uids["fr", 1]).status_code == 401
    # Visits are no requests to Phrase either.
    assert Counter(request["path"] for request in phrase.simulator.requests()) == arrived
    assert state() == before


def test_job_page_tells_the_history(phrase, visitor, jobs):
    project, uids = jobs
    phrase.simulator.settings(work_moves=False)
    for command in ("accept", "complete", "reject"):
        phrase.simulator.job(uids["de", 1], command)
        phrase.simulator.advance(60)
    phrase.export(project, uids["de", 1])
    page = visitor.open(job_page(uids["de", 1]))
    assert texts(page, "//table[@class='short']//td[2]") == ["REJECTED", "COMPLETED", "ACCEPTED", "created"]
    actions = [row.split()[1] for row in rows_below(page, "Async requests")]
    assert actions == ["EXPORT_COMPLETE_FILE", "IMPORT_JOB"]
    assert texts(page, "//ul[@class='parts']/li") == ["1. Translation REJECTED", "2. Revision NEW"]


def test_job_page_leads_to_its_files_as_text(phrase, visitor):
    project = phrase.project()["uid"]
    content = b"<html><body><p>Hello</p></body></html>"
    job = phrase.upload(project, "a.html", content=content).json()["jobs"][0]["uid"]
    phrase.simulator.job(job, "complete")
    links = visitor.open(job_page(job)).xpath("//dd/a/@href")
    source, target = (visitor.http.get(f"{visitor.url}/web/job/{job}/{link}", timeout=60) for link in links)
    assert source.content == content
    assert b"Hello" not in target.content
    for answer in (source, target):
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_files_that_are_no_text_are_saved(phrase, visitor):
    job = phrase.upload(phrase.project()["uid"], "ä.png", content=b"\xff\x00").json()["jobs"][0]["uid"]
    answer = visitor.http.get(f"{visitor.url}/web/job/{job}/source", timeout=60)
    assert (answer.content, answer.headers["Content-Type"]) == (b"\xff\x00", "application/octet-stream")
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''%C3%A4.png"


def test_a_job_whose_next_export_fails_says_so(phrase, visitor, jobs):
    _, uids = jobs
    phrase.simulator.job(uids["de", 1], "fail-export")
    assert "The next EXPORT_COMPLETE_FILE fails" in visitor.open(job_page(uids["de", 1])).text_content()


def test_the_api_beside_the_pages_still_asks_for_a_token(visitor):
    for path in ("/web/api2/v1/projects", "/web/job/none/other", "/web/api2/v1/async"):
        assert visitor.http.get(f"{visitor.url}{path}", timeout=60).status_code == 401


def test_large_projects_open_quickly(phrase, visitor):
    langs = ["de", "fr", "ja", "cs", "es", "it", "nl", "pl", "pt_br", "zh_cn"]
    phrase.simulator.settings(pending_limit=None)
    project = phrase.project(steps=3)["uid"]
    for number in range(100):
        phrase.upload(project, f"{number}.txt", targetLangs=langs)

    def seconds(path):
        started = time.monotonic()
        visitor.open(path)
        return time.monotonic() - started

    for path in ("/", project_page(project), f"{project_page(project)}?page=30"):
        # The quickest of a few, since the machine may be busy with something else.
        assert min(seconds(path) for _ in range(5)) < 0.1
