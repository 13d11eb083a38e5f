"""The command that prints briefs: which browser it takes, what it says where it cannot print, what it leaves behind.

What a printed brief looks like is tested with the real briefs (browser/test_print.py).
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pypdf import PdfReader

import handmade
from ecobrief import cli
from ecobrief.publish import pdf, pdf_text
from ecobrief.publish.page import render

NAMES = ["brief_city-benxi.zh", "brief_city-benxi.en"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What a build of two small briefs leaves."""
    for name in NAMES:
        lang: Any = name[-2:]
        (tmp_path / f"{name}.html").write_text(render(handmade.small(lang), lang).html, "utf-8")
    said = {"briefs": [{"file": f"{name}.html"} for name in NAMES]}
    (tmp_path / "manifest.json").write_text(json.dumps(said), "utf-8")
    return tmp_path


@pytest.fixture
def chromium() -> None:
    """Skipped with a reason where there is no browser, a failure in CI."""
    try:
        pdf.browser()
    except pdf.NoBrowser as reason:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(str(reason))


def program(path: Path, text: str) -> str:
    """A browser of our own making."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return str(path)


def asked(*arguments: str | Path, **environment: str | None) -> Result:
    return CliRunner().invoke(cli.main, ["pdf", *map(str, arguments)], env=environment)


@pytest.mark.browser
def test_every_brief_is_printed_beside_its_page(folder: Path, chromium: None) -> None:
    (folder / f"{NAMES[0]}.pdf").write_text("of an earlier build")
    said = asked(folder)
    assert said.exit_code == 0, said.stderr
    assert said.stdout == f"2 PDF files written to {folder}\n"
    assert sorted(said.stderr.splitlines()) == [
        f"[1/2] {said.stderr.split()[1]} done",
        f"[2/2] {said.stderr.split()[4]} done",
    ]
    assert sorted(path.name for path in folder.iterdir()) == sorted(
        ["manifest.json", *(f"{name}.{form}" for name in NAMES for form in ("html", "pdf"))]
    )
    for name in NAMES:
        reader = PdfReader(folder / f"{name}.pdf", strict=True)
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert [mark.title for mark in reader.outline if not isinstance(mark, list)] == ["Benxi"]
        assert "优良天数比例97.4%" in "".join(page.extract_text() for page in reader.pages)


def test_letters_are_mended_alone_and_in_ranges_and_the_rest_is_left() -> None:
    told = "<01> <2F63>\n<02> <751F>\n<03> <05> <2F00>\n<06> <07> <4E00>\n<0008> <2EA0>\n<09> <03B1>"
    mended = "<01> <751F>\n<02> <751F>\n<03> <05> [<4E00> <4E28> <4E36>]\n<06> <07> <4E00>\n<0008> <6C11>\n<09> <03B1>"
    assert pdf_text.LETTERS.sub(pdf_text._letters, told) == mended


def test_what_is_not_as_chromium_writes_it_is_left_as_it_is() -> None:
    for content in (b"", b"%PDF-2.0\nsomething else\n%%EOF\n"):
        assert pdf_text.legible(content) == content


def test_a_browser_is_found_by_its_usual_names(tmp_path: Path) -> None:
    edge = program(tmp_path / "microsoft-edge", "exit")
    assert pdf.browser({"PATH": str(tmp_path)}) == Path(edge)
    chrome = program(tmp_path / "google-chrome", "exit")
    assert pdf.browser({"PATH": str(tmp_path)}) == Path(chrome)


def test_the_variable_names_another_browser_by_path_or_by_name(tmp_path: Path) -> None:
    program(tmp_path / "chromium", "exit")
    other = program(tmp_path / "my-browser", "exit")
    for named in (other, "my-browser"):
        assert pdf.browser({"PATH": str(tmp_path), pdf.VARIABLE: named}) == Path(other)


def test_a_browser_is_found_in_its_usual_place_on_windows(tmp_path: Path) -> None:
    chrome = program(tmp_path / "Google" / "Chrome" / "Application" / "chrome.exe", "exit")
    assert pdf.browser({"PATH": "", "PROGRAMFILES": str(tmp_path)}) == Path(chrome)


def test_without_a_browser_one_line_says_what_to_install_and_which_variable_names_one(folder: Path) -> None:
    said = asked(folder, PATH=str(folder), ECOBRIEF_CHROMIUM=None)
    assert said.exit_code == 1
    assert "apt-get install chromium" in said.stderr
    assert "ECOBRIEF_CHROMIUM=" in said.stderr
    assert said.stderr.count("\n") == 1


def test_a_variable_that_names_no_program_is_told(folder: Path) -> None:
    said = asked(folder, ECOBRIEF_CHROMIUM="/no/such/browser")
    assert said.exit_code == 1
    assert "ECOBRIEF_CHROMIUM names /no/such/browser" in said.stderr


@pytest.mark.parametrize("content", [None, "no JSON", "[]", '{"briefs": []}', '{"briefs": [{}]}'])
def test_a_folder_that_is_no_finished_build_is_wrong_usage(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    said = asked(tmp_path)
    assert said.exit_code == 2
    assert "manifest.json" in said.stderr
    assert "make briefs" in said.stderr
    assert said.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("does", "told"),
    [
        ("echo first >&2; echo it broke >&2; exit 3", "ended with status 3 and no PDF. It said: it broke"),
        (
            "for given; do case $given in --print-to-pdf=*) echo half > ${given#*=};; esac; done",
            "ended with status 0 and no PDF. It said: nothing",
        ),
    ],
)
def test_a_brief_that_is_not_printed_is_named_and_its_earlier_pdf_is_left(
    folder: Path, does: str, told: str
) -> None:
    earlier = folder / f"{NAMES[0]}.pdf"
    earlier.write_text("of an earlier build")
    said = asked(folder, ECOBRIEF_CHROMIUM=program(folder / "browser", does))
    assert said.exit_code == 1
    for name in NAMES:
        assert f"{name}.html: browser {told}" in said.stderr
    assert said.stdout == f"0 PDF files written to {folder}, 2 failed\n"
    assert earlier.read_text() == "of an earlier build"
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def test_a_page_that_is_gone_is_named_and_the_others_are_printed(folder: Path, chromium: None) -> None:
    (folder / f"{NAMES[0]}.html").unlink()
    said = asked(folder)
    assert said.exit_code == 1
    assert f"{NAMES[0]}.html: the manifest names it, but it is not there." in said.stderr
    assert (folder / f"{NAMES[1]}.pdf").exists()


def test_a_browser_that_hangs_is_ended_with_all_it_started(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 1.0)
    slow = program(folder / "browser", f"sleep 61 & echo $! >> {folder}/children; sleep 61")
    said = asked(folder, ECOBRIEF_CHROMIUM=slow)
    assert said.exit_code == 1
    assert f"{NAMES[0]}.html: browser had not printed it after 1 seconds." in said.stderr
    assert_all_ended(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_stopped_it_leaves_no_browser_and_nothing_unfinished(folder: Path, sent: signal.Signals) -> None:
    slow = program(folder / "browser", f"sleep 62 & echo $! >> {folder}/children; sleep 62")
    command = [str(Path(sys.executable).with_name("ecobrief")), "pdf", str(folder)]
    # In the background of a shell without job control SIGINT is ignored, and so it would be in what pytest starts.
    took = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        running = subprocess.Popen(
            command, env=os.environ | {"ECOBRIEF_CHROMIUM": slow}, stderr=subprocess.PIPE, text=True
        )
    finally:
        signal.signal(signal.SIGINT, took)
    patience = time.monotonic() + 20
    while not (folder / "children").exists() or (folder / "children").read_text().count("\n") < 2:
        assert time.monotonic() < patience
        time.sleep(0.05)
    running.send_signal(sent)
    _, said = running.communicate(timeout=20)
    assert running.returncode != 0
    assert "Traceback" not in said
    assert_all_ended(folder)
    assert not list(folder.glob("*.pdf"))


def test_two_browsers_at_most_run_at_a_time(folder: Path) -> None:
    names = [f"brief_{number}.html" for number in range(5)]
    for name in names:
        shutil.copy(folder / f"{NAMES[0]}.html", folder / name)
    (folder / "manifest.json").write_text(json.dumps({"briefs": [{"file": name} for name in names]}))
    does = f"echo + >> {folder}/seen; sleep 0.3; echo - >> {folder}/seen; exit 1"
    asked(folder, ECOBRIEF_CHROMIUM=program(folder / "browser", does))
    running, most = 0, 0
    for line in (folder / "seen").read_text().split():
        running += 1 if line == "+" else -1
        most = max(most, running)
    assert most == pdf.AT_A_TIME


def assert_all_ended(folder: Path) -> None:
    """No process of those that the browsers started is left, nor a folder of theirs."""
    patience = time.monotonic() + 5
    for number in map(int, (folder / "children").read_text().split()):
        while runs(number):
            assert time.monotonic() < patience, f"process {number} was left"
            time.sleep(0.05)
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []


def runs(number: int) -> bool:
    """Whether a process runs; one that has ended but was not waited for does not."""
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc").is_dir()
