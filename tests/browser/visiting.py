"""Visits pages in a browser, and keeps what the browser complains of. The pages are served by a thread of the test."""

from __future__ import annotations

import os
import socket
from contextlib import contextmanager
from importlib.resources import files
from threading import Thread
from typing import TYPE_CHECKING, Any, NamedTuple

import uvicorn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page
    from starlette.types import ASGIApp

WIDTHS = {"wide": 1280, "narrow": 320}
# What the checker looks for: WCAG 2.0 to 2.2, levels A and AA, and its own best practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CHECK = """async tags => {
    const found = await axe.run(document, {
        runOnly: {type: 'tag', values: tags}, resultTypes: ['violations'], selectors: false, preload: false,
    })
    return found.violations.map(one => `${one.id}: ${one.nodes.map(node => node.html.slice(0, 200)).join(' | ')}`)
}"""


@contextmanager
def served(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Serves an application in a thread, at a free port unless one is given, and yields its address."""
    with socket.create_server(("127.0.0.1", port)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off", ws="none"))
        thread = Thread(target=server.run, args=([listening],), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def chromium(place: str) -> Iterator[Browser]:
    """Yields Debian's Chromium, the program at `place`, without a window."""
    from playwright.sync_api import sync_playwright

    sandbox = [] if os.geteuid() else ["--no-sandbox"]  # Chromium refuses to run as root with its sandbox
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=place, args=sandbox)
        yield browser
        browser.close()


class Look(NamedTuple):
    """How a page is looked at: in which language, how wide, and with the script or without."""

    lang: str = "en"
    width: int = WIDTHS["wide"]
    script: bool = True


class Visitor:
    """Opens pages in a browser."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.browser = browser
        self.site = site

    @contextmanager
    def at(self, address: str, look: Look, **more: Any) -> Iterator[Visit]:
        """Yields a visit to an address, which has come to rest. Closes it afterwards."""
        size = {"width": look.width, "height": 900}
        context = self.browser.new_context(viewport=size, locale=look.lang, **more)  # type: ignore[arg-type]
        try:
            yield Visit(context.new_page(), f"{self.site}{address}", script=look.script)
        finally:
            context.close()


class Visit:
    """A page in a browser, and what the browser has complained of."""

    def __init__(self, page: Page, address: str, *, script: bool) -> None:
        self.page = page
        self.address = address
        self.script = script
        self.complaints: list[str] = []
        page.on("console", self._hears)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._devtools = page.context.new_cdp_session(page)
        self._lets_scripts_run(script)
        answer = page.goto(address)
        assert answer is not None, "the page is a new one"
        assert answer.status < 500, address
        if script and page.locator(".beside[data-late]").count():
            page.locator(".beside[data-late] #findings").wait_for()

    def _lets_scripts_run(self, run: bool) -> None:
        self._devtools.send("Emulation.setScriptExecutionDisabled", {"value": not run})

    def _hears(self, message: ConsoleMessage) -> None:
        own = {self.address, self.page.url}  # which may well be a 404, or a form that is refused
        if message.type in {"error", "warning"} and message.location["url"] not in own:
            self.complaints.append(message.text)

    def violations(self) -> list[str]:
        """Returns the rules of accessibility that the page breaks, each with the elements."""
        self._lets_scripts_run(True)
        self.page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
        found: list[str] = self.page.evaluate(CHECK, TAGS)
        self._lets_scripts_run(self.script)
        return found

    def asks(self, script: str) -> Any:
        """Returns what an expression of JavaScript yields in the page."""
        self._lets_scripts_run(True)
        found = self.page.evaluate(script)
        self._lets_scripts_run(self.script)
        return found
