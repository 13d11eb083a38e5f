"""Chart records, where their marks lie, and what plotly is given to draw."""

from __future__ import annotations

import dataclasses
import html
import json
import math
import re
import subprocess
import sys
from importlib import resources
from itertools import combinations
from typing import Any

import plotly.graph_objects as go
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.figures import Chart, Mark, as_table, draw, period_span, theme
from ecobrief.figures.axes import value_axis, year_axis
from ecobrief.figures.chart import key, segments

KINDS = ("series", "ranges", "bars", "spans")
HOSTILE = '<img src=x onerror="alert(1)"><b>bold</b> &lt;i&gt; $x^2$ %{y}'


def reading(label: str, year: int, value: float, **more: Any) -> Mark:
    given = {
        "printed": f"{value} %",
        "value": value,
        "low": value - 0.05,
        "high": value + 0.05,
        "period": str(year),
        "x": float(year),
        "observations": ("doc.001",),
    }
    return Mark(label, **(given | more))


def share(label: str, value: float, **more: Any) -> Mark:
    """A bar: without a year and without an interval."""
    return Mark(label, **({"printed": f"{value}%", "value": value, "observations": ("doc.p001",)} | more))


def span(label: str, period: str, **more: Any) -> Mark:
    """A bar from the first day of a period to its last."""
    low, high = period_span(period)
    where = {"value": low, "x": (low + high) / 2, "x_low": low, "x_high": high}
    return Mark(label, **({"printed": period, **where, "observations": ("doc.j001",)} | more))


def chart(*rows: Mark, kind: Any = "series", unit: str = "%", **more: Any) -> Chart:
    return Chart(kind, "A title", "Good-day ratio", unit, rows, "en", **more)


def texts(part: Any) -> list[str]:
    """Every string anywhere in a figure."""
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return [text for each in inner for text in texts(each)]


# Where things lie


def test_a_year_stands_on_its_tick_and_a_plan_period_at_its_middle() -> None:
    assert period_span("2022") == pytest.approx((2021.5, 2022.5))
    assert sum(period_span("2016/2020")) / 2 == pytest.approx(2018)


def test_a_month_lies_within_its_year_and_a_day_is_a_point() -> None:
    first, last = period_span("2022-07")
    assert 2021.5 < first < last < 2022.5
    assert last - first == pytest.approx(31 / 365)
    day = period_span("2022-12-31")
    assert day[0] == day[1] == pytest.approx(2022.5, abs=0.01)


@pytest.mark.parametrize("period", ["", "2022-13", "22年", "2022-02-30", "2022-01-01-01", "2022-7"])
def test_a_period_of_another_form_is_refused_by_name(period: str) -> None:
    with pytest.raises(ValueError, match="is no period"):
        period_span(period)


def test_readings_that_hardly_differ_do_not_fill_the_axis() -> None:
    axis = value_axis(chart(reading("A", 2020, 84.10), reading("A", 2021, 84.20)))
    assert axis.high - axis.low >= 8


def test_readings_that_lie_far_apart_are_shown_with_the_zero() -> None:
    assert value_axis(chart(reading("A", 2020, 24.0), reading("B", 2020, 76.3))).low == 0


@given(st.lists(st.floats(0, 100, allow_subnormal=False), min_size=1, max_size=8))
def test_an_axis_of_shares_holds_all_readings_and_ends_at_a_hundred(values: list[float]) -> None:
    axis = value_axis(chart(*(reading("A", 2020, value, low=value, high=value) for value in values)))
    assert axis.low >= 0
    assert axis.high <= 100 or math.isclose(axis.high, 100)
    assert axis.low <= min(values) + 1e-9
    assert max(values) <= axis.high + 1e-9


@given(st.lists(st.floats(-1e9, 1e9).filter(lambda value: abs(value) > 1e-6), min_size=1, max_size=8))
def test_every_axis_holds_its_readings_and_names_its_ticks_apart(values: list[float]) -> None:
    marks = (reading("A", 2020, value, low=value, high=value) for value in values)
    axis = value_axis(chart(*marks, unit="km²"))
    hair = (axis.high - axis.low) / 1e6
    assert axis.low - hair <= min(values)
    assert max(values) <= axis.high + hair
    assert 2 <= len(set(axis.texts)) == len(axis.ticks) <= 9


def test_the_axis_of_years_names_whole_years_and_few_of_them() -> None:
    axis = year_axis(chart(reading("A", 2004, 80.0), reading("A", 2023, 90.0)))
    assert axis.texts == ("2005", "2010", "2015", "2020")


