"""A chart as a small static SVG: for readers without scripts, for print, and until the interactive chart has come.

It says what the plotly rendering says, from the same record, axes and styles. Every mark is a link to the entry of
its first observation, with its numbers as the title. Nothing but elements and presentation attributes: no style, no
script, no reference to anything outside. Text takes the colour of the page, grey parts and the sheet below take
`--chart-quiet`, `--chart-rule`, `--chart-axis` and `--chart-sheet` where a page sets them, as for dark mode.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from ecobrief.figures import draw, theme
from ecobrief.figures.axes import Axis, value_axis, year_axis
from ecobrief.figures.chart import BREAK_LETTERS, Chart, Mark, carried_forward, key, segments
from ecobrief.figures.theme import Style

Point = tuple[float, float]
Name = list[tuple[str, float, dict[str, Any]]]
"""The lines of a row's name, each with its size and look."""

# Below this many pixels a row's name and value stand above its mark instead of beside it.
NARROW = 520
FINE_SIZE = 11
# How much wider than its estimate a bold text may be.
BOLD = 1.25

_PAINTS = {
    theme.INK: "currentColor",
    theme.QUIET: f"var(--chart-quiet, {theme.QUIET})",
    theme.RULE: f"var(--chart-rule, {theme.RULE})",
    theme.AXIS: f"var(--chart-axis, {theme.AXIS})",
    theme.SHEET: f"var(--chart-sheet, {theme.SHEET})",
}
_QUIET, _RULE, _SHEET = (_PAINTS[colour] for colour in (theme.QUIET, theme.RULE, theme.SHEET))


def picture(chart: Chart, prefix: str = "chart", width: int = 720) -> str:
    """One `<svg>` element, `width` pixels wide where it is not scaled; text keeps its size whatever the width.

    `prefix` begins every id, so that several pictures stand on one page. The same chart gives the same bytes.
    """
    # No role img: what such an element holds is hidden from screen readers, and this one holds links.
    root = Element("svg", xmlns="http://www.w3.org/2000/svg", role="graphics-document")
    root.attrib |= {"aria-labelledby": f"{prefix}-title", "aria-describedby": f"{prefix}-desc"}
    _add(root, "title", _tip(chart.title), id=f"{prefix}-title")
    how = " · ".join(part for part in (*draw.axis_title(chart, _along(chart)), key(chart)) if part)
    _add(root, "desc", theme.shortened(how, 9000), id=f"{prefix}-desc")
    fonts = theme.FONTS[chart.lang].replace('"', "'")
    sheet = _add(
        root, "g", font_family=fonts, font_size=theme.TEXT_SIZE, fill="currentColor", stroke_linejoin="round"
    )
    height = _series(sheet, chart, width) if chart.kind == "series" else _rows(sheet, chart, width)
    root.set("viewBox", f"0 0 {width} {_short(height)}")
    return tostring(root, encoding="unicode")


def _along(chart: Chart) -> Axis:
    """The axis that the marks of a chart are read on."""
    return year_axis(chart) if chart.kind == "spans" else value_axis(chart)


@dataclass(frozen=True)
class _Scale:
    """Where the values of an axis lie in the picture: from the pixel `start` to `end`, with a little air."""

    axis: Axis
    start: float
    end: float

    def __call__(self, value: float | None) -> float:
        share = ((value or 0) - self.axis.low) / (self.axis.high - self.axis.low)
        return self.start + (0.02 + share) / 1.04 * (self.end - self.start)

    def ends(self, low: float | None, value: float | None, high: float | None) -> Point:
        """Of an error bar: at the edge of the axis where it is open or reaches beyond."""
        at = value or 0.0
        first = min(at, max(at if low is None else low, self.axis.low))
        return self(first), self(max(at, min(at if high is None else high, self.axis.high)))


# A series over the years


