"""The briefs as `ecobrief build` writes them from the shipped data."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ecobrief import datapackage
from ecobrief.publish import embedded

ROOT = Path(__file__).resolve().parents[2]
CITIES = ("benxi", "chifeng", "rongchang", "yichun")
FILES = [
    f"{stem}.{lang}.html"
    for lang in ("zh", "en")
    for stem in (*(f"brief_city-{city}" for city in CITIES), "brief_comparison")
]
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


def test_there_are_ten_briefs_and_an_index_that_leads_to_them(briefs: Path, open_page: Open) -> None:
    visible = [path.name for path in briefs.iterdir() if not path.name.startswith(".")]
    assert sorted(visible) == sorted([*FILES, "index.html", "manifest.json"])
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
        """[...document.querySelectorAll("main a[href^='#e']")].map((door) => {
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
    page = open_page(briefs / file, ready=False).page
    entries = page.locator(".entries li q").all_text_contents()
    ids = embedded.read((briefs / file).read_text("utf-8"))["figures"]["id"]
    evidence = dict(zip(ids, entries, strict=True))
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
            figure.querySelectorAll("table tbody tr:not(.computed)").length])"""
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
    assert absent.all_inner_texts() == ["not stated"] * 3
    assert page.locator(".headline .also").count() == 2
    assert "reply letter to a proposal" in page.locator("main").inner_text()