# What a record refuses


def test_a_value_that_leads_nowhere_is_refused() -> None:
    with pytest.raises(ValueError, match="untraceable number"):
        reading("A", 2020, 80.0, observations=())


def test_a_value_outside_its_own_interval_is_refused() -> None:
    with pytest.raises(ValueError, match="outside its own interval"):
        reading("A", 2020, 80.0, low=81.0, high=82.0)


def test_a_value_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="no value that can be drawn"):
        reading("A", 2020, math.nan, low=None, high=None)


def test_an_undated_reading_is_no_point_of_a_series_but_may_be_a_row_of_ranges() -> None:
    undated = reading("A", 2020, 80.0, x=None, period="year not printed")
    for kind in ("series", "spans"):
        with pytest.raises(ValueError, match="has no period on the axis"):
            chart(undated, kind=kind)
    assert chart(undated, kind="ranges").drawn == (undated,)


def test_an_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="series, ranges, bars, spans"):
        chart(kind="pie")


def test_a_chart_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        chart().title = "another"  # type: ignore[misc]


# What is drawn


def test_a_line_never_joins_readings_of_two_definitions() -> None:
    marks = [reading("A", year, 80.0 + year - 2015, basis="standard state") for year in (2015, 2016)]
    marks += [reading("A", year, 85.0, basis="actual state") for year in (2019, 2020)]
    lines = [trace["x"] for trace in draw.figure(chart(*marks))["data"] if None not in trace["x"]]
    assert lines == [[2015.0, 2016.0], [2019.0, 2020.0]]


def test_a_line_does_not_reach_across_a_reading_of_another_definition() -> None:
    bases = {2015: "one", 2016: "other", 2017: "one"}
    runs = list(segments(chart(*(reading("A", year, 80.0, basis=basis) for year, basis in bases.items()))))
    assert [[mark.x for mark in run] for _, run in runs] == [[2015.0], [2016.0], [2017.0]]


def test_a_conflicting_value_of_the_same_year_is_drawn_and_not_joined() -> None:
    marks = reading("A", 2020, 80.0), reading("A", 2020, 70.0), reading("A", 2021, 81.0)
    runs = [[mark.value for mark in run] for _, run in segments(chart(*marks))]
    assert runs == [[80.0, 81.0], [70.0]]


def test_the_series_of_one_label_stand_in_the_legend_once() -> None:
    marks = [
        reading("A", 2015, 80.0, basis="one"),
        reading("A", 2016, 81.0, basis="other"),
        reading("B", 2016, 9.0),
    ]
    data = draw.figure(chart(*marks))["data"]
    assert [trace["name"] for trace in data if trace["showlegend"]] == ["A", "B"]


def test_no_two_series_look_alike_without_their_colour() -> None:
    cities = [reading(f"city {number}", 2020, 80.0) for number in range(20)]
    beside = [reading(f"benchmark {number}", 2020, 80.0, role="benchmark") for number in range(3)]
    styles = theme.series_styles(chart(*cities, *beside))
    assert len({(style.symbol, style.dash) for style in styles.values()}) == 23


def test_a_missing_city_keeps_its_colour_from_the_next_one() -> None:
    missing = Mark("B", "not stated")
    with_gap = theme.series_styles(chart(reading("A", 2020, 1.0), missing, reading("C", 2020, 2.0)))
    complete = theme.series_styles(chart(*(reading(label, 2020, 1.0) for label in "ABC")))
    assert with_gap["C"] == complete["C"]


def test_a_reading_with_a_caveat_has_a_hollow_marker() -> None:
    marks = reading("A", 2020, 80.0), reading("A", 2021, 81.0, caveat="network not stated")
    trace = draw.figure(chart(*marks))["data"][-1]
    full, hollow = trace["marker"]["color"]
    assert hollow == theme.SHEET != full
    assert "network not stated" in trace["hovertext"][1]


def test_an_interval_that_is_open_upward_reaches_the_edge_with_an_arrow_head() -> None:
    target = reading("target", 2025, 93.0, low=93.0, high=math.inf, role="target")
    shown = chart(reading("A", 2020, 80.0), target)
    data = draw.figure(shown)["data"]
    bar = next(trace for trace in data if trace.get("name") == "target" and "error_y" in trace)["error_y"]
    assert bar["array"] == [pytest.approx(value_axis(shown).high - 93)]
    assert bar["arrayminus"] == [0]
    assert data[-1]["marker"]["symbol"] == ["triangle-up"]
    assert data[-1]["y"] == [value_axis(shown).high]


