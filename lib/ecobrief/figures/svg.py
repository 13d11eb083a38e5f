"""A chart as a small static SVG: for readers without scripts, for print, and until the interactive chart has come.

It says what the plotly rendering says, from the same record, axes and styles. Every mark is a link to the entry of
its first observation, named by its numbers. Nothing but elements and presentation attributes: no style, no script, no
id, no reference to anything outside. The font is that of the page, and every colour is a variable that a page may
set, as for dark mode; `theme.declarations` has what to write there.
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
from ecobrief.figures.chart import BREAK_LETTERS, Chart, Mark, carried_forward, segments
from ecobrief.figures.theme import FINE_SIZE, SMALL_SIZE, TEXT_SIZE, Style

Point = tuple[float, float]
Line = tuple[str, dict[str, Any]]
"""One line of a text, with its look where that is not the one of its parent."""

# Below this many pixels a row's name and value stand above its mark instead of beside it.
NARROW = 520
LINE = 16
# How much wider than its estimate a bold text may be.
BOLD = 1.25

_QUIET, _SHEET = theme.paint(theme.QUIET), theme.paint(theme.SHEET)
_WORDS: dict[str, Any] = {"fill": _QUIET, "font_size": SMALL_SIZE}


def picture(chart: Chart, width: int = 720) -> str:
    """One `<svg>` element, `width` pixels wide where it is not scaled; text keeps its size whatever the width.

    The same chart gives the same bytes.
    """
    root = Element("svg", xmlns="http://www.w3.org/2000/svg")
    # No role img: what such an element holds is hidden from screen readers, and this one holds links.
    root.set("role", "group")
    _add(root, "title", _safe(theme.shortened(chart.title, 800)))
    height = _series(root, chart, width) if chart.kind == "series" else _rows(root, chart, width)
    look = {"viewBox": f"0 0 {width} {_short(height)}", "fill": theme.paint(theme.INK), "stroke_width": 2}
    _set(root, **look, font_size=TEXT_SIZE, stroke_linejoin="round")
    return tostring(root, encoding="unicode").replace(" />", "/>")


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
    samples, top = _legend(sheet, chart, width)
    title = draw.axis_title(chart, values)
    height = top + draw.SERIES_HEIGHT
    x = _Scale(years, 12 + round(draw.tick_width(values)), width - 18)
    y = _Scale(values, height - 30, top + 16 * len(title) + 16)
    _rules(sheet, [[(x.start, y(tick)), (x.end, y(tick))] for tick in values.ticks])
    words = _add(sheet, "g", **_WORDS)
    _words(words, 4, top + 14, title)
    _tick_texts(words, values, [(x.start - 6, y(tick) + 4) for tick in values.ticks], "end")
    _foot(sheet, words, x, y.start)
    breaks = [(letter, x(at)) for letter, at in _letters(chart) if years.low <= at <= years.high]
    for letter, at in breaks:
        _words(words, at + 3, y.start - 4, [letter])
    _guides(sheet, [at for _, at in breaks], (y.end, y.start), theme.BREAK_STYLE)
    # Benchmarks first, so that a city is drawn over them.
    in_order = sorted(samples, key=lambda label: any(mark.role == "city" for mark in _of(label, chart.drawn)))
    for label in in_order:
        trace, style, sample = _trace(sheet, styles[label]), styles[label], samples[label]
        joined = [marks for name, marks in segments(chart) if name == label]
        carried = [marks for name, marks in carried_forward(chart) if name == label]
        lines = [[(x(mark.x), y(mark.value)) for mark in marks] for marks in joined]
        if sample:
            lines.insert(0, [(sample[0] - 15, sample[1]), (sample[0] + 15, sample[1])])
            _symbol(trace, style, sample)
        _lines(trace, lines, style.dash, style.width)
        _lines(trace, [list(_steps(marks, x, y)) for marks in carried], "9px,9px", 1.5)
        for mark in (*(mark for marks in joined for mark in marks), *_later(carried)):
            bars = _bar(y.ends(mark.low, mark.value, mark.high), x(mark.x), style, upright=True)
            if (mark.x_high or 0) - (mark.x_low or 0) > 1.01:
                bars += _bar(x.ends(mark.x_low, mark.x, mark.x_high), y(mark.value), style)
            door = _door(trace, mark)
            _add(door, "title", _tip(mark))
            _dot(door, mark, (x(mark.x), y(mark.value)), style, "" if mark.carries else bars)
    for mark in chart.drawn:
        _open_ends(sheet, mark, y, x(mark.x), upright=True)
    return height


def _of(label: str, marks: Iterable[Mark]) -> list[Mark]:
    return [mark for mark in marks if mark.label == label]


def _later(carried: list[list[Mark]]) -> Iterator[Mark]:
    """The marks that carry a reading forward, without the reading itself."""
    for marks in carried:
        yield from marks[1:]


def _letters(chart: Chart) -> Iterator[tuple[str, float]]:
    """The letters of the upright lines, with their places on the axis of years."""
    for letter, (place, _) in zip(BREAK_LETTERS, chart.breaks, strict=False):
        yield letter, place


def _steps(marks: list[Mark], x: _Scale, y: _Scale) -> Iterator[Point]:
    """The corners of a line that goes across first and then up or down."""
    for before, mark in zip([marks[0], *marks], marks, strict=False):
        yield x(mark.x), y(before.value)
        yield x(mark.x), y(mark.value)


def _legend(sheet: Element, chart: Chart, width: int) -> tuple[dict[str, Point | None], float]:
    """The names of the series from the top: where the middle of each one's sample comes, and how far down they reach.

    No names and no samples where all marks are of one city.
    """
    labels = [label for label in chart.labels if _of(label, chart.drawn)]
    if len(labels) < 2 and all(mark.role == "city" for mark in chart.drawn):
        return dict.fromkeys(labels), 0
    samples: dict[str, Point | None] = {}
    x, y, below = 4.0, 12.0, 12.0
    for label in labels:
        lines = theme.wrapped(label, width - 44, most=2)
        needed = 44 + max(map(theme.text_width, lines))
        if x > 4 and x + needed > width:
            x, y = 4.0, below + draw.LEGEND_LINE
        samples[label] = (x + 15, y)
        _words(sheet, x + 35, y + 4.5, lines)
        x, below = round(x + needed + 8), max(below, y + 17 * (len(lines) - 1))
    return samples, below + 12


# Rows on one axis


def _rows(sheet: Element, chart: Chart, width: int) -> float:
    # A name and a value stand above the mark in a narrow picture, and everywhere above a span: its name is a sentence.
    axis, above, top = _along(chart), width < NARROW or chart.kind == "spans", 10.0
    most = 0.5 * width if above else 190
    printed = [theme.shortened(mark.printed, most) for mark in chart.rows]
    values = [text for text, mark in zip(printed, chart.rows, strict=True) if mark.value is not None]
    side, column = max(12, draw.tick_width(axis) / 2), 1.08 * max(map(theme.text_width, values), default=0)
    room = width - 2 * side - column - 12 if above else 0.34 * width
    names = [_name(mark, chart, room) for mark in chart.rows]
    if above:
        x, tall = _Scale(axis, round(side), round(width - side)), 28.0
        over = [LINE * len(name) + 1.0 for name in names]
    else:
        beside = max((_width(line) for name in names for line in name), default=0)
        beside *= BOLD if chart.kind == "ranges" else 1.08
        x = _Scale(axis, round(max(side, beside + 12)), round(width - max(side, column + 18)))
        over, tall = [0.0] * len(names), float(draw.ROW_HEIGHT)
    uppers = list(accumulate((before + tall for before in over), initial=top))
    middles = [upper + before + tall / 2 for upper, before in zip(uppers, over, strict=False)]
    bottom = max(uppers[-1], top + tall)
    upright = [[(x(tick), top), (x(tick), bottom)] for tick in axis.ticks]
    _rules(sheet, [*upright, *([(x.start, y), (x.end, y)] for y in middles)])
    words = _add(sheet, "g", **_WORDS)
    _foot(sheet, words, x, bottom)
    title, middle = draw.axis_title(chart, axis), round(width / 2 if above else (x.start + x.end) / 2)
    _words(words, middle, bottom + 36, title, text_anchor="middle")
    for role, style in theme.RANGE_STYLES.items():
        if role in ("benchmark", "target") and chart.kind != "spans":
            values_of_role = [mark.value for mark in chart.drawn if mark.role == role]
            _guides(sheet, [x(value) for value in values_of_role], (top, bottom), style)
    for mark, name, text, upper, y in zip(chart.rows, names, printed, uppers, middles, strict=False):
        door = _door(sheet, mark) if mark.observations or mark.inputs else sheet
        if door is not sheet and _is_cut(mark, name, text):
            _add(door, "title", _tip(mark))
        if above:
            _text(door, x.start, upper + 14, name)
        else:
            _text(door, x.start - 8, y + 4.5 - LINE / 2 * (len(name) - 1), name, text_anchor="end")
        if mark.value is None:
            _reason(door, mark, x, y, most=2 if above else 3)
            continue
        _in_row(door, mark, chart, x, y, tall)
        if above:
            _words(door, x.end, upper + 14, [text], text_anchor="end")
        else:
            _words(door, x.end + 14, y + 4.5, [text])
        if chart.kind == "ranges":
            _open_ends(sheet, mark, x, y)
    return bottom + 28 + 16 * len(title)


def _name(mark: Mark, chart: Chart, room: float) -> list[Line]:
    """A city with its period below, or the lines of a longer name with what it rests on."""
    fine: dict[str, Any] = {"font_size": FINE_SIZE, "fill": _QUIET}
    if chart.kind == "ranges":
        room, bold = min(room, 120), mark.role == "city"
        lines: list[Line] = [(theme.shortened(mark.label, room), {"font_weight": "bold"} if bold else {})]
        below = [theme.shortened(mark.period, room, FINE_SIZE)] if mark.period else []
        fine |= {"font_weight": "normal"} if bold else {}
    else:
        wrapped = theme.wrapped(mark.label, room, SMALL_SIZE, most=2)
        lines = [(line, {"font_size": SMALL_SIZE}) for line in wrapped]
        below = theme.wrapped(mark.basis, room, FINE_SIZE, most=2) if mark.basis else []
    return [*lines, *((line, fine) for line in below)]


def _width(line: Line) -> float:
    return theme.text_width(line[0], line[1].get("font_size", TEXT_SIZE))


def _is_cut(mark: Mark, name: list[Line], value: str) -> bool:
    """Whether a row's words leave out some of what its mark says, so that a title has to say it."""
    words = "".join("".join([*(line for line, _ in name), value]).split())
    return not all("".join(part.split()) in words for part in (mark.label, mark.printed, mark.period))


