"""From notebook to page: what is shown, what is left out, and what is refused."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import nbformat
import pytest
from nbconvert.exporters import get_exporter
from nbformat.v4 import new_code_cell, new_output

import handmade
from ecobrief.publish import embedded, plotlyjs
from ecobrief.publish.display import read
from ecobrief.publish.errors import PageError, UntraceableNumber, WrongShape
from ecobrief.publish.page import Made, render
from ecobrief.publish.template import static
from elements import elements, entry, links, words
from handmade import display, notebook, prose, row, shown


def table(*rows: dict[str, Any], **more: Any) -> nbformat.NotebookNode:
    return shown(display("table", "en", {"city": "City", "value": "Value#"}, list(rows), **more))


def made_page(*cells: nbformat.NotebookNode, **more: Any) -> Element:
    """The elements of the page of these cells, under a title."""
    return elements(render(notebook(prose("# T"), *cells), "en", **more).html)


def listed(*rows: dict[str, Any], title: str = "Sources") -> nbformat.NotebookNode:
    return shown(handmade.entries("en", *rows, title=title))


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
    html = elements(render(handmade.small(lang), lang).html).find("html")
    assert html is not None
    assert html.get("lang") == declared


def test_a_page_is_made_for_light_and_dark() -> None:
    html = render(handmade.small(), "en").html
    schemes = [
        meta.get("content") for meta in elements(html).iter("meta") if meta.get("name") == "color-scheme"
    ]
    assert schemes == ["light dark"]
    assert re.search(r"@media[^{]*prefers-color-scheme: ?dark", static("brief.css"))
    assert static("brief.css") in html


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
    made = elements(page.html)
    assert [body.get("data-charts") for body in made.iter("body")] == ["3"]
    assert [figure.get("data-chart") for figure in made.iter("figure")] == ["1", "2", "3"]
    assert page.observations == ("doc.001",)


def test_a_page_without_charts_carries_no_plotly_and_is_ready() -> None:
    page = elements(render(handmade.small(charts=0), "en").html)
    assert [html.get("data-ready") for html in page.iter("html")] == ["1"]
    assert not [script for script in page.iter("script") if script.get("id") == "plotlyjs"]


# Doors


def test_a_number_links_to_its_first_observation_and_names_the_others() -> None:
    page = made_page(
        table(row({"city": "Benxi", "value": "97.4 %"}, "doc.002", "doc.001")),
        shown(handmade.sources("en", "doc.001", "doc.002")),
    )
    (cell,) = page.iter("td")
    assert links(cell) == [("#e2", "97.4 %"), ("#e1", "1")]
    assert entry(page, "#e2").tag == "li"


def test_entries_that_follow_each_other_are_named_from_to() -> None:
    names = [f"doc.{number:03d}" for number in range(1, 7)]
    page = made_page(
        table(row({"city": "Benxi", "value": "97.4 %"}, names[5], *names[:4])),
        shown(handmade.sources("en", *names)),
    )
    (cell,) = page.iter("td")
    assert links(cell) == [("#e6", "97.4 %"), ("#e1", "1–4")]


def test_where_several_cells_show_figures_each_leads_to_its_own() -> None:
    columns = {"city": "City", "reported": "Reported#", "counted": "Counted#", "days": "Valid days#"}
    led = {
        **row({"city": "Benxi", "reported": "331", "counted": "22", "days": "365"}, "doc.001", "doc.002"),
        "doors": {"reported": ["doc.002"], "counted": ["doc.001", "doc.002"]},
    }
    page = made_page(
        shown(display("table", "en", columns, [led])), shown(handmade.sources("en", "doc.001", "doc.002"))
    )
    assert [links(cell) for cell in page.iter("td")] == [[("#e2", "331")], [("#e1", "22"), ("#e2", "2")], []]
    assert words(page.findall(".//td")[2]) == "365"


@pytest.mark.parametrize(
    "doors", [["doc.001"], {"value": ["doc.009"]}, {"vlaue": ["doc.001"]}, {"value": "doc.001"}]
)
def test_a_door_that_leads_nowhere_is_refused(doors: Any) -> None:
    wrong = {**row({"value": "1"}, "doc.001"), "doors": doors}
    made = notebook(prose("# T"), table(wrong), shown(handmade.sources("en", "doc.001")))
    with pytest.raises(WrongShape, match="doors"):
        render(made, "en")


def test_a_computed_number_shows_its_formula_and_links_its_inputs_by_what_they_print() -> None:
    page = made_page(
        table(row({"city": "Benxi", "value": "92.1"}, formula="336 ÷ 365 × 100", inputs=("doc.001",))),
        shown(handmade.sources("en", "doc.001", printed="336 天")),
    )
    (formula,) = (span for span in page.iter("span") if span.get("class") == "formula")
    assert words(formula) == "Computed: 336 ÷ 365 × 100; from: 336 天"
    assert links(formula) == [("#e1", "336 天")]


def test_many_inputs_are_named_by_the_numbers_of_their_entries() -> None:
    names = [f"doc.{number:03d}" for number in range(1, 9)]
    page = made_page(
        table(row({"city": "Benxi", "value": "92.1"}, formula="mean", inputs=tuple(names))),
        shown(handmade.sources("en", *names)),
    )
    (formula,) = (span for span in page.iter("span") if span.get("class") == "formula")
    assert links(formula) == [("#e1", "1–8")]


def test_a_sentence_names_its_sources_behind_it() -> None:
    sentence = display("sentence", "en", {"text": ""}, [row({"text": "Days rose."}, "doc.001")])
    page = made_page(shown(sentence), shown(handmade.sources("en", "doc.001")))
    (said,) = (line for line in page.iter("p") if line.get("class") == "sentence")
    assert words(said) == "Days rose.[1]"
    assert links(said) == [("#e1", "1")]


def test_not_stated_is_shown_with_its_reason_and_without_a_link() -> None:
    page = made_page(table(row({"city": "Rongchang", "value": "not stated in the letter, 2022"})))
    (cell,) = page.iter("td")
    assert (words(cell), links(cell)) == ("not stated in the letter, 2022", [])


def test_every_address_on_a_page_is_a_place_on_it() -> None:
    page = elements(render(handmade.small(charts=2), "en").html)
    inside = [address for address, _ in links(page) if address.startswith("#")]
    assert len(inside) > 5
    for address in inside:
        entry(page, address)


def test_the_door_of_a_point_and_of_a_picture_is_that_of_its_row() -> None:
    page = render(handmade.small(), "en")
    (chart,) = embedded.read(page.html)["charts"]
    assert chart["data"][0]["customdata"] == [[], [[1, 1]]]
    (picture,) = elements(page.html).iter("svg")
    assert links(picture) == [("#e1", "97.4")]
    assert "obs-" not in page.html


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
    twice = [shown(handmade.sources("en", "doc.001")) for _ in range(2)]
    with pytest.raises(WrongShape, match=r"doc\.001 has two entries"):
        render(notebook(prose("# T"), *twice), "en")


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
        ({"about": {"data_version": 1}}, "data_version is text, not int 1"),
        ({"recorded": "id", "rows": [row({}) | {"record": "a,b"}]}, "a record has 1 values"),
        ({"recorded": ["id"]}, "recorded is a line of CSV, not list"),
        ({"recorded": 'i"d', "rows": [row({}) | {"record": '"a'}]}, "is no line of CSV"),
        ({"kind": "sources", "rows": [row({})]}, "an entry is of an observation; this one names none"),
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


def policy_of(page: Element) -> str:
    (found,) = (meta for meta in page.iter("meta") if meta.get("http-equiv") == "Content-Security-Policy")
    return found.get("content", "")


def test_the_policy_allows_two_scripts_by_their_hashes_and_no_other() -> None:
    page = elements(render(handmade.small(), "en").html)
    policy = policy_of(page)
    own = page.findall(".//script")[-1]
    assert "default-src 'none'" in policy
    assert set(re.findall("'(sha256-[^']+)'", policy)) == {
        plotlyjs.source_hash((own.text or "").encode()),
        plotlyjs.bundle().source_hash,
    }
    assert "unsafe-eval" not in policy
    head = page.find(".//head")
    assert head is not None
    tags = [element.get("http-equiv") or element.tag for element in head]
    assert tags.index("Content-Security-Policy") < tags.index("title")


def test_what_is_not_the_script_of_the_page_is_data_and_does_not_run() -> None:
    page = elements(render(handmade.small(), "en").html)
    *data, _ = page.iter("script")
    assert [script.get("type") for script in data] == ["application/json", *["application/octet-stream"] * 2]


def test_json_of_a_figure_cannot_end_its_element() -> None:
    hostile = '</script><script>alert("1")</script>'
    made = notebook(prose("# T"), shown(handmade.chart("en", "Chart", [], label=hostile)))
    html = render(made, "en").html
    assert hostile not in html
    assert embedded.read(html)["charts"][0]["data"][0]["text"][1] == hostile


def test_only_a_web_address_becomes_a_link() -> None:
    for url, linked in (
        ("https://example.org/a?b=1&c", True),
        ("javascript:alert(1)", False),
        ("file:///x", False),
    ):
        page = made_page(shown(handmade.sources("en", "doc.001", url=url)))
        (document,) = (line for line in page.iter("p") if line.get("class") == "document")
        assert links(document) == ([(url, "example.org")] if linked else [])
        assert linked or url in words(document)


def test_a_page_links_its_other_language_and_the_index() -> None:
    siblings: dict[Any, str] = {"zh": "brief_x.zh.html", "en": "brief_x.en.html"}
    page = elements(render(handmade.small(), "en", siblings=siblings, index="index.html").html)
    (others,) = (nav for nav in page.iter("nav") if nav.get("aria-label") == "Other pages")
    assert links(others) == [("index.html", "All briefs"), ("brief_x.zh.html", "中文")]
    other = others.findall(".//a")[1]
    assert (other.get("lang"), other.get("hreflang")) == ("zh-CN", "zh-CN")
    assert "brief_x.en.html" not in [address for address, _ in links(page)]


def test_nbconvert_knows_the_page_as_a_format() -> None:
    exporter = get_exporter("ecobrief")()
    html, resources = exporter.from_notebook_node(handmade.small("zh"))
    assert html == render(handmade.small("zh"), "zh").html
    assert resources["output_extension"] == ".html"
    with pytest.raises(PageError):
        get_exporter("ecobrief")(lang="en").from_notebook_node(handmade.small("zh"))


# The first screen

HEADLINE = {
    "theme": "Theme",
    "metric": "Metric",
    "value": "Value#",
    "period": "Period",
    "scope": "Scope",
    "reason": "Reason",
}
METRICS = [
    row({"theme": "Air", "metric": "Good days", "value": "351 days", "period": "2022"}, "doc.001")
    | {"key": "headline.benxi.good_air_days"},
    row({"theme": "Air", "metric": "Share of good days", "value": "97.4 %", "period": "2021"}, "doc.002"),
    row({"theme": "Forest", "metric": "Forest cover", "value": "not stated", "reason": "Letter, 2022"}),
]
ABOUT = {"data_version": "0.1.0", "cut_off": "2026-11-21", "licence": "CC-BY-4.0"}
ENTRIES = shown(handmade.sources("en", "doc.001", "doc.002"))


def headline(**more: Any) -> nbformat.NotebookNode:
    return shown(display("headline", "en", HEADLINE, METRICS, title="Benxi", **more))


def test_a_headline_is_one_card_a_theme_with_what_is_said_of_its_first_metric() -> None:
    page = made_page(headline(), ENTRIES)
    air, forest = (card for card in page.iter("div") if card.get("class") == "metric")
    assert [words(card.find("h2")) for card in (air, forest)] == ["Good days", "Forest cover"]
    assert links(air) == [("#e1", "351 days"), ("#e2", "97.4 %")]
    assert [(words(pair.find("dt")), words(pair.find("dd"))) for pair in air.findall("dl/div")] == [
        ("Period", "2022")
    ]
    (also,) = (line for line in air.iter("p") if line.get("class") == "also")
    assert words(also) == "Share of good days: 97.4 %; 2021"


def test_a_metric_that_is_not_stated_says_why_and_has_no_link() -> None:
    page = made_page(headline(), ENTRIES)
    _, forest = (card for card in page.iter("div") if card.get("class") == "metric")
    assert links(forest) == []
    assert [words(line) for line in forest.iter("p") if line.get("class") == "value absent"] == ["not stated"]
    assert words(forest.find("dl")) == "ReasonLetter, 2022"


def test_a_page_tells_its_metrics_for_the_manifest_and_which_are_stated() -> None:
    metrics = render(notebook(headline(), ENTRIES), "en").metrics
    assert metrics[0]["id"] == "good_air_days"
    assert [(one["metric"], one["value"], one["period"], one["stated"]) for one in metrics] == [
        ("Good days", "351 days", "2022", True),
        ("Share of good days", "97.4 %", "2021", True),
        ("Forest cover", "not stated", "", False),
    ]


def test_a_second_headline_is_refused() -> None:
    with pytest.raises(PageError, match='a page has one headline; here are "Benxi" and "Benxi"'):
        render(notebook(headline(), headline(), ENTRIES), "en")


# Entries

PLAN = {
    "document": "Plan (2021)",
    "imprint": "《规划》 · City",
    "tier": "official document",
    "url": "https://example.org/plan",
}


def documents(page: Element) -> list[Element]:
    return [line for line in page.iter("p") if line.get("class") == "document"]


def test_a_document_stands_in_full_over_its_first_entries_and_as_a_link_over_later_ones() -> None:
    letter = {"document": "Letter (2022)", "tier": "official document"}
    page = made_page(
        listed(
            handmade.entry("doc.001", **PLAN),
            handmade.entry("doc.002", **PLAN),
            handmade.entry("doc.003", **letter),
            title="Air",
        ),
        listed(handmade.entry("doc.004", **PLAN), title="Forest"),
    )
    plan, reply, again = documents(page)
    assert words(plan) == "Plan (2021) 《规划》 · City · official document example.org"
    assert words(reply) == "Letter (2022) · official document"
    assert words(again) == "Plan (2021)"
    ((address, _),) = links(again)
    assert entry(page, address) is plan
    assert [[item.get("id") for item in items.iter("li")] for items in page.iter("ol")] == [
        ["e1", "e2"],
        ["e3"],
        ["e4"],
    ]
    assert [items.get("start") for items in page.iter("ol")] == ["1", "3", "4"]


def test_two_documents_of_one_name_each_show_their_own_publisher_and_address() -> None:
    other = {**PLAN, "imprint": "《规划》 · County", "url": "https://example.com/other"}
    page = made_page(listed(handmade.entry("doc.001", **PLAN), handmade.entry("doc.002", **other)))
    assert [links(line)[0][0] for line in documents(page)] == [PLAN["url"], other["url"]]


def test_entries_of_a_group_stand_under_its_name() -> None:
    rows = [handmade.entry(f"doc.{n:03d}", group=group, **PLAN) for n, group in enumerate(["A", "A", "B"], 1)]
    page = made_page(listed(*rows))
    assert [len(list(items)) for items in page.iter("ol")] == [2, 1]
    heads = [words(line) for line in documents(page)]
    assert heads[0].startswith("A")
    assert heads[-1] == "B"


def test_entries_of_no_group_do_not_stand_under_the_name_of_the_one_before() -> None:
    rows = [handmade.entry(f"doc.{n:03d}", group=group, **PLAN) for n, group in enumerate(["A", ""], 1)]
    last = documents(made_page(listed(*rows)))[-1]
    assert words(last) == PLAN["document"]
    assert links(last)[0][0] == "#d1"


def test_an_entry_shows_what_is_printed_its_evidence_and_its_place() -> None:
    page = made_page(
        listed(handmade.entry("doc.001", printed="351 天", evidence="优良天数351天", place="24"))
    )
    item = entry(page, "#e1")
    assert [words(item.find(tag)) for tag in ("b", "q", "i")] == ["351 天", "优良天数351天", "24"]


def test_an_entry_whose_evidence_is_the_print_shows_it_once() -> None:
    page = made_page(listed(handmade.entry("doc.001", printed="351 天", evidence="351天", place="24")))
    assert words(entry(page, "#e1")) == "Days with AQI ≤ 100 351天 24"


def test_an_entry_leads_to_what_it_conflicts_with_and_to_the_finding_about_it() -> None:
    one = handmade.entry("doc.001", conflict="also printed: 96.2 %", finding="inconsistent: a sum")
    one |= {
        "observations": ["doc.001", "doc.002"],
        "doors": {"conflict": ["doc.002"]},
        "see": ["finding.sum"],
    }
    finding = row({"city": "Benxi", "value": "a sum"}, "doc.001") | {"key": "finding.sum"}
    page = made_page(
        table(finding, row({"city": "Chifeng", "value": "1"}, "doc.002")),
        listed(one, handmade.entry("doc.002")),
    )
    conflict, why = links(entry(page, "#e1"))
    assert conflict == ("#e2", "also printed: 96.2 %")
    assert why == ("#k1", "finding 1")
    assert words(entry(page, why[0])).startswith("Benxi")


def test_an_entry_does_not_point_to_a_finding_that_is_not_on_the_page() -> None:
    one = handmade.entry("doc.001", finding="inconsistent: a sum") | {"see": ["finding.sum"]}
    assert links(entry(made_page(listed(one)), "#e1")) == []


def test_a_long_list_of_entries_in_the_middle_of_a_page_is_folded_and_the_last_one_is_not() -> None:
    def folded(*lists: nbformat.NotebookNode) -> list[bool]:
        found = (part for part in made_page(*lists).iter("section") if part.get("class") == "entries")
        return [part.find("details") is not None for part in found]

    long = [handmade.entry(f"doc.{number:03d}") for number in range(1, 42)]
    assert folded(listed(*long), listed(handmade.entry("doc.100"))) == [True, False]
    assert folded(listed(*long[1:]), listed(handmade.entry("doc.100"))) == [False, False]
    assert folded(listed(*long)) == [False]


# What a page carries


def test_the_data_in_a_page_is_what_its_displays_say() -> None:
    made = notebook(headline(about=ABOUT), ENTRIES)
    displays = [read(cell.outputs[0].data[handmade.MIME]) for cell in made.cells]
    about = {"title": "Benxi", "lang": "en", "notebook": "", "parameters": {}, "ecobrief": "", **ABOUT}
    assert embedded.read(render(made, "en").html) == embedded.content(about, displays)


def test_a_page_says_how_it_was_made_and_how_to_make_it_again() -> None:
    made = Made("brief_city.ipynb", {"city": "benxi", "lang": "en"}, "0.5.0")
    html = render(notebook(headline(about=ABOUT), ENTRIES), "en", made=made).html
    take = entry(elements(html), "#take")
    said = {words(pair.find("dt")): words(pair.find("dd")) for pair in take.findall(".//dl/div")}
    assert said == {
        "Notebook": "brief_city.ipynb",
        "city": "benxi",
        "lang": "en",
        "Data version": "0.1.0",
        "Licence of the data": "CC-BY-4.0",
        "ecobrief": "0.5.0",
    }
    (again,) = (pre for pre in take.iter("pre") if "papermill" in words(pre))
    assert words(again).startswith("papermill notebooks/brief_city.ipynb out.ipynb -p city benxi -p lang en ")
    assert embedded.read(html)["about"]["parameters"] == {"city": "benxi", "lang": "en"}


def test_a_page_names_the_plotly_js_it_was_made_with() -> None:
    made = Made("brief_city.ipynb", {}, "0.5.0")
    take = entry(elements(render(handmade.small(), "en", made=made).html), "#take")
    said = {words(pair.find("dt")): words(pair.find("dd")) for pair in take.findall(".//dl/div")}
    assert said["plotly.js"] == plotlyjs.bundle().version


@pytest.mark.parametrize("about", [{}, {"data_version": "0.1.0"}, {"cut_off": "2026-11-21"}])
def test_without_version_and_day_of_the_data_a_page_gives_no_citation(about: dict[str, str]) -> None:
    def cited(about: dict[str, str]) -> bool:
        take = entry(made_page(headline(about=about), ENTRIES), "#take")
        return "Citation" in [words(head) for head in take.iter("h3")]

    assert cited(ABOUT)
    assert not cited(about)


def test_a_page_is_cited_as_text_as_bibtex_and_as_ris() -> None:
    take = entry(made_page(headline(about=ABOUT), ENTRIES), "#take")
    (text,) = (line for line in take.iter("p") if line.get("class") == "citation")
    bibtex, ris = take.iter("pre")
    assert "data version 0.1.0" in words(text)
    assert (bibtex.text or "").startswith("@misc{ecobrief-0.1.0-")
    assert (ris.text or "").splitlines()[0] == "TY  - DATA"


# Shared plotly.js


def test_a_page_that_shares_plotly_js_names_the_file_and_does_not_carry_it() -> None:
    alone = render(handmade.small(), "en").html
    html = render(handmade.small(), "en", shared="assets/plotly.min.js").html
    assert len(html) < len(alone) - 500_000
    page = elements(html)
    (holder,) = (script for script in page.iter("script") if script.get("id") == "plotlyjs")
    assert (holder.get("data-src"), holder.text) == ("assets/plotly.min.js", None)
    assert plotlyjs.bundle().source_hash not in policy_of(page)
    assert plotlyjs.bundle().source_hash in policy_of(elements(alone))
    assert embedded.read(html) == embedded.read(alone)


# Warming

WARMED = """
import sys
sys.path.append(sys.argv[1])
import handmade
from ecobrief.publish import page, plotlyjs, template
from ecobrief.wording import catalogue

made = {lang: handmade.small(lang) for lang in ("zh", "en")}
page.warm()
caches = plotlyjs.bundle, template.static, template.environment, catalogue
before = [cache.cache_info().misses for cache in caches], set(sys.modules)
template.environment().compile = None
for lang, notebook in made.items():
    page.render(notebook, lang, made=page.Made("small.ipynb", {}, "1"))
assert ([cache.cache_info().misses for cache in caches], set(sys.modules)) == before
"""


def test_the_first_page_after_warming_imports_reads_and_compiles_nothing() -> None:
    subprocess.run([sys.executable, "-c", WARMED, Path(__file__).parent], check=True)
