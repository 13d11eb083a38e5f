"""A brief where no script runs (mail programs, strict companies, old readers): everything is there but what moves."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

ROOT = Path(__file__).resolve().parents[2]
MIME = "application/vnd.ecobrief.v1+json"
FILES = ["brief_city-benxi.zh.html", "brief_city-rongchang.en.html", "brief_comparison.en.html"]
EACH_FILE = pytest.mark.parametrize("file", FILES)


@pytest.fixture
def without(open_page: Open, briefs: Path) -> Callable[..., Page]:
    """A brief of the build, opened with scripts switched off, its folded parts unfolded as a reader can."""

    def opened(file: str, width: int = 1280) -> Page:
        result = open_page(briefs / file, scripts=False, ready=False, width=width)
        assert result.quiet, result
        result.page.evaluate(
            "document.querySelectorAll('details').forEach((folded) => { folded.open = true })"
        )
        return result.page

    return opened


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize(
    ("file", "notebook", "parameters"),
    [
        ("brief_city-yichun.zh.html", "brief_city", ["-p", "city", "yichun", "-p", "lang", "zh"]),
        (
            "brief_comparison.en.html",
            "brief_comparison",
            ["-p", "cities", "benxi,chifeng,rongchang,yichun", "-p", "lang", "en"],
        ),
    ],
)
def test_everything_that_the_notebook_shows_is_there(
    without: Callable[..., Page], tmp_path: Path, file: str, notebook: str, parameters: list[str]
) -> None:
    """The notebook is run by plain papermill, so that the page is held against what was to be shown."""
    executed = tmp_path / "executed.ipynb"
    papermill = str(Path(sys.executable).with_name("papermill"))
    command = [papermill, str(ROOT / "notebooks" / f"{notebook}.ipynb"), str(executed), *parameters]
    subprocess.run(command, cwd=ROOT / "notebooks", capture_output=True, check=True)
    displays = [
        output.data[MIME]
        for cell in nbformat.read(executed, as_version=4).cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    assert {"chart", "table", "sources"} <= {display["kind"] for display in displays}
    shown = squeezed(without(file).locator("body").inner_text())
    missing = [
        (display["title"], column, text)
        for display in displays
        for row in display["rows"]
        for column, text in row["cells"].items()
        # Of a headline the theme is what its metrics are grouped by; of an entry the value and what was printed are told.
        if (column in ("printed", "evidence") if display["kind"] == "sources" else column != "theme")
        and squeezed(text) not in shown
    ]
    assert missing == []


@EACH_FILE
@pytest.mark.parametrize("width", [360, 1280])
def test_every_chart_has_its_static_picture(without: Callable[..., Page], file: str, width: int) -> None:
    page = without(file, width)
    pictures = page.locator("figure[data-chart] .plot > svg")
    assert pictures.count() == int(page.get_attribute("body", "data-charts")) > 0
    for picture in pictures.all():
        box = picture.bounding_box()
        assert box["width"] > 200
        assert box["height"] > 100
        # Wider than the window it scrolls in a frame of its own, which the keyboard reaches.
        assert box["x"] + box["width"] <= width or picture.evaluate(
            """picture => {
                const frame = picture.closest("[tabindex='0']");
                return frame.scrollWidth > frame.clientWidth && getComputedStyle(frame).overflowX === "auto";
            }"""
        )


@EACH_FILE
def test_every_door_leads_to_an_entry_that_can_be_seen(without: Callable[..., Page], file: str) -> None:
    page = without(file)
    doors = page.evaluate(
        """[...document.querySelectorAll("main a[href^='#e']")].map((door) => {
            const entry = document.getElementById(door.getAttribute("href").slice(1));
            return [door.getAttribute("href"), entry?.localName, entry?.checkVisibility(), !!entry?.innerText.trim()];
        })"""
    )
    assert len(doors) > 10
    assert [door for door in doors if door[1:] != ["li", True, True]] == []


def test_a_door_goes_to_its_entry_and_the_entry_is_marked(without: Callable[..., Page]) -> None:
    page = without(FILES[0])
    door = page.locator(".headline a[href^='#e']").first
    anchor = door.get_attribute("href")
    door.click()
    assert page.url.endswith(anchor)
    entry = page.locator(anchor)
    assert entry.evaluate("entry => entry.matches(':target')")
    box = entry.bounding_box()
    assert 0 <= box["y"] < 900


@EACH_FILE
def test_nothing_scrolls_sideways_on_a_telephone(without: Callable[..., Page], file: str) -> None:
    page = without(file, 360)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@EACH_FILE
def test_nothing_is_offered_that_needs_a_script(without: Callable[..., Page], file: str) -> None:
    page = without(file)
    assert page.locator("button:visible, dialog:visible").count() == 0
