"""Briefs to PDF: an installed Chromium prints every brief of a build folder, tagged and with bookmarks.

Print shows the static pictures of the charts, so nothing on a page is waited for. Each brief is printed by a process of its
own with a profile of its own, which are gone when it ends, however it ends: nothing of the user's browser is read or changed.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from types import FrameType

from ecobrief.atomic import write_bytes
from ecobrief.publish.pdf_text import legible

VARIABLE = "ECOBRIEF_CHROMIUM"
"""The environment variable that names the browser: a path, or a name to be looked for in PATH."""

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "microsoft-edge-stable",
    "msedge",
)
MAC = tuple(f"{name}.app/Contents/MacOS/{name}" for name in ("Chromium", "Google Chrome", "Microsoft Edge"))
WINDOWS = tuple(
    f"{name}.exe"
    for name in (
        "Chromium/Application/chrome",
        "Google/Chrome/Application/chrome",
        "Microsoft/Edge/Application/msedge",
    )
)

AT_A_TIME = 2
PATIENCE = 120.0
"""Seconds that one brief may take; the heaviest takes about six."""

# The number of briefs that have ended, of how many, the name of the PDF, and what went wrong with it ("" for nothing).
Progress = Callable[[int, int, str, str], None]


class NoBrowser(Exception):
    """There is no browser to print with."""


class NoBriefs(Exception):
    """The folder holds no finished build."""


def browser(environment: Mapping[str, str] = os.environ) -> Path:
    """The browser to print with: the one that ECOBRIEF_CHROMIUM names, else one with a usual name or in a usual place.

    Raises:
        NoBrowser: there is none.
    """
    if named := environment.get(VARIABLE):
        if found := shutil.which(named, path=environment.get("PATH")):
            return Path(found)
        raise NoBrowser(f"{VARIABLE} names {named}, which is no program. Correct it, or leave it unset.")
    for name in NAMES:
        if found := shutil.which(name, path=environment.get("PATH")):
            return Path(found)
    for path in _usual_places(environment):
        if path.is_file():
            return path
    raise NoBrowser(
        "there is no Chromium, Chrome or Edge to print with. Install one (Debian: apt-get install chromium), "
        f"or name it: {VARIABLE}=/path/to/chromium"
    )


def _usual_places(environment: Mapping[str, str]) -> list[Path]:
    """Where macOS and Windows keep programs that are not in PATH."""
    if sys.platform == "darwin":
        return [
            folder / place
            for folder in (Path("/Applications"), Path.home() / "Applications")
            for place in MAC
        ]
    variables = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
    folders = [Path(environment[name]) for name in variables if environment.get(name)]
    return [folder / place for folder in folders for place in WINDOWS]


def briefs(folder: Path) -> list[str]:
    """The file names of the briefs of a build, as its manifest names them.

    Raises:
        NoBriefs: there is no manifest, or one that names no brief.
    """
    path = folder / "manifest.json"
    hint = "Build the briefs first (make briefs), or name the folder that holds them."
    try:
        found = [brief["file"] for brief in json.loads(path.read_text("utf-8"))["briefs"]]
    except OSError:
        raise NoBriefs(f"{folder} holds no manifest.json, so it is no finished build. {hint}") from None
    except (ValueError, KeyError, TypeError):
        raise NoBriefs(f"{path} is no manifest of a build. {hint}") from None
    if not found:
        raise NoBriefs(f"{path} names no brief. {hint}")
    return found


def write(folder: Path, program: Path, *, on_progress: Progress | None = None) -> list[str]:
    """Print every brief of `folder` to <name>.pdf beside it, and return what went wrong, a line for each that failed.

    A PDF is replaced only by a whole one. Stopped by Ctrl-C or SIGTERM, the browsers are stopped first.

    Raises:
        NoBriefs: see `briefs`; nothing was printed.
    """
    names = briefs(folder)
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        return asyncio.run(_print_all(folder.resolve(), names, program, on_progress))
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    """End by an exception, which ends the browsers on its way."""
    raise SystemExit(128 + number)


async def _print_all(
    folder: Path, names: list[str], program: Path, on_progress: Progress | None
) -> list[str]:
    free = asyncio.Semaphore(AT_A_TIME)
    ended = 0
    failed = []

    async def one(name: str) -> None:
        nonlocal ended
        target = folder / Path(name).with_suffix(".pdf").name
        async with free:
            try:
                fault = await _print(folder / Path(name).name, target, program)
            except OSError as error:  # the folder, or the program
                fault = str(error)
        ended += 1
        if fault:
            failed.append(f"{name}: {fault}")
        if on_progress:
            on_progress(ended, len(names), target.name, fault)

    async with asyncio.TaskGroup() as group:
        for name in names:
            group.create_task(one(name))
    return failed


async def _print(page: Path, target: Path, program: Path) -> str:
    """Print one page; what went wrong, or nothing."""
    if not page.is_file():
        return "the manifest names it, but it is not there. Build the briefs again."
    # The browser may not see another folder than that of the page (snap), so the unfinished file lies in it.
    with (
        tempfile.TemporaryDirectory(prefix=".pdf-", dir=target.parent, ignore_cleanup_errors=True) as scratch,
        tempfile.TemporaryDirectory(prefix="ecobrief-print-", ignore_cleanup_errors=True) as profile,
    ):
        printed = Path(scratch, "page.pdf")
        try:
            async with (
                _browser(_command(program, page, printed, profile)) as process,
                asyncio.timeout(PATIENCE),
            ):
                _, said = await process.communicate()
        except TimeoutError:
            return f"{program.name} had not printed it after {PATIENCE:.0f} seconds."
        content = printed.read_bytes() if printed.is_file() else b""
    if not content.rstrip().endswith(b"%%EOF"):
        last = (said.decode("utf-8", "replace").strip().splitlines() or ["nothing"])[-1]
        return f"{program.name} ended with status {process.returncode} and no PDF. It said: {last[:300]}"
    write_bytes(target, legible(content))
    return ""


@asynccontextmanager
async def _browser(command: list[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    """A browser, which has ended with all that it started when the block is left."""
    starting = asyncio.create_task(
        asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            # A group of its own, so that all its processes can be ended, and none by a Ctrl-C that was meant for us.
            start_new_session=True,
        )
    )
    try:
        # Shielded: broken off while it starts, asyncio would end the browser but not what that had started.
        yield await asyncio.shield(starting)
    finally:
        process = await starting
        _end(process)
        await process.wait()


def _command(program: Path, page: Path, printed: Path, profile: str) -> list[str]:
    # Chromium refuses its sandbox to root, as whom containers and CI run.
    as_root = sys.platform == "linux" and os.geteuid() == 0
    return [
        str(program),
        "--headless=new",
        *(["--no-sandbox"] if as_root else []),
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-extensions",
        "--no-first-run",
        "--no-default-browser-check",
        f"--user-data-dir={profile}",
        "--no-pdf-header-footer",
        "--generate-pdf-document-outline",
        # Tags are the default of today's browsers; those before 2024 are asked for them.
        "--export-tagged-pdf",
        f"--print-to-pdf={printed}",
        page.as_uri(),
    ]


def _end(process: asyncio.subprocess.Process) -> None:
    """End the browser and every process that it started; what has ended already is left alone."""
    with suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