def _reason(parent: Element, mark: Mark, x: _Scale, y: float, most: int) -> None:
    """Why there is no mark, where it would be."""
    lines = theme.wrapped(mark.printed, x.end - x.start - 12, FINE_SIZE, most)
    look = {"font_size": FINE_SIZE, "fill": _QUIET, "paint_order": "stroke", "stroke": _SHEET}
    _words(parent, x.start + 6, y + 4 - LINE / 2 * (len(lines) - 1), lines, **look, stroke_width=5)


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
    colour = theme.paint(theme.RANGE_STYLES["city"].colour)
    look = {"fill": _SHEET, "stroke": colour} if mark.caveat else {"fill": colour}
    height = round(0.45 * tall)
    _add(door, "rect", x=left, y=y - height / 2, width=right - left, height=height, **look)


# Parts of a drawing


def _rules(sheet: Element, lines: list[list[Point]]) -> None:
    if lines:
        _add(sheet, "path", d="".join(map(_path, lines)), stroke=theme.paint(theme.RULE), stroke_width=1)


def _foot(sheet: Element, words: Element, x: _Scale, y: float) -> None:
    """The line below the drawing, with the ticks and their texts."""
    places = [x(tick) for tick in x.axis.ticks]
    ticks = [[(place, y), (place, y + 5)] for place in places]
    path = "".join(map(_path, [[(x.start, y), (x.end, y)], *ticks]))
    _add(sheet, "path", d=path, stroke=theme.paint(theme.AXIS), stroke_width=1)
    # Where the texts would run into each other, only every second or third is there.
    every = math.ceil((draw.tick_width(x.axis) + 6) / (places[1] - places[0])) if places[1:] else 1
    _tick_texts(words, x.axis, [(place, y + 18) for place in places], "middle", every)