def _series(sheet: Element, chart: Chart, width: int) -> float:
    values, years, styles = value_axis(chart), year_axis(chart), theme.series_styles(chart)
    title, top = draw.axis_title(chart, values), _legend(sheet, chart, styles, width)
    height = top + draw.SERIES_HEIGHT
    _words(sheet, 4, top + 14, title, theme.SMALL_SIZE, fill=_QUIET)
    x = _Scale(years, 12 + 2 * _half_a_tick(values), width - 18)
    y = _Scale(values, height - 30, top + 16 * len(title) + 16)
    _rules(sheet, [[(x.start, y(tick)), (x.end, y(tick))] for tick in values.ticks])
    _tick_texts(sheet, values, [(x.start - 6, y(tick) + 4) for tick in values.ticks], "end")
    _foot(sheet, x, y.start)
    for letter, (place, _) in zip(BREAK_LETTERS, chart.breaks, strict=False):
        if years.low <= place <= years.high:
            _guide(sheet, x(place), (y.end, y.start), theme.BREAK_STYLE)
            _words(sheet, x(place) + 3, y.start - 4, [letter], theme.SMALL_SIZE, fill=_QUIET)
    # Benchmarks first, so that a city is drawn over them.
    for label, marks in sorted(segments(chart), key=lambda segment: segment[1][0].role == "city"):
        trace, line = _trace(sheet, styles[label]), [(x(mark.x), y(mark.value)) for mark in marks]
        _line(trace, line, styles[label].dash, styles[label].width)
        for mark in marks:
            bars = _bar(y.ends(mark.low, mark.value, mark.high), x(mark.x), styles[label], upright=True)
            if (mark.x_high or 0) - (mark.x_low or 0) > 1.01:
                bars += _bar(x.ends(mark.x_low, mark.x, mark.x_high), y(mark.value), styles[label])
            _dot(_door(trace, mark), mark, (x(mark.x), y(mark.value)), styles[label], bars)
    for label, marks in carried_forward(chart):
        trace = _trace(sheet, styles[label])
        _line(trace, list(_steps(marks, x, y)), "9px,9px", 1.5)
        for mark in marks[1:]:
            _dot(_door(trace, mark), mark, (x(mark.x), y(mark.value)), styles[label])
    for mark in chart.drawn:
        _open_ends(sheet, mark, y, x(mark.x), upright=True)
    return height


def _steps(marks: list[Mark], x: _Scale, y: _Scale) -> Iterator[Point]:
    """The corners of a line that goes across first and then up or down."""
    for before, mark in zip([marks[0], *marks], marks, strict=False):
        yield x(mark.x), y(before.value)
        yield x(mark.x), y(mark.value)


def _legend(sheet: Element, chart: Chart, styles: dict[str, Style], width: int) -> float:
    """The series with their lines and full markers, from the top; how far down they reach."""
    drawn = {mark.label for mark in chart.drawn}
    if len(drawn) < 2 and all(mark.role == "city" for mark in chart.drawn):
        return 0
    x, y = 4.0, 12.0
    for label in (label for label in chart.labels if label in drawn):
        text, style = theme.shortened(label, 200), styles[label]
        needed = 44 + theme.text_width(text)
        if x > 4 and x + needed > width:
            x, y = 4.0, y + draw.LEGEND_LINE
        entry = _trace(sheet, style)
        _line(entry, [(x, y), (x + 30, y)], style.dash, style.width)
        _add(entry, "path", d=_symbol(style, (x + 15, y)))
        _words(sheet, x + 35, y + 4.5, [text])
        x += needed + 8
    return y + 12


# Rows on one axis


