"""What a cell hands to our pages, to JupyterLab and to plain nbconvert."""

from __future__ import annotations

import csv
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest

from ecobrief import figures
from ecobrief.figures import Chart, Column, Mark, Row
from ecobrief.figures.display import ECOBRIEF_MIME, PLOTLY_MIME, Display

HOSTILE = '<script>alert(1)</script><img src=x onerror="alert(1)"><b>"'
ABOUT = {"data_version": "0.1.0", "cut_off": "2026-11-21", "licence": "CC-BY-4.0"}
COLUMNS = (Column("city", "City"), Column("value", "Value", numeric=True))


def bundle(shown: Display) -> dict[str, Any]:
    return shown._repr_mimebundle_()


def payload(shown: Display) -> dict[str, Any]:
    return dict(bundle(shown)[ECOBRIEF_MIME])


def metric(**more: Any) -> Row:
    return Row({"metric": "Forest cover", "value": "76.30 %"}, **more)


def entry(observation_id: str, **cells: str) -> Row:
    return Row({"what": "Forest cover, Benxi", "printed": "76.30 %"} | cells, (observation_id,))


def sample_chart() -> Chart:
    rows = (
        Mark("Benxi", "76.3 %", 76.3, 76.25, 76.35, "2020", 2020.0, observations=("doc.001",)),
        Mark("Rongchang", "not stated in the reply letter of 2022"),
    )
    return Chart("ranges", "Forest cover side by side", "Forest cover", "%", rows, "en", "Four cities.")


# The seam


def test_a_table_reaches_the_page_with_text_columns_and_provenance() -> None:
    rows = [Row({"city": "Benxi", "value": "76.30 %"}, ("doc.001", "web.002"))]
    shown = payload(figures.table("Forest cover", COLUMNS, rows, "As printed.", lang="en", unit="%"))
    assert shown == {
        "kind": "table",
        "lang": "en",
        "title": "Forest cover",
        "unit": "%",
        "caption": "As printed.",
        "columns": [
            {"id": "city", "label": "City", "numeric": False},
            {"id": "value", "label": "Value", "numeric": True},
        ],
        "rows": [
            {
                "cells": {"city": "Benxi", "value": "76.30 %"},
                "observations": ["doc.001", "web.002"],
                "formula": "",
                "inputs": [],
            }
        ],
    }


def test_a_chart_reaches_the_page_as_figure_and_as_table() -> None:
    shown = payload(figures.chart(sample_chart()))
    assert shown["kind"] == "chart"
    assert set(shown["figure"]) == {"data", "layout"}
    assert [row["cells"]["value"] for row in shown["rows"]] == [
        "76.3 %",
        "not stated in the reply letter of 2022",
    ]
    assert shown["caption"].startswith("Bars show")
    assert shown["caption"].endswith(" Four cities.")


def test_a_chart_reaches_the_page_as_a_picture_that_leads_to_the_same_entries() -> None:
    shown = payload(figures.chart(sample_chart()))
    picture = ElementTree.fromstring(shown["picture"])
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    doors = {link.get("href") for link in picture.iter("{http://www.w3.org/2000/svg}a")}
    assert doors == {"#obs-doc.001"}
    assert "picture" not in payload(figures.sentence("No figure here.", lang="en"))


def test_jupyterlab_gets_the_chart_drawn_with_its_title() -> None:
    drawing = bundle(figures.chart(sample_chart()))[PLOTLY_MIME]
    assert drawing["layout"]["title"]["text"] == "Forest cover side by side"
    assert "title" not in payload(figures.chart(sample_chart()))["figure"]["layout"]
    assert PLOTLY_MIME not in bundle(figures.sentence("No figure here.", lang="en"))


def test_only_the_types_that_are_asked_for_are_made() -> None:
    shown = figures.chart(sample_chart())
    whole = bundle(shown)
    assert shown._repr_mimebundle_(include=[ECOBRIEF_MIME]) == {ECOBRIEF_MIME: whole[ECOBRIEF_MIME]}
    assert shown._repr_mimebundle_(include=[PLOTLY_MIME]) == {PLOTLY_MIME: whole[PLOTLY_MIME]}
    assert set(shown._repr_mimebundle_(exclude=["text/html"])) == set(whole) - {"text/html"}
    assert "title" not in whole[ECOBRIEF_MIME]["figure"]["layout"]


