"""Whether everyone can use the pages: axe-core finds nothing, and a keyboard does all that a mouse does."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

STEMS = ("brief_city-benxi", "brief_city-rongchang", "brief_comparison")
FILES = [*(f"{stem}.{lang}.html" for stem in STEMS for lang in ("zh", "en")), "index.html"]
CITY = "brief_city-benxi.zh.html"
AXE = Path(sys.prefix, "share", "ecobrief", "node_modules", "axe-core", "axe.min.js")
"""Where `make setup` puts it (package.json), as it does plotly's basic bundle."""


@pytest.fixture(scope="module")
def axe() -> str:
    """The script of axe-core: skipped with a reason where there is none, a failure in CI."""
    if not AXE.is_file():
        reason = "axe-core is not installed: make setup fetches it where npm is to be had"
        if shutil.which("npm"):
            reason = "axe-core is not installed: run make setup again"
        (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
    return AXE.read_text("utf-8")


def violations(page: Page, axe: str) -> list[tuple[str, str, list[str]]]:
    """Rule, impact and places of all that axe-core finds wrong, whatever the impact, with every rule that is on by default."""
    # Evaluated, not put into the page: its policy lets no script run but its own.
    page.evaluate(axe)
    found = page.evaluate("axe.run({ resultTypes: ['violations'] })")
    assert found["passes"]
    return [
        (one["id"], one["impact"], [node["html"][:150] for node in one["nodes"][:3]])
        for one in found["violations"]
    ]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing(briefs: Path, open_page: Open, axe: str, file: str, scheme: str) -> None:
    page = open_page(briefs / file, width=1440, scheme=scheme).page
    assert violations(page, axe) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert violations(page, axe) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing_where_all_is_unfolded_and_an_entry_is_open(
    briefs: Path, open_page: Open, axe: str, scheme: str
) -> None:
    page = open_page(briefs / CITY, width=390, scheme=scheme).page
    page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true })")
    assert violations(page, axe) == []
    page.locator(".headline a[href^='#e']").first.press("Enter")
    assert page.locator("#door").is_visible()
    assert violations(page, axe) == []


def tab_to(page: Page, element: Locator) -> None:
    """Reach an element by the Tab key from what is before it."""
    element.evaluate(
        """element => {
            const all = [...document.querySelectorAll("a[href], button, summary, [tabindex='0']")]
                .filter((one) => one.checkVisibility({ contentVisibilityAuto: true }));
            all[all.indexOf(element) - 1].focus();
        }"""
    )
    page.keyboard.press("Tab")
    assert element.evaluate("element => element === document.activeElement")


def is_seen(element: Locator) -> bool:
    """Whether the element has the focus, and a line around it says so."""
    return bool(
        element.evaluate(
            """element => {
                const look = getComputedStyle(element);
                return element === document.activeElement && element.matches(":focus-visible")
                    && look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 1;
            }"""
        )
    )


def open_and_close(page: Page, door: Locator) -> str:
    """Enter opens the entry, Esc closes it, and the focus is where it was; returns what the entry said."""
    assert is_seen(door)
    page.keyboard.press("Enter")
    dialog = page.locator("#door")
    assert dialog.evaluate("dialog => dialog.open && dialog.contains(document.activeElement)")
    said = dialog.inner_text()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    # Behind a modal dialog nothing has the focus, however often Tab is pressed.
    assert page.evaluate(
        "document.activeElement === document.body || document.activeElement.closest('#door') !== null"
    )
    page.keyboard.press("Escape")
    assert not dialog.evaluate("dialog => dialog.open")
    assert is_seen(door)
    return said


def evidence(page: Page, door: Locator) -> str:
    """What the entry that a door leads to quotes."""
    anchor = door.get_attribute("href")
    return page.locator(f"{anchor} q").first.inner_text()


@pytest.mark.parametrize(
    ("file", "place"),
    [
        (CITY, ".headline"),
        (CITY, "main .table tbody tr"),
        (CITY, "figure details tbody tr"),
        ("brief_comparison.en.html", "main .table tbody tr"),
        ("brief_comparison.en.html", "figure details tbody tr"),
    ],
)
def test_a_door_is_reached_opened_and_closed_by_keys(
    briefs: Path, open_page: Open, file: str, place: str
) -> None:
    page = open_page(briefs / file).page
    if "details" in place:
        page.locator("figure summary").first.press("Enter")
    doors = page.locator(f"{place} a[href^='#e']:visible")
    for number in range(3):
        door = doors.nth(number)
        tab_to(page, door)
        assert evidence(page, door) in open_and_close(page, door)


def test_every_door_of_a_page_opens_and_closes(briefs: Path, open_page: Open) -> None:
    page = open_page(briefs / "brief_city-rongchang.zh.html").page
    page.evaluate("document.querySelectorAll('details').forEach((folded) => { folded.open = true })")
    count = page.evaluate(
        """window.doors = [...document.querySelectorAll("main a[href^='#e']")].filter((one) => one.checkVisibility()),
        doors.length"""
    )
    assert count > 20
    for number in range(count):
        page.evaluate(f"doors[{number}].focus()")
        page.keyboard.press("Enter")
        opened = "document.getElementById('door').open"
        state = f"[{opened}, document.activeElement.closest('#door') !== null, doors[{number}].outerHTML]"
        assert page.evaluate(state)[:2] == [True, True], page.evaluate(state)
        page.keyboard.press("Escape")
        assert page.evaluate(f"!{opened} && document.activeElement === doors[{number}]")


@pytest.mark.parametrize("file", [CITY, "index.html"])
def test_tab_goes_through_a_page_and_the_focus_is_always_seen(
    briefs: Path, open_page: Open, file: str
) -> None:
    page = open_page(briefs / file).page
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator("*:focus")
        if not focused.count():
            break
        assert is_seen(focused), focused.evaluate("element => element.outerHTML.slice(0, 200)")
        assert focused.bounding_box()["height"] > 0
        seen.append(focused.evaluate("element => element.outerHTML.slice(0, 200)"))
    assert len(seen) > 5