def _rows(sheet: Element, chart: Chart, width: int) -> float:
    axis, narrow, top = _along(chart), width < NARROW, 10.0
    # A narrow picture has the name and the value above the mark, a wide one left and right of it.
    printed = [theme.shortened(mark.printed, 0.5 * width if narrow else 190) for mark in chart.rows]
    values = [text for text, mark in zip(printed, chart.rows, strict=True) if mark.value is not None]
    side, column = max(12, _half_a_tick(axis)), 1.08 * max(map(theme.text_width, values), default=0)
    room = width - 2 * side - column - 12 if narrow else 0.34 * width
    names = [_name(mark, chart, room) for mark in chart.rows]
    if narrow:
        x, tall = _Scale(axis, side, width - side), 28.0
        above = [15.0 * len(name) + 2 for name in names]
    else:
        beside = max((theme.text_width(text, size) for name in names for text, size, _ in name), default=0)
        beside *= BOLD if chart.kind == "ranges" else 1.08
        x = _Scale(axis, max(side, beside + 12), width - max(side, column + 18))
        above, tall = (
            [0.0] * len(names),
            float(draw.SPAN_HEIGHT if chart.kind == "spans" else draw.ROW_HEIGHT),
        )
    uppers = list(accumulate((before + tall for before in above), initial=top))
    middles = [upper + before + tall / 2 for upper, before in zip(uppers, above, strict=False)]
    bottom = max(uppers[-1], top + tall)
    upright = [[(x(tick), top), (x(tick), bottom)] for tick in axis.ticks]
    _rules(sheet, [*upright, *([(x.start, y), (x.end, y)] for y in middles)])
    _foot(sheet, x, bottom)
    title, middle = draw.axis_title(chart, axis), width / 2 if narrow else (x.start + x.end) / 2
    _words(sheet, middle, bottom + 36, title, theme.SMALL_SIZE, fill=_QUIET, text_anchor="middle")
    for mark in chart.drawn:
        if mark.role in ("benchmark", "target") and chart.kind != "spans":
            _guide(sheet, x(mark.value), (top, bottom), theme.RANGE_STYLES[mark.role])
    for mark, name, text, upper, y in zip(chart.rows, names, printed, uppers, middles, strict=False):
        at = (x.start, upper + 14) if narrow else (x.start - 8, y + 4.5 - 7.5 * (len(name) - 1))
        for number, (line, size, look) in enumerate(name):
            anchor = {} if narrow else {"text_anchor": "end"}
            _words(sheet, at[0], at[1] + 15 * number, [line], size, **anchor, **look)
        if mark.value is None:
            _reason(sheet, mark, x, y, most=2 if narrow else 3)
        else:
            door = _door(sheet, mark)
            _in_row(door, mark, chart, x, y, tall)
            if narrow:
                _words(door, x.end, upper + 14, [text], theme.TEXT_SIZE, text_anchor="end")
            else:
                _words(door, x.end + 14, y + 4.5, [text], theme.TEXT_SIZE)
            if chart.kind == "ranges":
                _open_ends(sheet, mark, x, y)
    return bottom + 28 + 16 * len(title)


def _name(mark: Mark, chart: Chart, room: float) -> Name:
    """A city with its period below, or the lines of a longer name."""
    if chart.kind == "ranges":
        bold = {"font_weight": "bold"} if mark.role == "city" else {}
        lines: Name = [(theme.shortened(mark.label, min(room, 120)), theme.TEXT_SIZE, bold)]
        below = theme.shortened(mark.period, min(room, 120), FINE_SIZE)
    else:
        wrapped = theme.wrapped(mark.label, room, theme.SMALL_SIZE, most=2)
        lines = [(line, theme.SMALL_SIZE, {}) for line in wrapped]
        below = theme.shortened(mark.basis, room, FINE_SIZE)
    return [*lines, (below, FINE_SIZE, {"fill": _QUIET})] if below else lines


def _reason(sheet: Element, mark: Mark, x: _Scale, y: float, most: int) -> None:
    """Why there is no mark, where it would be."""
    lines = theme.wrapped(mark.printed, x.end - x.start - 12, FINE_SIZE, most)
    halo = {"paint_order": "stroke", "stroke": _SHEET, "stroke_width": 5}
    _words(sheet, x.start + 6, y + 4 - 7.5 * (len(lines) - 1), lines, FINE_SIZE, fill=_QUIET, **halo)