def test_every_bundle_is_plain_json_and_equal_contents_give_equal_bytes() -> None:
    first, second = (json.dumps(bundle(figures.chart(sample_chart())), allow_nan=False) for _ in range(2))
    assert first == second


def test_a_headline_has_the_columns_of_the_first_screen() -> None:
    rows = [metric(observations=("doc.001",))]
    shown = payload(figures.headline("Benxi", rows, "Data 0.1.0", ABOUT, lang="en"))
    assert [column["id"] for column in shown["columns"]] == [
        "theme",
        "metric",
        "value",
        "period",
        "scope",
        "interval",
        "standing",
        "reason",
        "source",
    ]
    assert shown["rows"][0]["cells"]["standing"] == ""
    assert shown["about"] == ABOUT


def test_a_row_hands_over_its_key_its_record_and_what_it_points_to_and_nothing_where_it_has_none() -> None:
    said = {"id": "doc.001", "evidence": '76.30% "a, b"'}
    row = Row({"printed": "76.30 %"}, ("doc.001",), key="fact", see=("finding.sum",), record=said)
    shown = payload(figures.sources([row, entry("doc.002")], lang="en"))
    first, second = shown["rows"]
    names, values = (next(csv.reader([line])) for line in (shown["recorded"], first["record"]))
    assert {name: value for name, value in zip(names, values, strict=True) if value} == said
    assert (first["key"], first["see"]) == ("fact", ["finding.sum"])
    assert not {"key", "see", "record", "doors"} & set(second)
    assert "recorded" not in payload(figures.sources([entry("doc.002")], lang="en"))


def test_a_sentence_is_one_row_with_one_cell() -> None:
    shown = payload(
        figures.sentence("Cover rose.", formula="b - a", inputs=["doc.001", "doc.002"], lang="en")
    )
    assert shown["rows"] == [
        {
            "cells": {"text": "Cover rose."},
            "observations": [],
            "formula": "b - a",
            "inputs": ["doc.001", "doc.002"],
        }
    ]


# Numbers that lead nowhere


def test_a_headline_number_without_a_source_is_refused() -> None:
    with pytest.raises(ValueError, match=r'untraceable number in "Benxi", column value: "76.30 %"'):
        figures.headline("Benxi", [metric()], "", ABOUT, lang="en")
    figures.headline("Benxi", [metric(formula="a / b", inputs=("doc.001",))], "", ABOUT, lang="en")


def test_a_number_in_full_width_digits_is_a_number() -> None:
    with pytest.raises(ValueError, match="untraceable number"):
        figures.table("T", COLUMNS, [Row({"value": "76"})], lang="zh")


def test_a_row_that_says_nothing_is_stated_may_name_a_year() -> None:
    reason = {"metric": "Good days", "value": "not stated in the one document held (reply letter, 2022)"}
    with pytest.raises(ValueError, match="untraceable number"):
        figures.headline("Rongchang", [Row(reason)], "", ABOUT, lang="en")
    shown = payload(figures.headline("Rongchang", [Row(reason, absent=True)], "", ABOUT, lang="en"))
    assert shown["rows"][0]["formula"] == ""


def test_a_formula_without_its_inputs_is_refused_and_so_are_inputs_without_formula() -> None:
    with pytest.raises(ValueError, match="names no observations"):
        Row({}, formula="a / b")
    with pytest.raises(ValueError, match="without a formula"):
        Row({}, inputs=("doc.001",))


def test_a_door_leads_only_to_what_its_row_names() -> None:
    with pytest.raises(ValueError, match=r"a door leads to doc\.009"):
        Row({"value": "1"}, ("doc.001",), doors={"value": ("doc.009",)})
    row = Row({"value": "1"}, ("doc.001",), doors={"value": ("doc.001",)})
    shown = figures.table("T", COLUMNS, [row], lang="en")
    assert payload(shown)["rows"][0]["doors"] == {"value": ["doc.001"]}
    assert '<a href="#obs-doc.001">1</a>' in shown.html()


def test_a_cell_of_an_unknown_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="has no column vlaue"):
        figures.table("T", COLUMNS, [Row({"vlaue": "1"}, ("doc.001",))], lang="en")


@pytest.mark.parametrize("wrong", ["", 'a" onclick="x', "a b", "#top", "../x"])
def test_an_id_that_could_not_be_an_anchor_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="is no observation id"):
        Row({}, (wrong,))


