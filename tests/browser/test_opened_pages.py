"""A page in a real browser: its charts are drawn, nothing is fetched, nothing hostile runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import handmade
from ecobrief.publish.page import render
from ecobrief.publish.portal import index

pytestmark = pytest.mark.browser

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<b>bold</b>",
    "</script><script>alert(1)</script>",
    "--><svg onload=alert(1)>",
    "{{ 7 * 7 }}",
    "\u202egnp.exe",
]


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [360, 1280])
def test_as_many_charts_are_drawn_as_the_notebook_made(
    open_page: Callable[..., Any], lang: Any, width: int
) -> None:
    opened = open_page(render(handmade.small(lang, charts=2), lang).html, width=width)
    page = opened.page
    assert page.get_attribute("body", "data-charts") == "2"
    assert page.locator("figure[data-chart] .main-svg .scatterlayer path.point").count() >= 2
    assert page.locator("figure[data-chart][data-drawn='1']").count() == 2
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.quiet, opened


def test_a_chart_follows_the_window_and_keeps_its_height(open_page: Callable[..., Any]) -> None:
    page = open_page(render(handmade.small(), "en").html).page
    drawn = "[...document.querySelectorAll('.plot, .main-svg')].map(e => e.getBoundingClientRect().height)"
    assert set(page.evaluate(drawn)) == {260}
    page.set_viewport_size({"width": 360, "height": 700})
    for _ in range(100):  # the page's policy forbids the eval that waiting for a function needs
        page.wait_for_timeout(50)
        if page.evaluate("document.querySelector('.main-svg').getBoundingClientRect().width < 360"):
            break
    assert set(page.evaluate(drawn)) == {260}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_without_charts_is_ready_without_a_script(open_page: Callable[..., Any]) -> None:
    html = render(handmade.small(charts=0), "en").html
    assert open_page(html, scripts=False).quiet
    assert "<script" not in html
    assert len(html) < 40_000


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_as_text_and_nothing_of_it_runs(
    open_page: Callable[..., Any], hostile: str
) -> None:
    notebook = handmade.notebook(
        handmade.prose(f"# {hostile}\n\n{hostile}\n\n| a |\n|---|\n| {hostile} |"),
        handmade.shown(
            handmade.chart(
                "en", hostile, [handmade.row({"period": hostile, "value": hostile}, "doc.001")], label=hostile
            )
        ),
        handmade.shown(
            handmade.display("sentence", "en", {"text": ""}, [handmade.row({"text": hostile}, "doc.001")])
        ),
        handmade.shown(
            handmade.display(
                "table",
                "en",
                {"a": hostile, "b": hostile + "#"},
                [handmade.row({"a": hostile, "b": hostile}, formula=hostile, inputs=("doc.001",))],
                title=hostile,
                caption=hostile,
            )
        ),
        handmade.shown(
            handmade.sources(
                "en",
                "doc.001",
                what=hostile,
                printed=hostile,
                evidence=hostile,
                document=hostile,
                url=hostile,
            )
        ),
    )
    opened = open_page(render(notebook, "en").html)
    opened.page.wait_for_timeout(200)
    assert opened.quiet, opened
    seen = hostile.replace("\u202e", "[U+202E]")
    for place in ("figcaption h3", ".sentence", ".table td", ".sources q", ".sources dd", ".prose"):
        assert seen in opened.page.locator(place).first.text_content(), place
    assert opened.page.locator("main b, main img").count() == 0
    assert opened.page.locator("[onerror], [onload]").count() == 0


def test_an_address_that_would_run_a_script_leads_nowhere(open_page: Callable[..., Any]) -> None:
    script = "javascript:alert(1)"
    notebook = handmade.notebook(
        handmade.prose(
            f"# Title\n\n[go]({script}) and ![picture]({script}) and ![far](https://example.org/a.png)"
        ),
        handmade.shown(handmade.sources("en", "doc.001", url=script)),
    )
    opened = open_page(render(notebook, "en").html)
    for link in opened.page.locator("main a").all():
        assert not (link.get_attribute("href") or "").lower().startswith("javascript")
        link.click()
    assert script in opened.page.locator(".sources dd").last.text_content()
    assert "picture" in opened.page.locator(".prose").text_content()
    assert opened.quiet, opened


def test_a_number_leads_to_its_entry_and_the_entry_is_marked(open_page: Callable[..., Any]) -> None:
    page = open_page(render(handmade.small(), "en").html).page
    page.click(".metric .value a")
    assert page.url.endswith("#obs-doc.001")
    entry = page.locator("#obs-doc\\.001")
    assert entry.evaluate("entry => entry.matches(':target')")
    assert "优良天数比例97.4%" in entry.text_content()
    assert entry.locator("q").get_attribute("lang") == "zh-CN"


def test_the_numbers_of_a_chart_are_one_click_away(open_page: Callable[..., Any]) -> None:
    page = open_page(render(handmade.small(), "en").html).page
    assert not page.locator("figure table").is_visible()
    page.focus("figure summary")
    page.keyboard.press("Enter")
    assert page.locator("figure table a").is_visible()


def test_a_page_whose_charts_cannot_be_drawn_says_so_and_opens_their_tables(
    open_page: Callable[..., Any],
) -> None:
    html = render(handmade.small(charts=2), "en").html
    broken, count = re.subn(r'(id="plotlyjs">)[^<]+', r"\g<1>bm90IGd6aXA=", html)
    assert count == 1
    page = open_page(broken, ready=False).page
    page.wait_for_selector("figure[data-failed] table >> nth=1")
    assert page.locator("figure table").first.is_visible()
    assert "could not be drawn" in page.locator("figure .plot").first.text_content()
    assert page.get_attribute("html", "data-ready") is None


def test_another_script_than_the_one_named_does_not_run(open_page: Callable[..., Any]) -> None:
    html = render(handmade.small(), "en").html.replace(
        "</body>", "<script>document.title = 'ran'</script></body>"
    )
    opened = open_page(html)
    assert opened.page.title() == "Benxi"
    assert any("Content Security Policy" in message for message in opened.messages)


def test_a_wide_table_scrolls_inside_itself_on_a_phone(open_page: Callable[..., Any]) -> None:
    columns = {f"c{number}": f"A column with a name {number}" for number in range(12)}
    long = "W" * 3000
    notebook = handmade.notebook(
        handmade.prose(f"# {long}"),
        handmade.shown(
            handmade.display(
                "table",
                "en",
                columns,
                [handmade.row(dict.fromkeys(columns, "2022")), handmade.row({"c1": long})],
            )
        ),
    )
    page = open_page(render(notebook, "en").html, width=360).page
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    region = page.locator("[role=region]")
    assert region.evaluate("region => region.scrollWidth > region.clientWidth")
    region.focus()
    assert region.evaluate("region => region === document.activeElement")


@pytest.mark.parametrize("width", [360, 1280])
def test_the_index_links_each_brief_in_both_languages(open_page: Callable[..., Any], width: int) -> None:
    briefs = [
        {
            "file": f"brief_city-benxi.{lang}.html",
            "notebook": "brief_city.ipynb",
            "lang": lang,
            "title": title,
        }
        for lang, title in (("zh", "本溪<b>"), ("en", "Benxi<b>"))
    ]
    failed = [{"file": "brief_comparison.en.html", "notebook": "brief_comparison.ipynb", "lang": "en"}]
    data = {"version": "0.1.0", "cut_off": "2026-11-21"}
    opened = open_page(index({"data": data, "briefs": briefs, "failed": failed}), width=width)
    links = opened.page.locator("main a")
    assert links.all_text_contents() == ["本溪<b>", "Benxi<b>"]
    assert [link.get_attribute("lang") for link in links.all()] == ["zh-CN", "en"]
    assert "brief_comparison.en.html could not be built" in opened.page.locator("main").text_content()
    assert opened.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.quiet, opened
