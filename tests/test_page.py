"""From notebook to page: what is shown, what is left out, and what is refused."""

from __future__ import annotations

import json
import re
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_output

import handmade
from ecobrief.publish.errors import PageError, UntraceableNumber, WrongShape
from ecobrief.publish.page import render
from handmade import display, notebook, prose, row, shown


def table(*rows: dict[str, Any], **more: Any) -> nbformat.NotebookNode:
    return shown(display("table", "en", {"city": "City", "value": "Value#"}, list(rows), **more))


def test_prose_of_the_other_language_is_left_out_and_code_always() -> None:
    made = notebook(
        prose("# Title"),
        prose("中文", "lang-zh"),
        prose("English", "lang-en"),
        prose("Both"),
        prose("Not here", "workbook-only"),
        table(row({"city": "Benxi"})),
    )
    html = render(made, "en").html
    assert "English" in html
    assert "Both" in html
    assert "中文" not in html
    assert "Not here" not in html
    assert "secret_code" not in html
    assert "fallback" not in html


@pytest.mark.parametrize(("lang", "declared"), [("zh", "zh-CN"), ("en", "en")])
def test_a_page_declares_its_language(lang: Any, declared: str) -> None:
    assert f'<html lang="{declared}"' in render(handmade.small(lang), lang).html


def test_the_headline_names_the_page_and_the_first_heading_gives_way_to_it() -> None:
    page = render(handmade.small(), "en")
    assert page.title == "Benxi"
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page.html) == ["Benxi"]
    assert "<title>Benxi</title>" in page.html


def test_without_a_headline_the_first_heading_names_the_page() -> None:
    assert render(notebook(prose("Words\n\n# A & B")), "en").title == "A & B"


def test_a_page_without_a_title_is_refused() -> None:
    with pytest.raises(PageError, match="no title"):
        render(notebook(prose("Words")), "en")


def test_a_page_counts_its_charts_and_names_its_observations() -> None:
    page = render(handmade.small(charts=3), "en")
    assert page.charts == 3
    assert '<body data-charts="3">' in page.html
    assert page.observations == ("doc.001",)


def test_a_number_links_to_its_first_observation_and_names_the_others() -> None:
    made = notebook(
        prose("# T"),
        table(row({"city": "Benxi", "value": "97.4 %"}, "doc.002", "doc.001")),
        shown(handmade.sources("en", "doc.001", "doc.002")),
    )
    html = render(made, "en").html
    assert '<a class="door" href="#obs-doc.002">97.4 %</a>' in html
    assert '<a href="#obs-doc.001" aria-label="Source 1">1</a>' in html
    assert '<li id="obs-doc.002" value="2"' in html


def test_where_several_cells_show_figures_each_leads_to_its_own() -> None:
    columns = {"city": "City", "reported": "Reported#", "counted": "Counted#", "days": "Valid days#"}
    led = {
        **row({"city": "Benxi", "reported": "331", "counted": "22", "days": "365"}, "doc.001", "doc.002"),
        "doors": {"reported": ["doc.002"], "counted": ["doc.001", "doc.002"]},
    }
    made = notebook(
        prose("# T"),
        shown(display("table", "en", columns, [led])),
        shown(handmade.sources("en", "doc.001", "doc.002")),
    )
    html = render(made, "en").html
    assert '<a class="door" href="#obs-doc.002">331</a>' in html
    assert '<a class="door" href="#obs-doc.001">22</a>' in html
    assert re.search(r"<td[^>]*>365</td>", html)


@pytest.mark.parametrize(
    "doors", [["doc.001"], {"value": ["doc.009"]}, {"vlaue": ["doc.001"]}, {"value": "doc.001"}]
)
def test_a_door_that_leads_nowhere_is_refused(doors: Any) -> None:
    wrong = {**row({"value": "1"}, "doc.001"), "doors": doors}
    made = notebook(prose("# T"), table(wrong), shown(handmade.sources("en", "doc.001")))
    with pytest.raises(WrongShape, match="doors"):
        render(made, "en")


def test_a_computed_number_shows_its_formula_and_links_its_inputs() -> None:
    made = notebook(
        prose("# T"),
        table(row({"city": "Benxi", "value": "92.1"}, formula="336 ÷ 365 × 100", inputs=("doc.001",))),
        shown(handmade.sources("en", "doc.001", printed="336 天")),
    )
    html = render(made, "en").html
    assert "Computed: 336 ÷ 365 × 100" in html
    assert '<a class="door" href="#obs-doc.001">336 天</a>' in html


def test_a_sentence_names_its_sources_behind_it() -> None:
    sentence = display("sentence", "en", {"text": ""}, [row({"text": "Days rose."}, "doc.001")])
    html = render(
        notebook(prose("# T"), shown(sentence), shown(handmade.sources("en", "doc.001"))), "en"
    ).html
    assert re.search(r'Days rose\.\s*<sup class="mark"><a href="#obs-doc\.001"', html)


def test_not_stated_is_shown_with_its_reason_and_without_a_link() -> None:
    made = notebook(
        prose("# T"), table(row({"city": "Rongchang", "value": "not stated in the letter, 2022"}))
    )
    assert re.search(r"<td[^>]*>not stated in the letter, 2022</td>", render(made, "en").html)