def test_a_sources_row_is_the_entry_of_its_first_observation_and_each_has_one_entry() -> None:
    with pytest.raises(ValueError, match="this one names none"):
        figures.sources([Row({"printed": "none"})], lang="en")
    both = Row({"conflict": "2"}, ("doc.001", "doc.002"), doors={"conflict": ("doc.002",)})
    shown = figures.sources([both, entry("doc.002")], lang="en")
    assert [row.observations[0] for row in shown.rows] == ["doc.001", "doc.002"]
    with pytest.raises(ValueError, match=r"doc\.001 has two sources rows"):
        figures.sources([entry("doc.001"), entry("doc.001")], lang="en")


# The fallback


def test_a_number_links_to_the_entry_of_its_first_observation() -> None:
    shown = figures.table(
        "T", COLUMNS, [Row({"city": "A", "value": "1"}, ("doc.001", "doc.002"))], lang="en"
    ).html()
    assert '<a href="#obs-doc.001">1</a>' in shown
    assert '<p id="obs-doc.001">' in figures.sources([entry("doc.001")], lang="en").html()


def test_a_sentence_and_a_derived_number_name_what_they_rest_on() -> None:
    assert 'href="#obs-doc.001"' in figures.sentence("It rose.", ["doc.001"], lang="en").html()
    derived = Row({"value": "12 %"}, formula="a / b", inputs=("doc.001", "doc.002"))
    shown = figures.table("T", COLUMNS, [derived], lang="en").html()
    assert "a / b" in shown
    assert 'href="#obs-doc.002"' in shown


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " https://a.example", "data:text/html,x", "//a.example", ""]
)
def test_only_web_addresses_become_links(address: str) -> None:
    assert "<a " not in figures.sources([entry("doc.001", url=address)], lang="en").html()
    good = figures.sources([entry("doc.001", url="https://a.example/?a=1&b=2")], lang="en").html()
    assert '<a href="https://a.example/?a=1&amp;b=2"' in good


def test_hostile_text_is_text_wherever_it_stands() -> None:
    row = Row({"city": HOSTILE, "value": HOSTILE}, formula=HOSTILE, inputs=("doc.001",))
    columns = (Column("city", HOSTILE), Column("value", HOSTILE, numeric=True))
    marks = (Mark(HOSTILE, HOSTILE, 1.0, x=2020.0, period=HOSTILE, observations=("doc.001",)),)
    shown = [
        figures.table(HOSTILE, columns, [row], HOSTILE, lang="en", unit=HOSTILE),
        figures.headline(
            HOSTILE,
            [Row({"metric": HOSTILE, "value": HOSTILE}, absent=True)],
            HOSTILE,
            {"licence": HOSTILE},
            lang="en",
        ),
        figures.sentence(HOSTILE, formula=HOSTILE, inputs=["doc.001"], lang="en"),
        figures.sources([entry("doc.001", url=HOSTILE, note=HOSTILE)], lang="en"),
        figures.chart(Chart("series", HOSTILE, HOSTILE, HOSTILE, marks, "en", HOSTILE)),
    ]
    for each in shown:
        tags = set(re.findall(r"<(\w+)", each.html()))
        assert tags <= {"section", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "small", "a"}
        assert "&lt;script&gt;" in each.html()


def test_the_fallback_names_its_language() -> None:
    assert '<section lang="zh-Hans"' in figures.sentence("上升。", lang="zh").html()
    assert '<section lang="en"' in figures.sentence("It rose.", lang="en").html()


def test_a_terminal_shows_the_table_as_text() -> None:
    shown = bundle(figures.table("T", COLUMNS, [Row({"city": "A", "value": "1"}, ("doc.001",))], lang="en"))
    assert shown["text/plain"] == "T\nCity | Value\nA | 1"


def test_plain_nbconvert_shows_the_numbers_of_a_chart() -> None:
    from nbconvert import HTMLExporter
    from nbformat import v4

    output = v4.new_output("display_data", bundle(figures.chart(sample_chart())))
    notebook = v4.new_notebook(cells=[v4.new_code_cell("", outputs=[output])])
    page, _ = HTMLExporter().from_notebook_node(notebook)
    assert "76.3 %" in page
    assert "not stated in the reply letter of 2022" in page