def test_a_value_for_several_years_spans_them() -> None:
    low, high = period_span("2016/2020")
    trace = draw.figure(chart(reading("A", 2018, 80.0, x_low=low, x_high=high), reading("A", 2021, 81.0)))[
        "data"
    ][-1]
    assert trace["error_x"]["array"] == [pytest.approx(2.5), 0]


def test_rows_stand_in_the_order_given_and_each_shows_its_value_as_printed() -> None:
    marks = reading("A", 2020, 10.0, printed="10.00 %"), reading("B", 2020, 90.0, printed="约90%")
    layout = draw.figure(chart(*marks, kind="ranges"))["layout"]
    assert [text.split("<br>")[0] for text in layout["yaxis"]["ticktext"]] == ["<b>A</b>", "<b>B</b>"]
    assert layout["yaxis"]["range"][0] > layout["yaxis"]["range"][1]
    assert [words["text"] for words in layout["annotations"]] == ["10.00 %", "约90%"]


def test_a_city_without_a_figure_has_a_row_that_says_why_and_no_dot() -> None:
    shown = chart(reading("A", 2020, 10.0), Mark("B", "not stated in the letter"), kind="ranges")
    figure = draw.figure(shown)
    assert [place for trace in figure["data"] for place in trace["y"]] == [0]
    assert figure["layout"]["annotations"][1]["text"].replace("<br>", " ") == "not stated in the letter"


def test_a_series_says_which_cities_it_does_not_draw() -> None:
    assert "B: not stated" in key(chart(reading("A", 2020, 10.0), Mark("B", "not stated")))


def test_an_axis_that_does_not_start_at_zero_says_so() -> None:
    cut = chart(reading("A", 2020, 84.0), reading("A", 2021, 94.0))
    whole = chart(reading("A", 2020, 14.0), reading("A", 2021, 94.0))
    assert any("axis starts at" in text for text in texts(draw.figure(cut)))
    assert not any("axis starts at" in text for text in texts(draw.figure(whole)))


def test_the_axis_names_indicator_and_unit() -> None:
    for kind in ("series", "ranges"):
        shown = texts(draw.figure(chart(reading("A", 2020, 14.0), reading("B", 2020, 94.0), kind=kind)))
        assert "Good-day ratio (%)" in shown


def test_the_key_explains_only_marks_that_the_chart_has() -> None:
    exact = chart(reading("A", 2020, 80.0, low=80.0, high=80.0))
    assert key(exact) == ""
    doubtful = dataclasses.replace(exact, rows=(reading("A", 2020, 80.0, caveat="network not stated"),))
    assert "Open markers" in key(doubtful)
    assert "A line breaks" not in key(doubtful)


def test_a_figure_is_plain_json_without_template_or_packed_arrays() -> None:
    figure = draw.figure(chart(reading("A", 2020, 80.1, low=80.05, high=80.15)), titled=True)
    assert json.loads(json.dumps(figure, allow_nan=False)) == figure
    assert "template" not in figure["layout"]
    assert "bdata" not in json.dumps(figure)
    assert figure["data"][-1]["error_y"]["array"] == [0.05]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("titled", [False, True])
def test_plotly_knows_every_attribute_of_a_figure(kind: str, titled: bool) -> None:
    marks = (
        reading("A", 2020, 80.0, basis="one"),
        reading("A", 2021, 81.0, caveat="a caveat", low=-math.inf),
        reading("B", 2018, 70.0, role="benchmark", x_low=2015.5, x_high=2020.5),
        reading("C", 2025, 90.0, role="target", high=math.inf),
        Mark("D", "not stated"),
    )
    go.Figure(draw.figure(chart(*marks, kind=kind), titled))


def test_a_long_name_stands_whole_in_the_legend_in_several_lines() -> None:
    name = "China: sections of the national network, natural background removed"
    short, long = (
        draw.figure(chart(reading(label, 2020, 80.0), reading("B", 2021, 81.0))) for label in ("A", name)
    )
    named = [trace["name"].replace("<br>", " ") for trace in long["data"] if trace["showlegend"]]
    assert named == [name, "B"]
    assert long["layout"]["height"] > short["layout"]["height"]


# Doors