def _tick_texts(words: Element, axis: Axis, places: list[Point], anchor: str, every: int = 1) -> None:
    group = _add(words, "g", text_anchor=anchor)
    for text, place in list(zip(axis.texts, places, strict=True))[::every]:
        _words(group, *place, [text])


def _guides(sheet: Element, places: list[float], ends: Point, style: Style) -> None:
    """Fine upright lines through the whole drawing."""
    if places:
        trace = _add(sheet, "g", stroke=theme.paint(style.colour))
        _lines(trace, [[(x, end) for end in ends] for x in places], style.dash, 1)


def _trace(parent: Element, style: Style) -> Element:
    paint = theme.paint(style.colour)
    return _add(parent, "g", fill=paint, stroke=paint)


def _door(parent: Element, mark: Mark) -> Element:
    """What a mark is drawn into: a link to the entry it comes from."""
    return _add(parent, "a", href=f"#obs-{(mark.observations or mark.inputs)[0]}")


def _tip(mark: Mark) -> str:
    parts = (mark.label, mark.printed, mark.period)
    return _safe(" · ".join(theme.shortened(part, 800) for part in parts if part))


def _dot(parent: Element, mark: Mark, at: Point, style: Style, bars: str = "") -> None:
    """Error bars and marker of a mark; hollow where it carries a caveat."""
    if bars:
        _add(parent, "path", d=bars)
    _symbol(parent, style, at, **({"fill": _SHEET} if mark.caveat else {}))


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
            _symbol(sheet, Style(theme.QUIET, f"triangle-{way}", "solid", 0, 9), at, fill=_QUIET)


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


