"""Pages from a data package whose texts were written to do harm: nothing of it runs, and nothing of the page breaks.

What `ecobrief check` refuses (an address that is no web address) is tested as refused; all else is sown into every text
column that reaches a page, at the beginning and at the end of what stands there.
"""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from itertools import cycle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.browser
Open = Callable[..., Any]
Build = Callable[..., Path]

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(1)><marquee>"
# One for each row, in turn; there are as many more than of the beginnings as lets all pairs of them occur.
ENDINGS = [
    "</script><script>alert(2)</script>",
    "--><svg onload=alert(3)>",
    "]]>",
    "{{7*7}}{% raw %}",
    r"$\LaTeX$ \(x\)",
    "[go](javascript:alert(4)) ![picture](javascript:alert(5))",
    '" onmouseover="alert(6)',
    "' autofocus onfocus='alert(7)",
    "\u202egnp.exe",
    "\x00\x08\x1b[31m\x7f\ufeff",
    "&lt;b&gt;&#x3c;script&#x3e;",
    "%{y}<br><a href='javascript:alert(8)'>go</a>",
    "<style>*{display:none}</style></title></textarea></template>",
]
# What a spreadsheet takes for a formula.
BEGINNINGS = ["=cmd|' /C calc'!A0 ", "+1+1 ", "@SUM(1) ", "-2+3 ", "\t=1+1 ", ""]
SOWN = {
    "cities": ["name_zh", "name_en", "province_zh", "province_en"],
    "indicators": ["name_zh", "name_en", "definition_zh", "definition_en"],
    "definitions": ["name_zh", "name_en", "standard", "clause", "text_zh", "text_en"],
    "sources": ["title", "label_zh", "label_en", "publisher", "document_number", "note_zh", "note_en"],
    "observations": ["scope_printed", "unit_read_reason_zh", "unit_read_reason_en", "note_zh", "note_en"],
    "benchmarks": ["scope_printed", "note_zh", "note_en"],
    "policies": ["name_zh", "name_en", "issuer", "document_number", "note_zh", "note_en"],
    "projects": ["name_zh", "name_en", "code", "programme_zh", "programme_en", "note_zh", "note_en"],
    "zones": ["name_zh", "name_en", "code", "note_zh", "note_en"],
    "contradictions": ["name_zh", "name_en", "note_zh", "note_en"],
    "names": ["name_en"],
    "instruments": ["name_zh", "name_en"],
    "identities": ["assumption_zh", "assumption_en", "note_zh", "note_en"],
}
LONG = "W" * 10_000
LONG_NAMES = {"cities": "chifeng", "projects": "benxi_article_2020.j001", "sources": "benxi_article_2020"}
ADDRESSES = [
    "https://a.example/<script>alert(9)</script>",
    'https://a.example/"onmouseover="alert(10)',
    "http://a.example/'onclick='alert(11)//javascript:alert(12)",
]
PAGES = ["brief_city-benxi.en", "brief_city-chifeng.en", "brief_comparison.en"]


def seeded(folder: Path) -> Path:
    """A copy of the data package with hostile text in it."""
    shutil.copytree(ROOT / "data", folder)
    for table, columns in SOWN.items():
        path = folder / f"{table}.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in columns:
            beginnings, endings = cycle(BEGINNINGS), cycle(ENDINGS)
            rows[column] = [
                f"{next(beginnings)}{cell}{table}{MARKUP}{next(endings)}" for cell in rows[column]
            ]
        if table == "observations":
            unread = rows["unit_read"] == ""
            rows.loc[unread, ["unit_read_reason_zh", "unit_read_reason_en"]] = ""
        if table in LONG_NAMES:
            name = "label_en" if table == "sources" else "name_en"
            rows.loc[rows.iloc[:, 0] == LONG_NAMES[table], name] += LONG
        if table == "sources":
            given = rows["url"] != ""
            rows.loc[given, "url"] = [address for address, _ in zip(cycle(ADDRESSES), rows.index[given])]
        rows.to_csv(path, index=False, lineterminator="\n")
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, build: Build) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    data = seeded(folder / "data")
    return build(folder / "briefs", "--cities", "benxi,chifeng", "--langs", "en", ECOBRIEF_DATA=str(data))


