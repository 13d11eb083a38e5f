"""A page in a real browser: its charts are drawn, nothing is fetched, nothing hostile runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import handmade
from ecobrief.publish.page import render

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
    drawn = "[...document.querySelectorAll('.live, .main-svg')].map(e => e.getBoundingClientRect().height)"
    assert set(page.evaluate(drawn)) == {260}
    page.set_viewport_size({"width": 360, "height": 700})
    for _ in range(100):  # the page's policy forbids the eval that waiting for a function needs
        page.wait_for_timeout(50)
        if page.evaluate("document.querySelector('.main-svg').getBoundingClientRect().width < 360"):
            break
    assert set(page.evaluate(drawn)) == {260}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_page_without_charts_carries_no_plotly_and_is_ready_at_once(open_page: Callable[..., Any]) -> None:
    html = render(handmade.small(charts=0), "en").html
    assert open_page(html, scripts=False).quiet
    assert "plotlyjs" not in html.partition("<body")[2].partition("<script>")[0]
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
    shown = " ".join(seen.split())
    places = ("figcaption h3", ".sentence", ".table td", ".entries q", ".entries .document", ".prose")
    for place in places:
        assert shown in " ".join(opened.page.locator(place).first.text_content().split()), place
    assert opened.page.locator("main img, main .prose b, main td b, main h3 b").count() == 0
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
    for link in opened.page.locator("main a:visible").all():
        assert not (link.get_attribute("href") or "").lower().startswith("javascript")
        link.click()
    assert script in opened.page.locator(".entries .document").last.text_content()
    assert "picture" in opened.page.locator(".prose").text_content()
    assert opened.quiet, opened


def test_a_number_opens_its_entry_where_it_stands_and_the_list_marks_it(
    open_page: Callable[..., Any],
) -> None:
    page = open_page(render(handmade.small(), "en").html).page
    page.click(".metric .value a")
    dialog = page.locator("#door")
    assert "优良天数比例97.4%" in dialog.text_content()
    dialog.locator("a[href^='#e']").click()
    assert not dialog.is_visible()
    assert page.url.endswith("#e1")
    entry = page.locator("#e1")
    assert entry.evaluate("entry => entry.matches(':target')")
    assert entry.locator("q").get_attribute("lang") == "zh"


def test_without_scripts_a_number_leads_to_its_entry(open_page: Callable[..., Any]) -> None:
    page = open_page(render(handmade.small(), "en").html, scripts=False, ready=False).page
    page.click(".metric .value a")
    assert page.url.endswith("#e1")
    assert not page.locator("#door").is_visible()


def test_a_point_of_a_chart_opens_the_entry_it_comes_from(open_page: Callable[..., Any]) -> None:
    page = open_page(render(handmade.small(), "en").html).page
    page.locator("figure").scroll_into_view_if_needed()
    point = page.locator("figure .point").last.bounding_box()
    page.mouse.move(point["x"] + point["width"] / 2, point["y"] + point["height"] / 2)
    page.wait_for_timeout(200)
    page.mouse.down()
    page.mouse.up()
    page.wait_for_selector("#door[open]")
    assert "优良天数比例97.4%" in page.locator("#door").text_content()


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
    broken, count = re.subn(r"(<script[^>]* id=plotlyjs[^>]*>)[^<]+", r"\g<1>bm90IGd6aXA=", html)
    assert count == 1
    page = open_page(broken, ready=False).page
    page.wait_for_selector("figure[data-failed] table >> nth=1")
    assert page.locator("figure table").first.is_visible()
    assert "could not be drawn" in page.locator("figure").first.text_content()
    assert page.locator("figure .plot > svg").first.is_visible()
    assert page.get_attribute("html", "data-ready") is None


def test_another_script_than_the_one_named_does_not_run(open_page: Callable[..., Any]) -> None:
    opened = open_page(render(handmade.small(), "en").html + "<script>document.title = 'ran'</script>")
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
    region = page.locator(".scroll")
    assert region.evaluate("region => region.scrollWidth > region.clientWidth")
    region.focus()
    assert region.evaluate("region => region === document.activeElement")
