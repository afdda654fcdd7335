"""A headless Chromium, driven by the DevTools protocol; needs no driver."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

BINARY = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
    "--remote-debugging-port=0",
)
_PATIENCE = 20.0
"""Seconds to wait for an answer."""


class Chromium:
    """
    A browser; a context manager that ends it.

    :param profile: a directory of its own.
    """

    def __init__(self, profile: Path) -> None:
        self._profile = profile
        self._numbers = 0

    def __enter__(self) -> Self:
        from websockets.sync.client import connect

        command = [str(BINARY), *_FLAGS, f"--user-data-dir={self._profile}"]
        with ExitStack() as stack:
            process = stack.enter_context(subprocess.Popen(command, stderr=subprocess.DEVNULL))
            stack.callback(process.terminate)
            self._socket = stack.enter_context(connect(self._address(), max_size=None, proxy=None))
            self._running = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def _address(self) -> str:
        """Read where it listens, which it writes into its profile when it is ready."""
        told = self._profile / "DevToolsActivePort"
        deadline = time.monotonic() + _PATIENCE
        while not (told.exists() and len(told.read_text().split()) == 2):
            assert time.monotonic() < deadline, "Chromium does not start."
            time.sleep(0.05)
        port, path = told.read_text().split()
        return f"ws://127.0.0.1:{port}{path}"

    def tab(self) -> Tab:
        """Open an empty tab."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Tab(self, session)

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        """Send a command and return its result."""
        self._numbers += 1
        message = {"id": self._numbers, "method": method, "params": params}
        self._socket.send(json.dumps({**message, "sessionId": session} if session else message))
        while True:
            answer = json.loads(self._socket.recv(_PATIENCE))
            if answer.get("id") == self._numbers:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]


class Tab:
    """One tab of the browser."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser = browser
        self._session = session

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.call(method, self._session, **params)

    def look(self, *, width: int = 1280, scheme: str = "light", scripts: bool = True) -> None:
        """Choose the window's width, the visitor's colour scheme, and whether scripts run."""
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
        self.call("Emulation.setDeviceMetricsOverride", **size)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)

    def open(self, url: str) -> None:
        """Go to a page and wait until it is there."""
        self.run("window.left = true")
        self.call("Page.navigate", url=url)
        self.arrive()

    def arrive(self) -> None:
        """Wait until the page where ``window.left`` was set has given way to another that is complete."""
        self.until("!window.left && document.readyState === 'complete'")

    def click(self, selector: str) -> None:
        """Press the mouse in the middle of an element, as a person does."""
        box = self.run(
            f"""(() => {{
                const found = document.querySelector({json.dumps(selector)});
                found.scrollIntoView({{block: "center"}});
                const {{x, y, width, height}} = found.getBoundingClientRect();
                return [x + width / 2, y + height / 2];
            }})()"""
        )
        for kind in ("mousePressed", "mouseReleased"):
            at = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=kind, **at)

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page; waits for a promise."""
        answer = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def until(self, condition: str, seconds: float = _PATIENCE) -> None:
        """Wait until an expression in the page is true."""
        deadline = time.monotonic() + seconds
        while not self.run(condition):
            assert time.monotonic() < deadline, f"never became true: {condition}"
            time.sleep(0.05)
