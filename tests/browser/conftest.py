"""Pages in a real Chromium, with the network cut and every request, message and dialog noted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Opened:
    """A page that was opened from a file, and what it did meanwhile."""

    page: Page
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        """Whether it fetched nothing, said nothing on the console and opened no dialog."""
        return not (self.requests or self.messages or self.dialogs)


Open = Callable[..., Opened]


# Of a module, not of the session: a second playwright in one thread is refused while the first is running.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        reason = "no Chromium is installed (Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path) -> Iterator[Open]:
    """Open HTML, or a file, from disk without a network; `ready` waits until its charts are drawn."""
    contexts = []

    def opened(html: str | Path, *, width: int = 1280, ready: bool = True, scripts: bool = True) -> Opened:
        file = html if isinstance(html, Path) else tmp_path / "page.html"
        if isinstance(html, str):
            file.write_text(html, "utf-8")
        context = chromium.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
        contexts.append(context)
        context.set_offline(True)
        result = Opened(context.new_page())
        address = file.resolve().as_uri()

        def only_the_page(route: Route) -> None:
            if route.request.url.partition("#")[0] == address:
                route.continue_()
            else:
                result.requests.append(route.request.url)
                route.abort()

        context.route("**/*", only_the_page)
        result.page.on("console", lambda message: result.messages.append(message.text))
        result.page.on("pageerror", lambda error: result.messages.append(str(error)))
        result.page.on("dialog", lambda dialog: (result.dialogs.append(dialog.message), dialog.dismiss()))
        result.page.goto(address)
        if ready:
            result.page.wait_for_selector("html[data-ready='1']", state="attached", timeout=30_000)
        return result

    yield opened
    for context in contexts:
        context.close()