def _in_row(door: Element, mark: Mark, chart: Chart, x: _Scale, y: float, tall: float) -> None:
    """The dot with its error bar, or the bar, of one row."""
    if chart.kind == "ranges":
        style = theme.RANGE_STYLES[mark.role]
        bars = _bar(x.ends(mark.low, mark.value, mark.high), y, style)
        _dot(_trace(door, style), mark, (x(mark.value), y), style, bars)
        return
    low, high = 0.0, mark.value or 0.0
    if chart.kind == "spans":
        # A day is as wide as a month, so that it is seen.
        low = mark.x_low or 0.0
        high = max(mark.x_high or 0.0, low + 1 / 12)
    left, right = sorted((x(low), x(high)))
    colour = theme.RANGE_STYLES["city"].colour
    look = {"fill": _SHEET, "stroke": colour, "stroke_width": 2} if mark.caveat else {"fill": colour}
    _add(door, "rect", x=left, y=y - 0.225 * tall, width=right - left, height=0.45 * tall, **look)


# Parts of a drawing


def _half_a_tick(axis: Axis) -> float:
    """Half the width of the widest text of a tick."""
    return max((theme.text_width(text, theme.SMALL_SIZE) / 2 for text in axis.texts), default=0)


def _rules(sheet: Element, lines: list[list[Point]]) -> None:
    if lines:
        _add(sheet, "path", d="".join(map(_path, lines)), stroke=_RULE)


def _foot(sheet: Element, x: _Scale, y: float) -> None:
    """The line below the drawing, with the ticks and their texts."""
    places = [x(tick) for tick in x.axis.ticks]
    ticks = [[(place, y), (place, y + 5)] for place in places]
    path = "".join(map(_path, [[(x.start, y), (x.end, y)], *ticks]))
    _add(sheet, "path", d=path, stroke=_PAINTS[theme.AXIS])
    # Where the texts would run into each other, only every second or third is there.
    every = math.ceil((2 * _half_a_tick(x.axis) + 6) / (places[1] - places[0])) if places[1:] else 1
    _tick_texts(sheet, x.axis, [(place, y + 18) for place in places], "middle", every)


def _tick_texts(sheet: Element, axis: Axis, places: list[Point], anchor: str, every: int = 1) -> None:
    group = _add(sheet, "g", font_size=theme.SMALL_SIZE, fill=_QUIET, text_anchor=anchor)
    for text, place in list(zip(axis.texts, places, strict=True))[::every]:
        _words(group, *place, [text])


def _guide(sheet: Element, x: float, ends: Point, style: Style) -> None:
    _line(_trace(sheet, style), [(x, end) for end in ends], style.dash, 1)


def _trace(parent: Element, style: Style) -> Element:
    paint = _PAINTS.get(style.colour, style.colour)
    return _add(parent, "g", fill=paint, stroke=paint, stroke_width=2)


def _door(parent: Element, mark: Mark) -> Element:
    """What a mark is drawn into: a link to the entry it comes from, with its numbers as the title."""
    link = _add(parent, "a", class_="door", href=f"#obs-{(mark.observations or mark.inputs)[0]}")
    group = _add(link, "g", class_="mark")
    _add(group, "title", _tip(mark.label, mark.printed, mark.period))
    return group


def _tip(*parts: str) -> str:
    return " · ".join(theme.shortened(part, 800) for part in parts if part)


def _dot(parent: Element, mark: Mark, at: Point, style: Style, bars: str = "") -> None:
    """Error bars and marker of a mark; hollow where it carries a caveat."""
    if bars:
        _add(parent, "path", d=bars)
    _add(parent, "path", d=_symbol(style, at), **({"fill": _SHEET} if mark.caveat else {}))


def _bar(ends: Point, across: float, style: Style, upright: bool = False) -> str:
    """The path of an error bar with a line across each end; none where the marker would hide it."""
    if abs(ends[1] - ends[0]) <= style.size:
        return ""
    lines = [
        [(ends[0], across), (ends[1], across)],
        *([(end, across - 4), (end, across + 4)] for end in ends),
    ]
    return "".join(_path([(b, a) if upright else (a, b) for a, b in line]) for line in lines)