@pytest.mark.parametrize("stem", [*PAGES, "index"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_hostile_text_is_shown_and_never_run(
    hostile: Path, open_page: Open, stem: str, scripts: bool
) -> None:
    opened = open_page(hostile / f"{stem}.html", scripts=scripts, ready=scripts)
    assert opened.quiet, opened
    assert MARKUP in opened.page.locator("body").inner_text()
    assert opened.page.locator("img, marquee, [onerror], [onload], [onmouseover], [onfocus]").count() == 0


@pytest.mark.parametrize("stem", [*PAGES, "index"])
def test_no_hostile_text_makes_an_element_of_its_own(hostile: Path, open_page: Open, stem: str) -> None:
    page = open_page(hostile / f"{stem}.html").page
    # Data lies in scripts of other types; plotly is put into the head by the one script of the page.
    assert page.locator("main script:not([type^='application/'])").count() == 0
    assert page.locator("main style, main svg image, main svg foreignObject").count() == 0
    assert page.locator("title:not(svg title)").count() == 1


@pytest.mark.parametrize("stem", PAGES)
def test_as_many_charts_are_drawn_as_were_made(hostile: Path, open_page: Open, stem: str) -> None:
    page = open_page(hostile / f"{stem}.html").page
    made = int(page.get_attribute("body", "data-charts"))
    assert page.locator("figure[data-chart][data-drawn='1']").count() == made > 0
    assert "<script>" in "".join(page.locator(".main-svg text").all_text_contents())


@pytest.mark.parametrize("stem", [*PAGES, "index"])
def test_a_name_of_ten_thousand_letters_does_not_push_the_page_aside(
    hostile: Path, open_page: Open, stem: str
) -> None:
    page = open_page(hostile / f"{stem}.html", width=360).page
    assert LONG in page.content()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_hostile_text_of_every_table_reaches_the_page(hostile: Path, open_page: Open) -> None:
    page = open_page(hostile / "brief_city-benxi.en.html", ready=False).page
    shown = page.locator("body").text_content()
    for table in SOWN.keys() - {"instruments"}:  # a notebook shows their names, no brief does
        assert f"{table}{MARKUP}" in shown, table


@pytest.mark.parametrize("stem", [*PAGES, "index"])
def test_links_lead_to_web_addresses_and_places_of_the_build_alone(
    hostile: Path, open_page: Open, stem: str
) -> None:
    page = open_page(hostile / f"{stem}.html", ready=False).page
    leading = page.evaluate(
        "[...document.querySelectorAll('[href]')].map((link) => link.getAttribute('href'))"
    )
    assert leading
    strange = [address for address in leading if not re.match(r"https?://|#[\w.-]*$|[\w.-]+\.html$", address)]
    assert strange == []


@pytest.mark.parametrize("stem", [*PAGES, "index"])
def test_no_unseen_control_reaches_a_page(hostile: Path, stem: str) -> None:
    html = (hostile / f"{stem}.html").read_text("utf-8")
    assert re.findall("[\x00-\x08\x0b\x0e-\x1f\x7f\u202e\ufeff]", html) == []


@pytest.mark.parametrize("stem", PAGES)
def test_doors_open_to_hostile_entries_and_nothing_runs(hostile: Path, open_page: Open, stem: str) -> None:
    opened = open_page(hostile / f"{stem}.html")
    page = opened.page
    doors = page.locator("main a[href^='#e']:visible")
    for number in range(0, doors.count(), max(1, doors.count() // 20)):
        doors.nth(number).focus()
        page.keyboard.press("Enter")
        assert page.locator("#door").evaluate("dialog => dialog.open")
        page.keyboard.press("Escape")
    assert page.locator("#door img, #door marquee, #door script").count() == 0
    assert opened.quiet, opened


@pytest.mark.parametrize("stem", PAGES)
def test_no_cell_of_the_csv_from_the_page_is_a_formula(hostile: Path, open_page: Open, stem: str) -> None:
    page = open_page(hostile / f"{stem}.html").page
    with page.expect_download() as waiting:
        page.locator("button, a[download]").filter(has_text="CSV").first.evaluate("button => button.click()")
    text = Path(waiting.value.path()).read_text("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), strict=True))
    cells = [cell for row in rows for cell in row]
    assert any("=cmd|" in cell for cell in cells)
    number = re.compile(r"[-+]?\d+(\.\d+)?")
    formulas = [cell for cell in cells if re.match(r"\s*[=+@\t\r-]", cell) and not number.fullmatch(cell)]
    assert formulas == []
    assert len({len(row) for row in rows}) == 1


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,<script>alert(1)</script>", "//a.example"]
)
def test_an_address_that_is_no_web_address_is_a_fault_of_the_data(tmp_path: Path, address: str) -> None:
    data = tmp_path / "data"
    shutil.copytree(ROOT / "data", data)
    rows = pd.read_csv(data / "sources.csv", dtype=str, keep_default_na=False)
    rows.loc[0, "url"] = address
    rows.to_csv(data / "sources.csv", index=False, lineterminator="\n")
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("ecobrief")), "check"],
        cwd=ROOT,
        env=os.environ | {"ECOBRIEF_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 1
    assert "sources.csv row 2, column url" in ran.stderr