@pytest.mark.parametrize(
    "given", [row({"value": "1"}, "doc.009"), row({"value": "1"}, formula="a + b", inputs=("doc.009",))]
)
def test_a_number_that_no_source_entry_holds_is_refused(given: dict[str, Any]) -> None:
    made = notebook(prose("# T"), table(given, title="Good days"), shown(handmade.sources("en", "doc.001")))
    with pytest.raises(UntraceableNumber, match=r'table "Good days" shows doc\.009'):
        render(made, "en")


def test_two_entries_of_one_observation_are_refused() -> None:
    made = notebook(prose("# T"), shown(handmade.sources("en", "doc.001", "doc.001")))
    with pytest.raises(WrongShape, match=r"doc\.001 has two entries"):
        render(made, "en")


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"kind": "pie"}, "unknown kind of display 'pie'"),
        ({"kind": None}, "unknown kind of display None"),
        ({"lang": "fr"}, "lang is 'fr'; one of zh, en"),
        ({"title": 3}, "title is text, not int 3"),
        ({"rows": {}}, "rows is a list, not "),
        ({"rows": [{}]}, "row 1: a row is an object with cells"),
        ({"rows": [{"cells": {"city": 97.4}}]}, "row 1: city is text, not float 97.4"),
        ({"rows": [{"cells": {"town": "x"}}]}, "no column is called 'town'; columns: city, value"),
        ({"rows": [row({}, formula="a")]}, "a formula and its inputs are given together"),
        ({"rows": [row({}, 'x" onclick="')]}, "is no observation id"),
        ({"columns": [{"label": "City"}]}, "a column is an object with id, label and numeric"),
        ({"columns": [{"id": "a"}, {"id": "a"}]}, "two columns have the same id"),
        ({"kind": "chart"}, "a chart has a figure with data"),
        ({"kind": "sources", "rows": [row({})]}, "an entry is of one observation, not 0"),
    ],
)
def test_a_display_of_another_form_is_refused_with_its_cell(change: dict[str, Any], complaint: str) -> None:
    payload = display("table", "en", {"city": "City", "value": "Value"}, []) | change
    with pytest.raises(WrongShape, match=r"^cell 2: .*" + re.escape(complaint)):
        render(notebook(prose("# T"), shown(payload)), "en")


def test_a_display_that_is_no_object_is_refused() -> None:
    with pytest.raises(WrongShape, match="cell 1: a display is an object"):
        render(notebook(shown(["table"])), "en")


def test_a_display_in_another_language_than_the_page_is_refused() -> None:
    with pytest.raises(PageError, match="is in en, the page in zh"):
        render(handmade.small("en"), "zh")


def test_a_chart_that_would_be_lost_is_refused() -> None:
    with pytest.raises(PageError, match="cell 2 shows a plotly figure without the record"):
        render(notebook(prose("# T"), shown({"data": []}, mime=handmade.PLOTLY_MIME)), "en")


def test_a_notebook_that_stopped_is_refused() -> None:
    stopped = new_code_cell(
        "1/0", outputs=[new_output("error", ename="ZeroDivisionError", evalue="division by zero")]
    )
    with pytest.raises(PageError, match="cell 2 ended with ZeroDivisionError: division by zero"):
        render(notebook(prose("# T"), stopped), "en")


def test_equal_notebooks_give_equal_bytes() -> None:
    assert render(handmade.small(), "en").html == render(handmade.small(), "en").html


def test_a_page_names_no_address_to_fetch_from() -> None:
    html = render(handmade.small(), "en").html
    assert not re.findall(r'(?:src|srcset|data|action)="(?!data:)[^"]*"', html)
    assert "@import" not in html
    assert "url(" not in html


def test_the_policy_allows_two_scripts_by_their_hashes_and_no_other() -> None:
    html = render(handmade.small(), "en").html
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', html)
    assert "default-src 'none'" in policy
    assert len(re.findall("sha256-", policy)) == 2
    assert "unsafe-eval" not in policy
    assert html.index("Content-Security-Policy") < html.index("<title>")


def test_json_of_a_figure_cannot_end_its_element() -> None:
    hostile = '</script><script>alert("1")</script>'
    made = notebook(prose("# T"), shown(handmade.chart("en", "Chart", [], label=hostile)))
    html = render(made, "en").html
    assert hostile not in html
    (figure,) = re.findall(r'</div>\s*<script type="application/json">(.*?)</script>', html, re.S)
    assert json.loads(figure)["data"][0]["text"][1] == hostile


def test_only_a_web_address_becomes_a_link() -> None:
    for url, linked in (
        ("https://example.org/a?b=1&c", True),
        ("javascript:alert(1)", False),
        ("file:///x", False),
    ):
        html = render(notebook(prose("# T"), shown(handmade.sources("en", "doc.001", url=url))), "en").html
        assert ('rel="external noreferrer"' in html) is linked


def test_a_page_links_its_other_language_and_the_index() -> None:
    siblings: dict[Any, str] = {"zh": "brief_x.zh.html", "en": "brief_x.en.html"}
    html = render(handmade.small(), "en", siblings=siblings, index="index.html").html
    assert '<a href="brief_x.zh.html" lang="zh-CN" hreflang="zh-CN">中文</a>' in html
    assert '<a href="index.html">' in html
    assert "brief_x.en.html" not in html


def test_nbconvert_knows_the_page_as_a_format() -> None:
    exporter = get_exporter("ecobrief")()
    html, resources = exporter.from_notebook_node(handmade.small("zh"))
    assert '<html lang="zh-CN"' in html
    assert resources["output_extension"] == ".html"
    with pytest.raises(PageError):
        get_exporter("ecobrief")(lang="en").from_notebook_node(handmade.small("zh"))
