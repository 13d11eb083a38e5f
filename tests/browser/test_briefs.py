"""The briefs as `ecobrief build` writes them from the shipped data, and from data seeded with hostile text."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from ecobrief import datapackage

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
    "policies": ["name_zh", "name_en", "issuer", "document_number", "note_zh", "note_en"],
    "projects": ["name_zh", "name_en", "code", "programme_zh", "programme_en", "note_zh", "note_en"],
    "zones": ["name_zh", "name_en", "code", "note_zh", "note_en"],
    "contradictions": ["name_zh", "name_en", "note_zh", "note_en"],
    "names": ["name_en"],
    "instruments": ["name_zh", "name_en"],
    "identities": ["assumption_zh", "assumption_en", "note_zh", "note_en"],
}
SECTIONS = {
    "brief_city-benxi.zh.html": ("目标", "工程", "政策工具", "对不上的地方"),
    "brief_city-benxi.en.html": ("Targets", "Projects", "Policy instruments", "What does not add up"),
    "brief_comparison.zh.html": ("至少两市说明的指标", "政策工具的构成", "对不上的地方"),
    "brief_comparison.en.html": (
        "Metrics that at least two cities state",
        "The mix of policy instruments",
        "What does not add up",
    ),
}
BENXI = [file for file in SECTIONS if "benxi" in file]

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


@pytest.mark.parametrize("file", SECTIONS)
def test_targets_projects_policies_and_findings_have_sections_with_tables(
    briefs: Path, open_page: Open, file: str
) -> None:
    page = open_page(briefs / file, ready=False).page
    tables = dict(
        page.evaluate(
            """[...document.querySelectorAll("main h2")].map((head) => {
                const reached = [...document.querySelectorAll("main h2, main table tbody tr")];
                const after = reached.slice(reached.indexOf(head) + 1);
                const next = after.findIndex((element) => element.matches("h2"));
                return [head.textContent.trim(), next < 0 ? after.length : next];
            })"""
        )
    )
    for section in SECTIONS[file]:
        assert tables.get(section, 0) > 3, (section, tables)


@pytest.mark.parametrize("file", BENXI)
def test_every_project_zone_policy_and_contradiction_leads_to_the_characters_that_name_it(
    briefs: Path, open_page: Open, file: str
) -> None:
    evidence = dict(
        open_page(briefs / file, ready=False).page.evaluate(
            """[...document.querySelectorAll("main a[href^='#obs-']")].map((door) => {
                const name = door.getAttribute("href").slice(1);
                return [name.slice(4), document.getElementById(name).querySelector("q").textContent];
            })"""
        )
    )
    named = datapackage.load(ROOT / "data").named
    expected = named[(named["city_id"] == "benxi") & (named["repeats"] == "")]
    expected = expected[expected["table"].isin(["projects", "zones", "contradictions"])]["evidence"]
    policies = {name for name in evidence if re.fullmatch(r"[a-z0-9_]+\.p\d+", name)}
    assert policies
    for name, printed in [*expected.items(), *((name, named.at[name, "evidence"]) for name in policies)]:
        assert "".join(evidence[name].split()) == "".join(printed.split()), name


@pytest.mark.parametrize("file", BENXI)
def test_a_bar_is_drawn_for_every_row_of_the_charts_of_projects_and_of_types(
    briefs: Path, open_page: Open, file: str
) -> None:
    page = open_page(briefs / file).page
    assert page.locator("figure[data-chart][data-drawn='1']").count() == int(
        page.get_attribute("body", "data-charts")
    )
    drawn = page.evaluate(
        """[...document.querySelectorAll("figure[data-chart]")].map((figure) => [
            [...figure.querySelectorAll(".barlayer .point path")].filter((bar) => bar.getBoundingClientRect().width > 0).length,
            figure.querySelectorAll("table tbody tr").length])"""
    )
    bars = [(seen, rows) for seen, rows in drawn if seen]
    assert len(bars) == 2
    assert all(seen == rows for seen, rows in bars), bars


@pytest.mark.parametrize("file", SECTIONS)
def test_nothing_scrolls_sideways_on_a_telephone(briefs: Path, open_page: Open, file: str) -> None:
    page = open_page(briefs / file, width=390).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


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
        rows[columns] = rows[columns] + table + HOSTILE
        if table == "observations":
            unread = rows["unit_read"] == ""
            rows.loc[unread, ["unit_read_reason_zh", "unit_read_reason_en"]] = ""
        rows.to_csv(path, index=False, lineterminator="\n")
    return build(
        folder / "briefs", "--cities", "benxi,chifeng", "--langs", "en", ECOBRIEF_DATA=str(folder / "data")
    )


@pytest.mark.parametrize("stem", ["brief_city-benxi", "brief_city-chifeng", "brief_comparison", "index"])
def test_hostile_text_in_the_tables_is_shown_and_never_run(hostile: Path, open_page: Open, stem: str) -> None:
    opened = open_page(hostile / ("index.html" if stem == "index" else f"{stem}.en.html"))
    assert opened.quiet, opened
    assert HOSTILE in opened.page.locator("body").inner_text()
    assert opened.page.locator("main img, main b, main script:not([type='application/json'])").count() == 0


def test_hostile_text_of_every_table_reaches_the_page(hostile: Path, open_page: Open) -> None:
    shown = open_page(hostile / "brief_city-benxi.en.html").page.locator("body").inner_text()
    for table in SEEDED.keys() - {"instruments"}:  # a notebook shows their names, no brief does
        assert f"{table}{HOSTILE}" in shown, table


@pytest.mark.parametrize("city", ["benxi", "chifeng"])
def test_hostile_names_are_text_in_the_charts_too(hostile: Path, open_page: Open, city: str) -> None:
    page = open_page(hostile / f"brief_city-{city}.en.html").page
    assert page.locator(".main-svg image, .main-svg a, .main-svg tspan[style*='bold']").count() == 0
    assert "<script>" in "".join(page.locator(".main-svg text").all_text_contents())
