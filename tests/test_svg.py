"""The static picture of a chart: the same marks at the same places as plotly draws, as plain and harmless SVG."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ecobrief.figures import Chart, Mark, draw, period_span, theme
from ecobrief.figures.axes import Axis, value_axis, year_axis
from ecobrief.figures.svg import picture

KINDS = ("series", "ranges", "bars", "spans")
WIDTHS = (360, 720)
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "</title></svg><script>alert(1)</script>&lt;b&gt; ]]> \"'\u202e\x00\x1b\ufffe\ud800 onload=x"


def reading(label: str, year: int, value: float, **more: Any) -> Mark:
    given = {
        "printed": f"{value} %",
        "value": value,
        "period": str(year),
        "x": float(year),
        "observations": (f"doc.{year}",),
    }
    return Mark(label, **(given | more))


def span(label: str, period: str, **more: Any) -> Mark:
    low, high = period_span(period)
    where = {"value": low, "x": (low + high) / 2, "x_low": low, "x_high": high}
    return Mark(label, **({"printed": period, **where, "observations": ("doc.j001",)} | more))


def chart(*rows: Mark, kind: Any = "series", unit: str = "%", **more: Any) -> Chart:
    return Chart(kind, "A title", "Good-day ratio", unit, rows, **({"lang": "en"} | more))


def full(kind: Any, **more: Any) -> Chart:
    """A chart of every kind of mark."""
    low, high = period_span("2016/2020")
    rows = (
        reading("A", 2020, 80.0, low=70.0, high=90.0, basis="one"),
        reading("A", 2021, 81.0, caveat="a caveat", low=-math.inf, high=82.0, basis="one"),
        reading("A", 2022, 81.0, basis="one", carries=True),
        reading("B", 2018, 70.0, role="benchmark", x_low=low, x_high=high),
        reading("C", 2025, 90.0, role="target", low=90.0, high=math.inf, of="A"),
        reading("E", 2023, 75.5, observations=(), formula="n / N", inputs=("doc.n", "doc.N")),
        Mark("D", "not stated in the letter"),
    )
    rows = tuple(
        dataclasses.replace(mark, x_low=mark.x, x_high=mark.x) if not mark.x_low else mark for mark in rows
    )
    return chart(*rows, kind=kind, **({"breaks": ((2020.7, "a standard"),)} | more))


def drawn(shown: Chart, width: int = 720) -> Element:
    return fromstring(picture(shown, width=width))


def marks(svg: Element) -> list[Element]:
    """The doors that something is drawn into."""
    return [link for link in svg.iter(f"{SVG}a") if shapes(link)]


def shapes(door: Element) -> list[Element]:
    return [part for part in door.iter() if part.tag in {f"{SVG}{tag}" for tag in ("path", "circle", "rect")}]


def name(door: Element) -> str:
    """What a screen reader calls a link: its title, else the words in it."""
    title = door.findtext(f"{SVG}title")
    words = title or " ".join("".join(text.itertext()) for text in door.iter(f"{SVG}text"))
    return " ".join(words.split())


def doors(svg: Element) -> list[str]:
    return [link.attrib["href"].removeprefix("#obs-") for link in svg.iter(f"{SVG}a")]


def joined_lines(path: Element) -> list[list[tuple[float, float]]]:
    """The corners of each line of a path, as they lie in the picture."""
    found: list[list[tuple[float, float]]] = []
    for command, rest in re.findall(r"([MlhvzZ])([^MlhvzZ]*)", path.attrib["d"]):
        steps = [float(number) for number in re.findall(r"-?[\d.]+", rest)]
        if command == "M":
            found.append([(steps[0], steps[1])])
            continue
        if command in "hv":
            steps = [each for step in steps for each in ((step, 0.0) if command == "h" else (0.0, step))]
        for across, down in zip(steps[::2], steps[1::2], strict=True):
            x, y = found[-1][-1]
            found[-1].append((x + across, y + down))
    return found


def points(path: Element) -> list[tuple[float, float]]:
    """All corners of a path."""
    return [corner for line in joined_lines(path) for corner in line]


def centre(mark: Element) -> tuple[float, float]:
    """The middle of a marker, which is the last shape of its mark."""
    shape = shapes(mark)[-1]
    if shape.tag == f"{SVG}circle":
        return float(shape.attrib["cx"]), float(shape.attrib["cy"])
    corners = points(shape)
    return sum(x for x, _ in corners) / len(corners), sum(y for _, y in corners) / len(corners)


def inherited(svg: Element) -> Iterator[tuple[Element, dict[str, str]]]:
    """Every element with its attributes and those it inherits."""

    def below(element: Element, before: dict[str, str]) -> Iterator[tuple[Element, dict[str, str]]]:
        own = before | element.attrib
        yield element, own
        for child in element:
            yield from below(child, own)

    return below(svg, {})


def texts(svg: Element) -> list[str]:
    """Every line of text."""
    return [(text.text or "").strip() for tag in ("text", "tspan") for text in svg.iter(f"{SVG}{tag}")]


def place_on(svg: Element, axis: Axis, value: float, upright: bool) -> float:
    """Where a value lies between the first and the last tick that is named, as a reader would read it."""
    across = {"text-anchor": "end"} if upright else {"text-anchor": "middle"}
    found = {
        text.text: float(text.attrib["y"]) - 4 if upright else float(text.attrib["x"])
        for text, look in inherited(svg)
        if text.tag == f"{SVG}text" and look.items() >= across.items()
    }
    named = [(tick, found[text]) for tick, text in zip(axis.ticks, axis.texts, strict=True) if text in found]
    (low, first), (high, last) = named[0], named[-1]
    return first + (value - low) / (high - low) * (last - first)


# What stands where


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_that_has_a_value_is_in_the_picture_with_its_numbers(kind: str, width: int) -> None:
    shown = full(kind)
    names = {door.attrib["href"]: name(door) for door in marks(drawn(shown, width))}
    assert len(names) == len(shown.drawn) == 6
    for mark in shown.drawn:
        said = names[f"#obs-{(mark.observations or mark.inputs)[0]}"]
        assert {mark.label, mark.period, *mark.printed.split()} <= set(said.split())


@pytest.mark.parametrize("width", WIDTHS)
def test_marks_of_a_series_lie_where_the_axes_of_plotly_have_them(width: int) -> None:
    shown = full("series")
    svg = drawn(shown, width)
    expected = {
        names[0]: (x, y)
        for trace in draw.figure(shown)["data"]
        if "customdata" in trace
        for names, x, y, size in zip(
            trace["customdata"], trace["x"], trace["y"], sizes(trace["marker"]["size"], trace), strict=True
        )
        if size
    }
    assert sorted(doors(svg)) == sorted(expected)
    for mark, door in zip(marks(svg), doors(svg), strict=True):
        x, y = expected[door]
        at = place_on(svg, year_axis(shown), x, False), place_on(svg, value_axis(shown), y, True)
        assert centre(mark) == pytest.approx(at, abs=0.3)
    foot = next(path for path in svg.iter(f"{SVG}path") if "--chart-axis" in path.get("stroke", ""))
    reach = draw.figure(shown)["layout"]["xaxis"]["range"]
    ends = [place_on(svg, year_axis(shown), year, False) for year in reach]
    assert [x for x, _ in points(foot)[:2]] == pytest.approx(ends, abs=0.3)


def sizes(size: Any, trace: Any) -> list[float]:
    return size if isinstance(size, list) else [size] * len(trace["x"])


@settings(max_examples=50)
@given(
    values=st.lists(st.floats(-1e6, 1e6).filter(lambda value: abs(value) > 1e-3), min_size=1, max_size=6),
    width=st.sampled_from(WIDTHS),
)
def test_the_dots_of_a_row_chart_lie_where_the_ticks_say(values: list[float], width: int) -> None:
    shown = chart(
        *(reading(f"city {n}", 2020, value) for n, value in enumerate(values)), kind="ranges", unit="km²"
    )
    svg = drawn(shown, width)
    dots = [centre(mark) for mark in marks(svg)]
    expected = [place_on(svg, value_axis(shown), value, False) for value in values]
    assert [x for x, _ in dots] == pytest.approx(expected, abs=0.4)
    assert [y for _, y in dots] == sorted(y for _, y in dots)


@pytest.mark.parametrize("width", WIDTHS)
def test_bars_reach_from_zero_and_spans_from_the_first_day_to_the_last(width: int) -> None:
    bars = chart(reading("A", 2020, 60.0), reading("B", 2020, 5.0), kind="bars")
    spans = chart(span("A", "2016/2020"), span("B", "2022-02-21"), kind="spans", unit="")
    for shown, axis in ((bars, value_axis(bars)), (spans, year_axis(spans))):
        svg = drawn(shown, width)
        (trace,) = draw.figure(shown)["data"]
        for box, base, long in zip(svg.iter(f"{SVG}rect"), trace["base"], trace["x"], strict=True):
            left = float(box.attrib["x"])
            ends = [place_on(svg, axis, value, False) for value in (base, base + long)]
            assert [left, left + float(box.attrib["width"])] == pytest.approx(ends, abs=0.4)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_reaches_beyond_the_picture(kind: str, width: int, lang: Any) -> None:
    names = ("很长的城市名称" * 9, "Wide name of a place " * 9, "本溪市", "WWWWW WWWWW")
    for scale in (1, 1e9):
        rows = [
            dataclasses.replace(
                mark, label=f"{names[n % 4]}{mark.label}", basis=names[n % 2], printed=names[1 - n % 2]
            )
            for n, mark in enumerate(full(kind).rows)
        ]
        if scale > 1:
            rows = [
                reading(mark.label, 2018 + n, scale * (n + 1), x_low=2018, x_high=2026)
                for n, mark in enumerate(rows)
            ]
        svg = drawn(chart(*rows, kind=kind, unit="单位" * 20 if scale > 1 else "%", lang=lang), width)
        _, _, across, down = map(float, svg.attrib["viewBox"].split())
        assert across == width
        for element, look in inherited(svg):
            for left, right, upper, lower in extents(element, look):
                assert 0 <= left <= right <= across, (element.text, element.attrib)
                assert 0 <= upper <= lower <= down, (element.text, element.attrib)


def extents(element: Element, look: dict[str, str]) -> Iterator[tuple[float, float, float, float]]:
    """About the room an element takes: left, right, top, bottom."""
    if element.tag == f"{SVG}text":
        y = float(element.attrib["y"])
        for line in (element, *element):
            own = look | line.attrib
            size, x, y = float(own["font-size"]), float(own["x"]), y + float(line.get("dy", 0))
            long = theme.text_width((line.text or "").strip(), size)
            left = x - {"end": long, "middle": long / 2}.get(own.get("text-anchor", ""), 0)
            yield left, left + long, y - size, y + 0.25 * size
    elif element.tag == f"{SVG}path":
        for x, y in points(element):
            yield x, x, y, y
    elif element.tag == f"{SVG}rect":
        x, y, wide, high = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
        yield x, x + wide, y, y + high


def test_on_a_phone_a_name_does_not_run_into_the_value_beside_it() -> None:
    rows = [
        reading("Name of a long kind " * 5, 2020, 60.0 * 10**n, printed="printed words " * 9) for n in (0, 10)
    ]
    for kind in ("ranges", "bars"):
        svg = drawn(chart(*rows, kind=kind, unit=""), 360)
        found = [
            room for text, look in inherited(svg) if text.tag == f"{SVG}text" for room in extents(text, look)
        ]
        for one in found:
            for other in found:
                apart = (
                    one[1] <= other[0]
                    or other[1] <= one[0]
                    or one[3] <= other[2] + 4
                    or other[3] <= one[2] + 4
                )
                assert one is other or apart


# Lines, bars and arrows


def lines(svg: Element) -> list[Element]:
    return [path for path in svg.iter(f"{SVG}path") if path.get("fill") == "none"]


def test_a_line_never_joins_readings_of_two_definitions() -> None:
    rows = [reading("A", year, 80.0, basis="one") for year in (2015, 2016)]
    rows += [reading("A", year, 85.0, basis="other") for year in (2018, 2019, 2020)]
    (path,) = lines(drawn(chart(*rows)))
    assert [len(line) for line in joined_lines(path)] == [2, 3]


def test_a_carried_reading_is_a_dashed_step_across_and_then_up() -> None:
    rows = (
        reading("A", 2015, 80.0),
        reading("A", 2016, 80.0, carries=True),
        reading("A", 2017, 82.0, carries=True),
    )
    (step,) = lines(drawn(chart(*rows)))
    assert step.attrib["stroke-dasharray"] == "9 9"
    corners = list(dict.fromkeys(points(step)))
    turns = [(a[0] == b[0], a[1] == b[1]) for a, b in pairwise(corners)]
    assert turns == [(False, True), (False, True), (True, False)]


def test_what_carries_a_reading_of_another_label_is_still_drawn() -> None:
    rows = reading("A", 2015, 80.0), reading("A: other network", 2016, 80.0, carries=True)
    assert sorted(doors(drawn(chart(*rows)))) == ["doc.2015", "doc.2016"]


def test_an_error_bar_reaches_its_ends_or_the_edge_of_the_axis_with_an_arrow_head() -> None:
    closed = reading("A", 2020, 80.0, low=70.0, high=90.0), reading("A", 2021, 75.0)
    for kind, upright in (("series", True), ("ranges", False)):
        shown = chart(*closed, kind=kind)
        svg, axis = drawn(shown), value_axis(shown)
        bar, _ = shapes(marks(svg)[0])
        ends = [point[upright] for point in points(bar)[:2]]
        assert ends == pytest.approx([place_on(svg, axis, value, upright) for value in (70, 90)], abs=0.3)
        opened = chart(dataclasses.replace(closed[0], high=math.inf), closed[1], kind=kind)
        svg, axis = drawn(opened), value_axis(opened)
        edge = place_on(svg, axis, axis.high, upright)
        bar, _ = shapes(marks(svg)[0])
        assert points(bar)[1][upright] == pytest.approx(edge, abs=0.3)
        (head,) = [path for path in svg if path.get("d", "").endswith("z")]
        assert sum(point[upright] for point in points(head)) / 3 == pytest.approx(edge, abs=0.3)


def test_a_value_for_several_years_has_a_flat_bar_as_long_as_them() -> None:
    low, high = period_span("2016/2020")
    shown = chart(reading("A", 2018, 80.0, x_low=low, x_high=high), reading("B", 2021, 81.0))
    svg = drawn(shown)
    bar = shapes(marks(svg)[0])[0]
    ends = [place_on(svg, year_axis(shown), year, False) for year in (low, high)]
    assert [x for x, _ in points(bar)[:2]] == pytest.approx(ends, abs=0.3)


def test_an_interval_that_its_marker_hides_costs_no_bytes() -> None:
    narrow = chart(reading("A", 2020, 80.0, low=79.95, high=80.05), reading("A", 2021, 94.0))
    assert [len(shapes(mark)) for mark in marks(drawn(narrow))] == [1, 1]


@pytest.mark.parametrize("kind", ["series", "ranges", "bars"])
def test_a_reading_with_a_caveat_has_a_hollow_marker(kind: str) -> None:
    rows = reading("A", 2020, 80.0), reading("A", 2021, 81.0, caveat="network not stated")
    full_one, hollow = marks(drawn(chart(*rows, kind=kind)))
    assert "--chart-sheet" not in str([part.attrib for part in full_one.iter()])
    assert "--chart-sheet" in str([part.attrib for part in hollow.iter()])


def test_a_dotted_upright_line_with_its_letter_stands_where_a_definition_begins() -> None:
    shown = chart(
        reading("A", 2015, 80.0), reading("A", 2021, 81.0), breaks=((2018.2, "new"), (2035.0, "far"))
    )
    svg = drawn(shown)
    (dotted,) = [line for line in lines(svg) if line.get("stroke-dasharray") == "1 4"]
    at = place_on(svg, year_axis(shown), 2018.2, False)
    assert [x for x, _ in points(dotted)] == pytest.approx([at, at], abs=0.3)
    assert ("a" in texts(svg), "b" in texts(svg)) == (True, False)


def test_a_benchmark_has_a_guide_through_all_rows() -> None:
    shown = chart(reading("A", 2020, 80.0), reading("China", 2020, 40.0, role="benchmark"), kind="ranges")
    svg = drawn(shown)
    (guide,) = [line for line in lines(svg) if line.get("stroke-dasharray") == "2 3"]
    ends = points(guide)
    assert ends[0][0] == pytest.approx(place_on(svg, value_axis(shown), 40.0, False), abs=0.3)
    assert ends[0][1] < min(centre(mark)[1] for mark in marks(svg))
    assert ends[1][1] > max(centre(mark)[1] for mark in marks(svg))


# Words


def test_rows_show_the_value_as_printed_the_period_and_why_one_is_missing() -> None:
    rows = reading("A", 2020, 10.0, printed="约10.00 %"), Mark("B", "not stated in the letter")
    for width in WIDTHS:
        svg = drawn(chart(*rows, kind="ranges"), width)
        assert {"A", "2020", "约10.00 %", "B", "not stated in the letter", "Good-day ratio (%)"} <= set(
            texts(svg)
        )
        assert doors(svg) == ["doc.2020"]
        assert "约10.00 %" in [text.text for text in marks(svg)[0].iter(f"{SVG}text")]


def test_a_row_that_is_not_drawn_is_a_door_where_its_figure_was_printed() -> None:
    aside = Mark("B", "83.8 % (year not stated)", observations=("doc.aside",))
    for width in WIDTHS:
        svg = drawn(chart(reading("A", 2020, 10.0), aside, kind="ranges"), width)
        assert [name(link) for link in svg.iter(f"{SVG}a")][1] == "B 83.8 % (year not stated)"


@pytest.mark.parametrize("width", WIDTHS)
def test_words_stay_apart_where_a_line_ends_and_what_is_cut_is_in_the_title(width: int) -> None:
    long = "Soil and water conservation works in the provincial budget"
    rows = span(long, "2016/2020"), span(f"{long} " * 4, "2017"), span("水土保持" * 25, "2018")
    svg = drawn(chart(*rows, kind="spans", unit=""), width)
    whole, cut, chinese = marks(svg)
    assert name(whole) == f"{long} 2016/2020"
    assert whole.find(f"{SVG}title") is None
    assert name(cut).startswith(f"{long} Soil")
    assert " " not in "".join(chinese[-3].itertext())


@pytest.mark.parametrize("kind", ["series", "ranges"])
def test_an_axis_that_does_not_start_at_zero_says_so(kind: str) -> None:
    def noted(*values: float) -> bool:
        rows = (reading("A", 2020 + n, value) for n, value in enumerate(values))
        return any("axis starts at" in text for text in texts(drawn(chart(*rows, kind=kind))))

    assert noted(84.0, 94.0)
    assert not noted(14.0, 94.0)


def test_the_legend_names_every_drawn_series_once_with_the_dash_of_its_line() -> None:
    rows = [reading(label, year, 80.0) for label in ("A", "B", "C") for year in (2015, 2016)]
    svg = drawn(chart(*rows, Mark("D", "not stated")))
    assert [texts(svg).count(label) for label in "ABCD"] == [1, 1, 1, 0]
    # The sample in the legend and the line through the marks are one path.
    assert [len(joined_lines(path)) for path in lines(svg)] == [2, 2, 2]
    assert len({path.get("stroke-dasharray") for path in lines(svg)}) == 3
    assert "A" not in texts(drawn(chart(*rows[:2])))


def test_every_symbol_of_the_theme_can_be_drawn_and_no_two_look_alike() -> None:
    roles = [("city", 20), ("benchmark", 12), ("target", 2)]
    rows = [
        reading(f"{role} {n}", 2020, 80.0, role=role, of="city 0")
        for role, many in roles
        for n in range(many)
    ]
    shown = chart(*rows)
    symbols = {style.symbol for style in theme.series_styles(shown).values()}
    found = set()
    for mark in marks(drawn(shown)):
        (x, y), shape = centre(mark), shapes(mark)[-1]
        if shape.tag == f"{SVG}circle":
            found.add(shape.attrib["r"])
        else:
            found.add(tuple((round(a - x), round(b - y)) for a, b in points(shape)))
    assert len(found) == len(symbols) == 15


def test_the_picture_is_in_the_language_of_its_chart() -> None:
    rows = reading("本溪市", 2020, 84.0), reading("本溪市", 2021, 94.0)
    chinese, english = (" ".join(texts(drawn(chart(*rows, lang=lang)))) for lang in ("zh", "en"))
    assert "不从 0 起" in chinese
    assert "not at 0" in english


# Plain, harmless and the same each time

TAGS = {f"{SVG}{tag}" for tag in ("svg", "g", "a", "path", "circle", "rect", "text", "tspan", "title")}


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_stays_text(kind: str, width: int) -> None:
    words = dict.fromkeys(("printed", "period", "basis", "caveat", "interval"), HOSTILE)
    low, high = period_span("2020")
    rows = [reading(f"{n} {HOSTILE}", 2020 + n, 80.0, x_low=low, x_high=high, **words) for n in range(2)]
    written = picture(
        Chart(
            kind,
            HOSTILE,
            HOSTILE,
            HOSTILE,
            (*rows, Mark(HOSTILE, HOSTILE)),
            "en",
            breaks=((2020.9, HOSTILE),),
        ),
        width=width,
    )
    written.encode()
    svg = fromstring(written)
    assert {element.tag for element in svg.iter()} <= TAGS
    attributes = {name for element in svg.iter() for name in element.attrib}
    assert not [name for name in attributes if name == "style" or name.startswith("on")]
    title = svg.findtext(f"{SVG}title") or ""
    assert title.startswith("</title></svg><script>alert(1)</script>&lt;b&gt;")
    assert not set("\u202e\x00\x1b\ufffe\ud800") & set(written)
    assert all(re.fullmatch(r"#obs-[\w.-]+", link.attrib["href"]) for link in svg.iter(f"{SVG}a"))


@given(st.text(max_size=30), st.sampled_from(KINDS))
@settings(max_examples=60)
def test_any_text_is_well_formed(text: str, kind: str) -> None:
    mark = reading(
        f"A{text}", 2020, 80.0, printed=f"p{text}", period=text, basis=text, x_low=2020.0, x_high=2021.0
    )
    written = picture(chart(mark, Mark("B", f"r{text}"), kind=kind))
    assert len(marks(fromstring(written.encode()))) == 1


def test_names_of_ten_kilobytes_do_not_swell_the_picture() -> None:
    for kind in KINDS:
        rows = (
            reading("长" * 10_000, 2020, 80.0, x_low=2020.0, x_high=2021.0),
            Mark("名" * 10_000, "因" * 10_000),
        )
        assert len(picture(chart(*rows, kind=kind, lang="zh"))) < 10_000


@pytest.mark.parametrize("kind", KINDS)
def test_an_empty_chart_is_drawn_empty(kind: str) -> None:
    svg = drawn(chart(kind=kind))
    assert marks(svg) == []
    assert "Good-day ratio (%)" in texts(svg)


def test_every_mark_is_a_door_to_its_first_observation_or_input() -> None:
    for kind in KINDS:
        shown = full(kind)
        expected = [(mark.observations or mark.inputs)[0] for mark in shown.drawn]
        assert sorted(doors(drawn(shown))) == sorted(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_in_a_picture_can_clash_with_the_page_or_another_picture(kind: str) -> None:
    names = {attribute for element in drawn(full(kind)).iter() for attribute in element.attrib}
    assert not names & {"id", "class", "style", "font-family"}


def test_links_of_a_picture_are_not_hidden_by_the_role_of_an_image() -> None:
    svg = drawn(full("series"))
    assert svg.get("role") == "group"
    assert svg.findtext(f"{SVG}title") == "A title"


@pytest.mark.parametrize("kind", KINDS)
def test_every_colour_is_a_variable_that_falls_back_to_the_light_palette(kind: str) -> None:
    known = {f"var(--chart-{name},{colour})" for name, colour in theme.PALETTES["light"].items()}
    used = {element.get(paint) for element in drawn(full(kind)).iter() for paint in ("fill", "stroke")}
    assert used - {None, "none"} <= known


def test_the_same_chart_gives_the_same_bytes_and_forty_marks_stay_small() -> None:
    labels = [f"城市{number}" for number in range(4)]
    rows = [reading(label, 2010 + n, 80.0 + n, low=70.0, high=95.0) for label in labels for n in range(10)]
    first, second = (picture(chart(*rows, lang="zh")) for _ in range(2))
    assert first == second
    assert "\n" not in first
    assert len(first.encode()) < 10_000
