"""The briefs as `ecobrief build` writes them from the shipped data, and from data seeded with hostile text."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parents[2]
CITIES = ("benxi", "chifeng", "rongchang", "yichun")
FILES = [
    f"{stem}.{lang}.html"
    for lang in ("zh", "en")
    for stem in (*(f"brief_city-{city}" for city in CITIES), "brief_comparison")
]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)><b>"
SEEDED = {
    "cities": ["name_zh", "name_en", "province_zh", "province_en"],
    "indicators": ["name_zh", "name_en", "definition_zh", "definition_en"],
    "definitions": ["name_zh", "name_en", "standard", "clause", "text_zh", "text_en"],
    "sources": ["title", "label_zh", "label_en", "publisher", "document_number", "note_zh", "note_en"],
    "observations": ["scope_printed", "unit_read_reason_zh", "unit_read_reason_en", "note_zh", "note_en"],
    "benchmarks": ["scope_printed", "note_zh", "note_en"],
}

pytestmark = pytest.mark.browser
Open = Callable[..., Any]


def build(out: Path, *arguments: str, **environment: str) -> Path:
    """`ecobrief build` as a user runs it, in a process of its own."""
    command = [str(Path(sys.executable).with_name("ecobrief")), "build", "--out", str(out), *arguments]
    ran = subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return out


@pytest.fixture(scope="module")
def briefs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("shipped") / "briefs")


def test_there_are_ten_briefs_and_an_index_that_leads_to_them(briefs: Path, open_page: Open) -> None:
    assert sorted(path.name for path in briefs.iterdir()) == sorted([*FILES, "index.html", "manifest.json"])
    page = open_page(briefs / "index.html").page
    assert sorted(link.get_attribute("href") for link in page.locator("main a").all()) == sorted(FILES)


def test_the_manifest_says_what_each_brief_was_made_from(briefs: Path) -> None:
    manifest = json.loads((briefs / "manifest.json").read_text("utf-8"))
    assert sorted(brief["file"] for brief in manifest["briefs"]) == sorted(FILES)
    assert manifest["failed"] == []
    assert set(manifest["data"]["tables"]) >= {"observations", "sources", "coverage"}


@pytest.mark.parametrize("file", FILES)
def test_a_brief_opens_without_a_network_and_draws_what_its_notebook_made(
    briefs: Path, open_page: Open, file: str
) -> None:
    opened = open_page(briefs / file)
    page = opened.page
    made = int(page.get_attribute("body", "data-charts"))
    assert made > 0
    assert page.locator("figure[data-chart][data-drawn='1'] .main-svg").count() >= made
    assert opened.quiet, opened
    assert page.get_attribute("html", "lang") == ("en" if file.endswith(".en.html") else "zh-CN")
    assert "trail.show" not in page.content()


@pytest.mark.parametrize("file", FILES)
def test_every_number_of_a_brief_leads_to_an_entry_with_its_evidence(
    briefs: Path, open_page: Open, file: str
) -> None:
    page = open_page(briefs / file).page
    evidence = page.evaluate(
        """[...document.querySelectorAll("main a[href^='#obs-']")].map((door) => {
            const entries = document.querySelectorAll(`[id="${door.getAttribute("href").slice(1)}"]`);
            return entries.length === 1 ? entries[0].querySelector("q").textContent : "";
        })"""
    )
    assert evidence
    assert all(text.strip() for text in evidence)


def test_rongchang_is_not_stated_and_the_page_says_what_its_document_is(
    briefs: Path, open_page: Open
) -> None:
    page = open_page(briefs / "brief_city-rongchang.en.html").page
    absent = page.locator(".headline .value.absent")
    assert absent.all_inner_texts() == ["not stated"] * 5
    assert "reply letter to a proposal" in page.locator("main").inner_text()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copytree(ROOT / "data", folder / "data")
    for table, columns in SEEDED.items():
        path = folder / "data" / f"{table}.csv"
        rows = pd.read_csv(path, dtype=str, keep_default_na=False)
        rows[columns] = rows[columns] + HOSTILE
        if table == "observations":
            unread = rows["unit_read"] == ""
            rows.loc[unread, ["unit_read_reason_zh", "unit_read_reason_en"]] = ""
        rows.to_csv(path, index=False, lineterminator="\n")
    return build(folder / "briefs", "--cities", "chifeng", ECOBRIEF_DATA=str(folder / "data"))


@pytest.mark.parametrize("stem", ["brief_city-chifeng", "brief_comparison", "index"])
def test_hostile_text_in_the_tables_is_shown_and_never_run(hostile: Path, open_page: Open, stem: str) -> None:
    opened = open_page(hostile / ("index.html" if stem == "index" else f"{stem}.en.html"))
    assert opened.quiet, opened
    assert HOSTILE in opened.page.locator("body").inner_text()
    assert opened.page.locator("main img, main b, main script:not([type='application/json'])").count() == 0


def test_hostile_names_are_text_in_the_charts_too(hostile: Path, open_page: Open) -> None:
    page = open_page(hostile / "brief_city-chifeng.en.html").page
    assert page.locator(".main-svg image, .main-svg a, .main-svg tspan[style*='bold']").count() == 0
    assert "<script>" in "".join(page.locator(".main-svg text").all_text_contents())