@pytest.mark.parametrize("kind", KINDS)
def test_every_drawn_point_names_all_it_leads_to_and_the_legend_names_nothing(kind: str) -> None:
    several = reading("A", 2020, 80.0, observations=("doc.001", "doc.002"))
    derived = reading("B", 2021, 81.0, observations=(), formula="n / N", inputs=("doc.003", "doc.004"))
    data = draw.figure(chart(several, derived, Mark("C", "not stated"), kind=kind))["data"]
    doors = [ids for trace in data for ids in trace.get("customdata", [])]
    assert doors == [["doc.001", "doc.002"], ["doc.003", "doc.004"]]
    for trace in data:
        assert len(trace.get("customdata", trace["x"])) == len(trace["x"])
        assert ("customdata" in trace) == (trace["hoverinfo"] == "text")


# Colours

# Machado, Oliveira and Fernandes (2009), "A physiologically-based model for simulation of color vision deficiency",
# IEEE Transactions on Visualization and Computer Graphics 15(6): severity 1.0, applied to linear RGB.
SIGHT = {
    "all cones": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
}
# In CIELAB (CIE 1976), where about 2.3 is just noticed side by side; small marks need several times that.
TOLD_APART = 15


def linear(colour: str) -> list[float]:
    """Linear red, green and blue of an sRGB colour (IEC 61966-2-1)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one: str, other: str) -> float:
    """WCAG 2: from 1 to 21."""
    dark, light = sorted(
        sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(each), strict=True))
        for each in (one, other)
    )
    return (light + 0.05) / (dark + 0.05)


def lab(rgb: list[float]) -> list[float]:
    """CIELAB of linear RGB under D65."""
    to_xyz = (
        (0.4124564, 0.3575761, 0.1804375),
        (0.2126729, 0.7151522, 0.0721750),
        (0.0193339, 0.1191920, 0.9503041),
    )
    x, y, z = (sum(w * c for w, c in zip(row, rgb, strict=True)) for row in to_xyz)
    x, y, z = (
        part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116
        for part in (x / 0.95047, y, z / 1.08883)
    )
    return [116 * y - 16, 500 * (x - y), 200 * (y - z)]


def seen(colour: str, sight: str) -> list[float]:
    through = (sum(w * c for w, c in zip(row, linear(colour), strict=True)) for row in SIGHT[sight])
    return lab([min(max(part, 0.0), 1.0) for part in through])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_colour_is_seen_on_its_sheet_and_every_text_can_be_read(scheme: Any) -> None:
    palette = theme.PALETTES[scheme]
    for name, colour in palette.items():
        least = 4.5 if name in ("ink", "quiet") else 1 if name in ("rule", "sheet") else 3
        assert contrast(colour, palette["sheet"]) >= least, name


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_colours_of_series_are_told_apart_without_red_or_green_cones(scheme: Any, sight: str) -> None:
    palette = theme.PALETTES[scheme]
    for names in ("123456", ("benchmark-1", "benchmark-2")):
        for one, other in combinations(names, 2):
            apart = math.dist(seen(palette[one], sight), seen(palette[other], sight))
            assert apart >= TOLD_APART, (one, other)


def test_a_dark_colour_can_be_found_for_every_light_one() -> None:
    light, dark = theme.PALETTES["light"], theme.PALETTES["dark"]
    assert list(light) == list(dark)
    assert len(set(light.values())) == len(light)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_style_sheet_of_pages_has_the_colours_of_charts(scheme: Any) -> None:
    css = resources.files("ecobrief.publish").joinpath("static/brief.css").read_text("utf-8")
    assert [line for line in theme.declarations(scheme) if line not in css] == []


def colours(part: Any, name: str = "") -> set[str]:
    """Every colour anywhere in a figure, those in the style of words too."""
    if isinstance(part, dict):
        return {colour for key, inner in part.items() for colour in colours(inner, key)}
    if isinstance(part, list):
        return {colour for inner in part for colour in colours(inner, name)}
    if isinstance(part, str) and name.endswith("color"):
        return {part}
    return set(re.findall('color:([^;"]+)', part)) if isinstance(part, str) else set()


@pytest.mark.parametrize("titled", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_every_colour_of_a_figure_is_one_of_the_light_palette(kind: str, titled: bool) -> None:
    roles: tuple[Any, ...] = ("city", "peer", "benchmark", "target")
    rows = [
        reading(f"{role} {n}", 2015 + n, 80.0, role=role, basis="one", high=math.inf, caveat="a" * (n % 2))
        for role in roles
        for n in range(8)
    ]
    shown = chart(*rows, Mark("D", "not stated"), kind=kind, breaks=((2018.0, "new"),))
    used = colours(draw.figure(shown, titled))
    assert used - {theme.CLEAR} <= set(theme.PALETTES["light"].values())
    assert len(used) > 5


# Bars and spans


def bar_of(shown: Chart) -> dict[str, Any]:
    """The one trace of a chart of bars or spans."""
    (trace,) = draw.figure(shown)["data"]
    assert (trace["type"], trace["orientation"]) == ("bar", "h")
    return trace


@pytest.mark.parametrize("values", [(84.0, 94.0), (1.0, 60.0), (50.0,)])
def test_bars_start_at_zero_however_alike_they_are(values: tuple[float, ...]) -> None:
    shown = chart(*(share(f"type {value}", value) for value in values), kind="bars")
    trace = bar_of(shown)
    assert (trace["base"], trace["x"]) == ([0] * len(values), list(values))
    assert draw.figure(shown)["layout"]["xaxis"]["range"][0] <= 0
    assert value_axis(shown).low == 0
    assert not any("axis starts at" in text for text in texts(draw.figure(shown)))


def test_spans_reach_from_the_first_day_of_a_period_to_its_last_on_an_axis_of_years() -> None:
    shown = chart(span("A", "2016/2020"), span("B", "2019"), kind="spans", unit="")
    trace = bar_of(shown)
    assert trace["base"] == [2015.5, 2018.5]
    assert trace["x"] == [5, 1]
    axis = draw.figure(shown)["layout"]["xaxis"]
    assert axis["range"][0] < 2015.5
    assert axis["range"][1] > 2020.5
    assert axis["ticktext"] == ["2016", "2017", "2018", "2019", "2020"]
    assert not any("axis starts at" in text for text in texts(draw.figure(shown)))


def test_a_span_of_one_day_can_be_seen() -> None:
    assert bar_of(chart(span("A", "2022-02-21"), span("B", "2018"), kind="spans"))["x"][0] > 0


def test_each_bar_stands_in_its_row_with_its_name_and_what_is_printed() -> None:
    layout = draw.figure(chart(share("A", 10.0), share("B", 90.0), kind="bars"))["layout"]
    assert [">A<" in text for text in layout["yaxis"]["ticktext"]] == [True, False]
    assert [words["text"] for words in layout["annotations"]] == ["10.0%", "90.0%"]


def test_a_span_has_its_whole_name_above_it_and_what_it_rests_on() -> None:
    long = "Soil and water conservation works in the provincial budget, second part"
    shown = chart(span(long, "2020", basis="by whom"), span("B", "2021"), kind="spans")
    layout = draw.figure(shown)["layout"]
    words = [re.sub("<br>|<[^>]*>", " ", each["text"]).split() for each in layout["annotations"]]
    assert [" ".join(each) for each in words] == [f"{long} 2020 · by whom", "B 2021"]
    # The upright axis counts pixels from the top, so that nothing runs into anything.
    height = layout["height"] - layout["margin"]["t"] - layout["margin"]["b"]
    assert layout["yaxis"]["range"] == [height, 0]
    (first, second), bars = (each["y"] for each in layout["annotations"]), bar_of(shown)["y"]
    assert first + 3 * draw.NAME_LINE < bars[0] < second < bars[1] < height


def test_spans_have_no_guides_and_a_bar_with_a_caveat_is_hollow() -> None:
    beside = span("China", "2020", role="benchmark")
    assert not draw.figure(chart(span("A", "2019"), beside, kind="spans"))["layout"].get("shapes")
    for shown in (
        chart(share("A", 10.0), share("B", 90.0, caveat="of drafts"), kind="bars"),
        chart(span("A", "2019"), span("B", "2020", caveat="not said"), kind="spans"),
    ):
        marker = bar_of(shown)["marker"]
        assert (marker["color"][1], marker["line"]["width"]) == (theme.SHEET, [0, 2])
        assert marker["color"][0] == marker["line"]["color"] == theme.RANGE_STYLES["city"].colour


def test_bars_and_spans_have_no_remark_on_intervals() -> None:
    bar = share("A", 10.0, low=9.5, high=10.5)
    for shown in (chart(bar, kind="bars"), chart(span("A", "2016/2020"), kind="spans")):
        assert key(shown) == ""


def test_the_tables_of_bars_and_spans_name_them_and_leave_by_whom_to_the_drawing() -> None:
    def heads(shown: Chart) -> list[tuple[str, str]]:
        return [(column.id, column.label) for column in as_table(shown)[0]]

    assert heads(chart(share("A", 10.0), kind="bars")) == [("label", "Name"), ("value", "Value")]
    by_whom = span("A", "2020", basis="bureau")
    assert heads(chart(by_whom, kind="spans")) == [
        ("label", "Name"),
        ("value", "Period"),
    ]
    _, (row,) = as_table(chart(by_whom, kind="spans"))
    assert (row.cells["value"], row.observations) == ("2020", ("doc.j001",))


def test_an_empty_chart_is_drawn_empty() -> None:
    for kind in KINDS:
        assert go.Figure(draw.figure(chart(kind=kind))).data == ()


def test_figures_are_made_without_importing_plotly() -> None:
    script = "import sys, ecobrief.figures; sys.exit('plotly' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


# Text


def test_words_of_a_document_reach_plotly_only_escaped() -> None:
    hostile = reading(
        HOSTILE,
        2020,
        80.0,
        printed=HOSTILE,
        period=HOSTILE,
        basis=HOSTILE,
        caveat=HOSTILE,
        interval=HOSTILE,
    )
    more = span(HOSTILE, "2021", printed=HOSTILE, basis=HOSTILE), Mark(HOSTILE, HOSTILE)
    rows = hostile, *more, reading(f"{HOSTILE} 2", 2021, 81.0, role="target")
    for kind in KINDS:
        figure = draw.figure(Chart(kind, HOSTILE, HOSTILE, HOSTILE, rows, "en"), titled=True)
        for text in texts(figure):
            assert "<img" not in text
            assert "<b>bold" not in text
            assert "$" not in text


@given(st.text())
def test_escaped_text_is_the_same_text_to_its_reader(text: str) -> None:
    shown = theme.plotly_text(text)
    assert not set("<>$") & set(shown)
    lost = set(map(chr, (*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A))))
    lost |= set("\u200e\u200f\u061c")
    visible = [char for char in text if char not in lost]
    assert [char for char in html.unescape(shown) if char != " "] == [char for char in visible if char != " "]


def test_marks_that_turn_the_direction_of_writing_stay_out_of_a_chart() -> None:
    assert theme.plotly_text("97.4\u202e%\u2066") == "97.4%"


@given(st.text("ab 荣昌。，", max_size=60))
def test_wrapped_lines_hold_the_text_and_fit(text: str) -> None:
    lines = theme.wrapped(text, 120, most=99)
    assert "".join("".join(lines).split()) == "".join(text.split()) or any("…" in line for line in lines)
    assert all(theme.text_width(line) <= 120 for line in lines)


def test_no_line_begins_with_a_chinese_full_stop() -> None:
    lines = theme.wrapped("森林覆盖率为百分之七十六。" * 4, 13 * 12)
    assert len(lines) > 1
    assert not any(line.startswith("。") for line in lines)


def test_a_name_of_ten_kilobytes_does_not_push_the_drawing_away() -> None:
    figure = draw.figure(chart(reading("长" * 10_000, 2020, 80.0), reading("B", 2020, 81.0), kind="ranges"))
    assert len(json.dumps(figure)) < 10_000


# The table


def test_the_table_holds_every_mark_with_its_provenance() -> None:
    derived = reading("B", 2021, 81.0, observations=(), formula="n / N", inputs=("doc.002", "doc.003"))
    _, rows = as_table(chart(reading("A", 2020, 80.0), derived, Mark("C", "not stated (letter, 2022)")))
    assert [row.cells["value"] for row in rows] == ["80.0 %", "81.0 %", "not stated (letter, 2022)"]
    assert [row.observations for row in rows] == [("doc.001",), (), ()]
    assert (rows[1].formula, rows[1].inputs) == ("n / N", ("doc.002", "doc.003"))
    assert rows[2].absent


def test_the_table_leaves_out_columns_that_hold_nothing() -> None:
    columns, _ = as_table(
        chart(reading("A", 2020, 80.0), reading("A", 2021, 80.0, caveat="to be read with care"))
    )
    assert [column.id for column in columns] == ["label", "period", "value", "caveat"]


def test_the_table_tells_cities_from_benchmarks() -> None:
    columns, rows = as_table(chart(reading("A", 2020, 80.0), reading("China", 2020, 87.0, role="benchmark")))
    assert "role" in [column.id for column in columns]
    assert rows[0].cells["role"] != rows[1].cells["role"]
