"""The pages for people in a real browser."""

from __future__ import annotations

import pytest
from chromium import BINARY, Chromium

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(BINARY is None, reason="there is no Chromium"),
]

# The smallest contrast of text and ground among the status words, as WCAG 2 counts it.
CONTRAST = """
(() => {
  const light = (colour) => {
    const [r, g, b] = colour.match(/[0-9.]+/g).map((part) => {
      const value = part / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrasts = [...document.querySelectorAll(".badge")].map((badge) => {
    const {color, backgroundColor} = getComputedStyle(badge);
    const [dark, bright] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
    return (bright + 0.05) / (dark + 0.05);
  });
  return Math.min(...contrasts);
})()
"""
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with Chromium(tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def tab(browser):
    tab = browser.tab()
    tab.look()
    yield tab
    tab.call("Page.close")


@pytest.fixture
def job(phrase):
    """A job's project and uid."""
    phrase.simulator.settings(work_moves=False)
    project = phrase.project(steps=3)["uid"]
    uid = phrase.upload(project, content=b"one\ntwo\n").json()["jobs"][0]["uid"]
    phrase.simulator.advance(20)
    return project, uid


@pytest.fixture
def addresses(phrase, job):
    """The page of the job's project, and the job's own."""
    web = phrase.simulator.tms_url
    return f"{web}/project2/show/{job[0]}", f"{web}/job/{job[1]}/translate"


def button(command, uid):
    return f"button[name={command}][value={uid}]"


@pytest.mark.parametrize("scripts", [True, False])
def test_a_click_moves_a_job(phrase, tab, job, addresses, scripts):
    tab.look(scripts=scripts)
    for address, command, status in zip(
        addresses, ("accept", "complete"), ("ACCEPTED", "COMPLETED"), strict=True
    ):
        tab.open(address)
        tab.run("window.left = true")
        tab.click(button(command, job[1]))
        tab.arrive()
        assert tab.run("location.href") == address
        assert phrase.job(*job)["status"] == status
        assert tab.run("document.querySelector('.badge').innerText")


def test_a_menu_has_the_other_commands(phrase, tab, job, addresses):
    tab.open(addresses[0])
    tab.click(f"details:has({button('decline', job[1])}) summary")
    tab.run("window.left = true")
    tab.click(button("decline", job[1]))
    tab.arrive()
    assert phrase.job(*job)["status"] == "DECLINED"


def test_the_page_follows_the_world_by_itself(phrase, tab, job, addresses):
    tab.open(addresses[1])
    tab.run("window.stayed = true")
    phrase.simulator.job(job[1], "accept")
    tab.until("document.querySelector('h1 .badge').innerText === 'ACCEPTED'")
    assert tab.run("window.stayed") is True


def test_the_page_stands_still_while_the_visitor_is_busy(phrase, tab, job, addresses):
    tab.open(addresses[0])
    # Asked for here, so that the test need not wait for the next time that the page asks by itself.
    status = "refresh().then(() => document.querySelector('td .badge').innerText)"
    tab.click("summary")
    phrase.simulator.job(job[1], "accept")
    assert tab.run(status) == "NEW"
    assert tab.run("document.querySelectorAll('details[open]').length") == 1
    tab.click("h1")
    assert tab.run("document.querySelectorAll('details[open]').length") == 0
    tab.click("input[name=advance]")
    assert tab.run(status) == "NEW"
    tab.run("document.activeElement.blur()")
    assert tab.run(status) == "ACCEPTED"


def test_another_site_presses_no_button(phrase, tab, job, addresses):
    form = f"<form method=post action={addresses[1]}><button name=accept value={job[1]}>Win a prize</button>"
    tab.open(f"data:text/html,{form}")
    tab.run("window.left = true")
    tab.click("button")
    tab.arrive()
    assert tab.run("document.body.innerText.includes('Requests of other sites are not allowed.')") is True
    assert phrase.job(*job)["status"] == "NEW"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_status_words_are_readable(phrase, tab, job, addresses, scheme):
    uids = [item["uid"] for item in phrase.jobs(job[0])] + [
        part["uid"]
        for number in range(7)
        for part in phrase.upload(job[0], f"{number}.txt").json()["jobs"][:1]
    ]
    commands = ("accept", "complete", "deliver", "decline", "reject", "cancel", "fail-import")
    for uid, command in zip(uids, commands, strict=False):
        phrase.simulator.job(uid, command)
    tab.look(scheme=scheme)
    tab.open(addresses[0])
    words = set(tab.run("[...document.querySelectorAll('td .badge')].map((badge) => badge.innerText)"))
    assert len(words) == 9
    assert tab.run(CONTRAST) >= 4.5
    dark = tab.run("getComputedStyle(document.body).backgroundColor.match(/[0-9]+/)[0] < 100")
    assert dark is (scheme == "dark")


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_fit_the_window_and_have_no_errors(phrase, tab, addresses, width):
    tab.look(width=width)
    watch = """
        window.errors = [];
        addEventListener("error", (event) => errors.push(event.message || event.target.outerHTML), true);
        addEventListener("securitypolicyviolation", (event) => errors.push(event.violatedDirective));
    """
    tab.call("Page.enable")
    tab.call("Page.addScriptToEvaluateOnNewDocument", source=watch)
    for address in (f"{phrase.simulator.url}/", *addresses):
        tab.open(address)
        tab.run("refresh()")
        assert tab.run("errors") == []
        assert tab.run(TOO_WIDE) is False
        assert tab.run("getComputedStyle(document.querySelector('header')).display") == "flex"