def _open_ends(sheet: Element, mark: Mark, along: _Scale, across: float, upright: bool = False) -> None:
    """Arrow heads at the edge of the axis where the interval of a mark is open."""
    high, low = ("up", "down") if upright else ("right", "left")
    for end, edge, way in ((mark.high, along.axis.high, high), (mark.low, along.axis.low, low)):
        if end is not None and math.isinf(end):
            at = (across, along(edge)) if upright else (along(edge), across)
            style = Style(theme.QUIET, f"triangle-{way}", "solid", 0, 9)
            _add(sheet, "path", d=_symbol(style, at), fill=_QUIET)


_SYMBOLS: dict[str, tuple[int, float, tuple[float, ...]]] = {
    "square": (4, 45, (1.41,)),
    "diamond": (4, 0, (1.3,)),
    "triangle-up": (3, 0, (1.2,)),
    "triangle-right": (3, 90, (1.2,)),
    "triangle-down": (3, 180, (1.2,)),
    "triangle-left": (3, 270, (1.2,)),
    "pentagon": (5, 0, (1.0,)),
    "hexagon": (6, 0, (1.0,)),
    "star": (10, 0, (1.4, 0.53)),
    "star-triangle-up": (6, 0, (1.6, 0.5)),
    "cross": (12, 15, (1.24, 0.45, 1.24)),
    "x": (12, 60, (1.24, 0.45, 1.24)),
    "bowtie": (8, 0, (0.0, 1.41, 1.0, 1.41)),
    "hourglass": (8, 90, (0.0, 1.41, 1.0, 1.41)),
}
"""By plotly's names: how many corners, how far the first is turned from the top, and on circles of which radii they
lie in turn, as shares of the radius of the marker."""


def _symbol(style: Style, at: Point) -> str:
    """The path of a marker."""
    radius = style.size / 2
    if style.symbol == "circle":
        r, start = _short(radius), f"M{_short(at[0] - radius)} {_short(at[1])}"
        return f"{start}a{r} {r} 0 1 0 {_short(2 * radius)} 0a{r} {r} 0 1 0 {_short(-2 * radius)} 0Z"
    corners, turned, radii = _SYMBOLS[style.symbol]
    points = []
    for number in range(corners):
        angle, far = math.radians(turned + 360 * number / corners), radius * radii[number % len(radii)]
        points.append((at[0] + far * math.sin(angle), at[1] - far * math.cos(angle)))
    return _path(points) + "Z"


# Elements


def _line(parent: Element, points: list[Point], dash: str, width: float) -> None:
    """A line, none through a single point; `dash` as in `theme.Style`."""
    if len(points) > 1:
        line = _add(parent, "path", d=_path(points), fill="none", stroke_width=width)
        if dash != "solid":
            line.set("stroke-dasharray", dash.replace("px", "").replace(",", " "))


def _path(points: Iterable[Point]) -> str:
    return "M" + "L".join(f"{_short(x)} {_short(y)}" for x, y in points)


def _words(
    parent: Element, x: float, y: float, lines: Iterable[str], size: float | None = None, **look: Any
) -> None:
    """Lines of text, the first on the baseline `y`."""
    sized = {"font_size": size} if size else {}
    for number, line in enumerate(lines):
        _add(parent, "text", line, x=x, y=y + number * ((size or 0) + 4), **sized, **look)


def _add(parent: Element, tag: str, text: str = "", **attributes: Any) -> Element:
    """An element with its text made safe and its attributes: `stroke_width` is stroke-width."""
    element = SubElement(parent, tag)
    for name, value in attributes.items():
        element.set(name.rstrip("_").replace("_", "-"), value if isinstance(value, str) else _short(value))
    if text:
        element.text = _safe(text)
    return element


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _safe(text: str) -> str:
    """Text without control characters, direction marks and what XML cannot hold; the tree escapes the rest."""
    return _NOT_IN_XML.sub("\ufffd", theme.plain_text(text))


def _short(number: float) -> str:
    """A number of pixels with at most one decimal."""
    return f"{round(number, 1) + 0:g}"
