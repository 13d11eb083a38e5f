"""Pages in a real Chromium, with the network cut and every request, message and dialog noted."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
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
Build = Callable[..., Path]


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
    """Open HTML, or a file, from disk without a network; `ready` waits until its charts are drawn.

    `beside` names a file next to the page that it may fetch; that it did is noted like any request.
    """
    contexts = []

    def opened(
        html: str | Path,
        *,
        width: int = 1280,
        ready: bool = True,
        scripts: bool = True,
        scheme: Literal["light", "dark"] = "light",
        beside: str = "",
    ) -> Opened:
        file = html if isinstance(html, Path) else tmp_path / "page.html"
        if isinstance(html, str):
            file.write_text(html, "utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=scripts, color_scheme=scheme
        )
        contexts.append(context)
        context.set_offline(True)
        result = Opened(context.new_page())
        address = file.resolve().as_uri()
        allowed = (file.resolve().parent / beside).as_uri() if beside else address

        def only_the_page(route: Route) -> None:
            asked = route.request.url.partition("#")[0]
            if asked != address:
                result.requests.append(asked)
            if asked in (address, allowed):
                route.continue_()
            else:
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


@pytest.fixture(scope="session")
def build() -> Build:
    """`ecobrief build` as a user runs it, in a process of its own; returns the folder it wrote."""

    def built(out: Path, *arguments: str, **environment: str) -> Path:
        command = [str(Path(sys.executable).with_name("ecobrief")), "build", "--out", str(out), *arguments]
        ran = subprocess.run(
            command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return out

    return built


@pytest.fixture(scope="session")
def briefs(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Path:
    """The briefs of all cities in both languages, from the shipped data; not to be changed.

    They are built once for all processes that run tests (pytest-xdist): the first to come builds, the others wait.
    """
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "shipped"
    try:
        folder.mkdir()
    except FileExistsError:
        patience = time.monotonic() + 600
        while not (folder / "ended").exists():
            assert time.monotonic() < patience, (
                "another process of the tests did not finish building the briefs"
            )
            time.sleep(0.2)
    else:
        try:
            build(folder / "briefs")
        finally:
            (folder / "ended").touch()
    assert (folder / "briefs" / "manifest.json").exists(), "the briefs could not be built"
    return folder / "briefs"