def _symbol(parent: Element, style: Style, at: Point, **look: Any) -> None:
    """A marker."""
    radius = style.size / 2
    if style.symbol == "circle":
        _add(parent, "circle", cx=at[0], cy=at[1], r=radius, **look)
        return
    corners, turned, radii = _SYMBOLS[style.symbol]
    points = []
    for number in range(corners):
        angle, far = math.radians(turned + 360 * number / corners), radius * radii[number % len(radii)]
        points.append((at[0] + far * math.sin(angle), at[1] - far * math.cos(angle)))
    _add(parent, "path", d=_path(points) + "z", **look)


# Elements


def _lines(parent: Element, lines: list[list[Point]], dash: str, width: float) -> None:
    """Lines of one look in one path, none through a single point; `dash` as in `theme.Style`."""
    path = "".join(_path(line) for line in lines if len(line) > 1)
    if path:
        line = _add(parent, "path", d=path, fill="none")
        if dash != "solid":
            line.set("stroke-dasharray", dash.replace("px", "").replace(",", " "))
        if width != 2:
            _set(line, stroke_width=width)


def _path(points: Iterable[Point]) -> str:
    """Straight lines through the points: to the first as it lies, to each other one as seen from that before."""
    at, *others = ((round(x, 1), round(y, 1)) for x, y in points)
    path, before = f"M{_short(at[0])} {_short(at[1])}", "M"
    for to in others:
        across, down = _short(to[0] - at[0]), _short(to[1] - at[1])
        command, step = (
            ("h", across) if down == "0" else ("v", down) if across == "0" else ("l", f"{across} {down}")
        )
        path += f" {step}" if command == before else command + step
        at, before = to, command
    return path.replace(" -", "-")


def _words(parent: Element, x: float, y: float, lines: Iterable[str], **look: Any) -> None:
    """Lines of text in the size and colour of their parent, the first on the baseline `y`."""
    _text(parent, x, y, [(line, {}) for line in lines], **look)


def _text(parent: Element, x: float, y: float, lines: Iterable[Line], **look: Any) -> None:
    """One text of several lines. Words stay apart at the end of a line, for whoever copies or hears the text."""
    (text, own), *others = lines
    element = before = _add(parent, "text", _safe(text), x=x, y=y, **look, **own)
    for line, other in others:
        differing = {name: value for name, value in other.items() if own.get(name) != value}
        after = _add(element, "tspan", _safe(line), x=x, dy=LINE, **differing)
        if theme.text_width((before.text or "")[-1:], 1) < 1:
            # The space lies on the side away from the anchor, where it moves nothing.
            if look.get("text_anchor") == "end":
                after.text = f" {after.text or ''}"
            else:
                before.text = f"{before.text or ''} "
        before = after


def _add(parent: Element, tag: str, text: str = "", **attributes: Any) -> Element:
    """An element with its text, which has been made safe, and its attributes."""
    element = SubElement(parent, tag)
    element.text = text or None
    _set(element, **attributes)
    return element


def _set(element: Element, **attributes: Any) -> None:
    """Set attributes: `stroke_width` is stroke-width."""
    for name, value in attributes.items():
        element.set(name.replace("_", "-"), value if isinstance(value, str) else _short(value))


_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def _safe(text: str) -> str:
    """Text without control characters, direction marks and what XML cannot hold; the tree escapes the rest."""
    return _NOT_IN_XML.sub("\ufffd", theme.plain_text(text))


def _short(number: float) -> str:
    """A number of pixels with at most one decimal."""
    return f"{round(number, 1) + 0:.9g}"
