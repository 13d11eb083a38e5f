"""What becomes of the briefs on paper: `ecobrief pdf` prints them, pypdf reads the PDFs back."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

FILES = ["brief_city-benxi.zh.html", "brief_city-rongchang.en.html", "brief_comparison.en.html"]
# What a cell says, in the pieces that its marks ([12]: numbers of entries) leave.
PIECES = """(cell) => {
    const copy = cell.cloneNode(true);
    copy.querySelectorAll("sup").forEach((mark) => mark.replaceWith("\\u0000"));
    return copy.textContent.split("\\u0000").filter((text) => text.trim());
}"""
EACH_FILE = pytest.mark.parametrize("file", FILES)


def squeezed(text: str) -> str:
    """Without what a line that is broken gains or loses; fonts draw several of the dashes alike, and a PDF names one."""
    return re.sub(r"[\u2010-\u2015]", "-", re.sub(r"[\s\u00ad\u200b]", "", text))


@dataclass(frozen=True)
class Printed:
    """A printed brief; `pages` are the texts of its pages, squeezed."""

    reader: PdfReader

    @cached_property
    def pages(self) -> list[str]:
        return [squeezed(page.extract_text()) for page in self.reader.pages]

    def bookmarks(self) -> list[str]:
        def below(entries: Any) -> Iterator[str]:
            for entry in entries:
                yield from below(entry) if isinstance(entry, list) else [entry.title]

        return list(below(self.reader.outline))

    def together(self, texts: list[str]) -> bool:
        """Whether one page holds all of these texts."""
        sought = [squeezed(text) for text in texts]
        return any(all(text in page for text in sought) for page in self.pages)


@pytest.fixture(scope="module")
def printed(briefs: Path, chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    """The briefs of FILES, printed by the command. `chromium` is asked for as it skips where there is none."""
    folder = tmp_path_factory.mktemp("printed")
    manifest = json.loads((briefs / "manifest.json").read_text("utf-8"))
    manifest["briefs"] = [brief for brief in manifest["briefs"] if brief["file"] in FILES]
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    for file in FILES:
        shutil.copy(briefs / file, folder)
    command = [str(Path(sys.executable).with_name("ecobrief")), "pdf", str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return {file: Printed(PdfReader(folder / file.replace(".html", ".pdf"))) for file in FILES}


@pytest.fixture
def on_paper(chromium: Browser, briefs: Path) -> Iterator[Callable[[str], Page]]:
    """A brief as the browser lays it out for print."""
    pages = []

    def opened(file: str) -> Page:
        # As wide as A4 between the margins of the page.
        page = chromium.new_page(viewport={"width": 672, "height": 980})
        pages.append(page)
        page.emulate_media(media="print")
        page.goto((briefs / file).as_uri())
        return page

    yield opened
    for page in pages:
        page.close()


@EACH_FILE
def test_a_pdf_is_tagged_and_names_its_language_and_title(printed: dict[str, Printed], file: str) -> None:
    root = printed[file].reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == ("en" if file.endswith(".en.html") else "zh-CN")
    assert printed[file].reader.metadata.title


@EACH_FILE
def test_chinese_in_a_pdf_is_found_by_the_characters_that_it_was_written_with(
    printed: dict[str, Printed], file: str
) -> None:
    text = "".join(printed[file].pages)
    assert "生态" in text
    assert re.findall("[\u2e80-\u2fd5]", text) == []


@EACH_FILE
def test_the_bookmarks_are_the_headings(
    printed: dict[str, Printed], on_paper: Callable[[str], Page], file: str
) -> None:
    headings = on_paper(file).evaluate(
        """[...document.querySelectorAll("h1, h2, h3, h4")]
            .filter((head) => head.checkVisibility()).map((head) => head.textContent)"""
    )
    assert len(headings) > 10
    # A heading whose letters reach over the edge of a page is told twice: each must stand there as it is.
    assert [squeezed(mark) for mark in printed[file].bookmarks()] == [squeezed(head) for head in headings]


@EACH_FILE
def test_each_chart_is_on_one_page_with_its_title_and_all_its_text(
    printed: dict[str, Printed], on_paper: Callable[[str], Page], file: str
) -> None:
    charts = on_paper(file).evaluate(
        """[...document.querySelectorAll("figure[data-chart]")].map((figure) => [
            figure.querySelector("h3").textContent,
            ...[...figure.querySelectorAll(".plot > svg text")].map((text) => text.textContent)])"""
    )
    assert charts
    for texts in charts:
        assert len(texts) > 5, texts
        assert printed[file].together(texts), texts


@EACH_FILE
def test_no_row_of_a_table_is_cut(
    printed: dict[str, Printed], on_paper: Callable[[str], Page], file: str
) -> None:
    rows = on_paper(file).evaluate(
        f"""[...document.querySelectorAll("tbody tr")].map((row) => [...row.cells].flatMap({PIECES}))"""
    )
    assert len(rows) > 20
    cut = [row for row in rows if not printed[file].together(row)]
    assert cut == []


@EACH_FILE
def test_what_may_not_be_cut_says_so_and_fits_on_a_page(on_paper: Callable[[str], Page], file: str) -> None:
    found = on_paper(file).evaluate(
        """[...document.querySelectorAll(".plot, tr, .entries li, .metric")].map((element) => [
            getComputedStyle(element).breakInside, element.getBoundingClientRect().height])"""
    )
    assert {inside for inside, _ in found} == {"avoid"}
    assert max(height for _, height in found) < 980


@EACH_FILE
def test_nothing_is_wider_than_the_paper(on_paper: Callable[[str], Page], file: str) -> None:
    wide = on_paper(file).evaluate(
        """[...document.querySelectorAll("main *:not(svg *)")].filter((element) =>
            element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1)
            .map((element) => element.outerHTML.slice(0, 200))"""
    )
    assert wide == []


@EACH_FILE
def test_the_tables_of_the_charts_the_evidence_and_the_addresses_are_printed(
    printed: dict[str, Printed], on_paper: Callable[[str], Page], file: str
) -> None:
    page = on_paper(file)
    everything = "".join(printed[file].pages)
    tables = page.evaluate(f"""[...document.querySelectorAll("figure details td")].flatMap({PIECES})""")
    evidence = page.locator(".entries li q").all_text_contents()
    addresses = page.locator(".entries a[href^='http']").all_text_contents()
    assert tables
    assert evidence
    assert addresses
    # A quotation that runs from one column or page to the next has other text between its parts.
    for text in [*tables, *(text[:6] for text in evidence), *addresses]:
        assert squeezed(text) in everything, text


@EACH_FILE
def test_charts_are_printed_as_vectors(printed: dict[str, Printed], file: str) -> None:
    assert [len(page.images) for page in printed[file].reader.pages] == [0] * len(printed[file].pages)


@EACH_FILE
def test_the_number_of_pages_is_sane(printed: dict[str, Printed], file: str) -> None:
    assert 3 <= len(printed[file].pages) <= 60


@EACH_FILE
def test_the_static_picture_is_printed_though_the_chart_was_drawn(
    open_page: Open, briefs: Path, file: str
) -> None:
    page = open_page(briefs / file).page
    page.emulate_media(media="print")
    shown = page.evaluate(
        """[...document.querySelectorAll("figure[data-chart]")].map((figure) => [
            figure.querySelector(".plot > svg").checkVisibility(),
            [...figure.querySelectorAll(".main-svg")].some((svg) => svg.checkVisibility())])"""
    )
    assert shown == [[True, False]] * len(shown)
