"""The page of `ecobrief diff`: it fits a telephone, can be used by everyone, runs nothing, and its links lead somewhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from test_accessibility import axe, violations

from builds import Brief, build, figure, statement
from ecobrief.publish import built, diff_page
from ecobrief.publish.diff import compare
from ecobrief.wording import LANGS, Lang

__all__ = ["axe"]

pytestmark = pytest.mark.browser
Open = Callable[..., Any]

LONG = "森林覆盖率按普查口径为百分之七十六点三" * 8 + "x" * 400
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def brief(file: str, value: str) -> Brief:
    """A brief with all that a page of differences can show, some of it long, some of it hostile."""
    rows = [
        statement(metric="Cover", value=value, explanation=f"{value} {LONG}", note=HOSTILE + value),
        statement("finding.sum", "alpha_plan.002", verdict=value),
        statement(f"pair.{value}", verdict="comparable"),
    ]
    records = [
        figure(value=value, evidence=value + LONG),
        figure(id="alpha_plan.002"),
        figure(id=f"n.{value}"),
    ]
    return Brief(file, records, rows, title=f"Alpha {file}", parameters={"cities": value})


@pytest.fixture(params=LANGS)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """The page, in either language, of two builds that differ in every way that there is."""
    lang: Lang = request.param
    files = [f"brief_city-alpha.{lang}.html" for lang in LANGS]
    same, words = Brief("brief_same.en.html", title="Same"), "brief_words.en.html"
    failing = Brief("brief_bad.en.html", error=HOSTILE + LONG)
    old = build(
        tmp_path / "old",
        *(brief(file, "1") for file in files),
        same,
        failing,
        Brief(words, title="Words", words="a"),
        Brief("brief_gone.en.html", title="Gone"),
    )
    new = build(
        tmp_path / "new",
        *(brief(file, "2") for file in files),
        same,
        failing,
        Brief(words, title="Words", words="b"),
        tables={"observations": "b" * 64},
        notebook="second",
    )
    out = tmp_path / "diff.html"
    out.write_text(diff_page.page(compare(built.read(old), built.read(new), lang), lang, out), "utf-8")
    return out


def test_nothing_is_fetched_or_run_and_nothing_scrolls_sideways(page: Path, open_page: Open) -> None:
    opened = open_page(page, width=360)
    assert opened.quiet, opened
    assert opened.page.evaluate("document.documentElement.scrollWidth") == 360
    assert opened.page.locator("main script, main img").count() == 0
    assert "<script>alert(1)</script>" in opened.page.locator("main").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_core_finds_nothing_on_a_page_of_differences(
    page: Path,
    open_page: Open,
    axe: str,
    scheme: str,
) -> None:
    for width in (390, 1440):
        assert violations(open_page(page, scheme=scheme, width=width).page, axe) == []


def test_before_and_now_differ_by_more_than_colour(page: Path, open_page: Open) -> None:
    signs = open_page(page).page.evaluate(
        """[..."del ins".split(" ")].map((tag) => [...document.querySelectorAll(tag)].map(
            (element) => getComputedStyle(element, "::before").content))"""
    )
    assert [set(found) for found in signs] == [{'"− "'}, {'"+ "'}]


def test_every_link_leads_to_a_file_or_a_place_on_the_page(page: Path, open_page: Open) -> None:
    links = open_page(page).page.evaluate(
        """[...document.querySelectorAll("a")].map((link) => [link.getAttribute("href"), link.pathname])"""
    )
    own = [href for href, _ in links if href.startswith("#")]
    assert len(own) > 1
    anchors = open_page(page).page.evaluate(
        "[...document.querySelectorAll('[id]')].map(({ id }) => `#${id}`)"
    )
    assert set(own) <= set(anchors)
    assert all(Path(path).is_file() for _, path in links)
