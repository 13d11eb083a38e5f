"""A chart as plotly draws it: plain dicts and lists, no template, every text escaped by `theme`.

plotly itself is not imported: its figure objects cost most of a second in every kernel, and the tests
validate what is built here against them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from ecobrief.figures import theme
from ecobrief.figures.axes import Axis, value_axis, year_axis
from ecobrief.figures.chart import BREAK_LETTERS, Chart, Mark, carried_forward, segments
from ecobrief.wording import msg, say

Figure = dict[str, Any]

# For whoever calls plotly: no bar of buttons, and the figure follows the width of its place.
CONFIG: dict[str, Any] = {
    "displayModeBar": False,
    "displaylogo": False,
    "responsive": True,
    "showTips": False,
}

SERIES_HEIGHT = 380
ROW_HEIGHT = 46
LEGEND_LINE = 20
# Of a span: the room for its bar, and for each line of its name above it.
SPAN_HEIGHT = 34
NAME_LINE = 16
# Pixels that a phone of 360 has for words in the drawing, and for a tooltip.
TITLE_WIDTH = 320
HOVER_WIDTH = 270
NAME_WIDTH = 150
LEGEND_WIDTH = 260


def figure(chart: Chart, titled: bool = False) -> Figure:
    """Data and layout for plotly. A page shows the title beside the figure; `titled` puts it inside."""
    data, layout = _series(chart) if chart.kind == "series" else _ranges(chart)
    made = {"data": data, "layout": layout}
    return with_title(made, chart) if titled else made


def with_title(untitled: Figure, chart: Chart) -> Figure:
    """The figure of a chart with its title inside; it shares its data with the one without."""
    layout = dict(untitled["layout"])
    lines = theme.wrapped(chart.title, 640, 16, most=2)
    layout["title"] = {
        "text": theme.plotly_lines(lines),
        "x": 0,
        "xref": "container",
        "xanchor": "left",
        "y": 1,
        "yref": "container",
        "yanchor": "top",
        "pad": {"l": 12, "t": 12},
        "font": {"size": 16},
    }
    room = 24 + 20 * len(lines)
    layout["margin"] = layout["margin"] | {"t": layout["margin"]["t"] + room}
    layout["height"] += room
    if "legend" in layout:
        # The room for title and legend is the same room above the drawing; only one of them can have it.
        layout["legend"] = layout["legend"] | {"y": -0.14, "yanchor": "top"}
    return {"data": untitled["data"], "layout": layout}


def _series(chart: Chart) -> tuple[list[Figure], Figure]:
    values, years = value_axis(chart), year_axis(chart)
    styles = theme.series_styles(chart)
    data: list[Figure] = []
    groups = {label: f"series-{number}" for number, label in enumerate(chart.labels)}
    named = [label for label in chart.labels if any(mark.label == label for mark in chart.drawn)]
    data += [_legend_entry(label, styles[label], groups[label]) for label in named]
    # Benchmarks first, so that a city is drawn over them.
    for label, marks in sorted(segments(chart), key=lambda segment: segment[1][0].role == "city"):
        style = styles[label]
        trace = _trace(marks, style) | {
            "mode": "lines+markers",
            "x": [_plain(mark.x) for mark in marks],
            "y": [_plain(mark.value) for mark in marks],
            "line": {"color": style.colour, "width": style.width, "dash": style.dash},
            "error_y": _bars([(mark.low, mark.value, mark.high) for mark in marks], values, style),
            "error_x": _bars([(mark.x_low, mark.x, mark.x_high) for mark in marks], years, style, least=1.01),
            "legendgroup": groups[label],
        }
        data.append({name: part for name, part in trace.items() if part != {}})
    data += [_step(marks, styles[label], groups[label]) for label, marks in carried_forward(chart)]
    data += _open_ends(chart, values)

    title = axis_title(chart, values)
    title_height = 16 * len(title) + 8
    left = round(tick_width(values)) + 16
    layout = _layout(chart, SERIES_HEIGHT, {"l": left, "r": 18, "t": title_height + 8, "b": 30})
    layout["xaxis"] = _axis(years) | {"showgrid": False, "ticks": "outside"}
    layout["yaxis"] = _axis(values) | {"zeroline": False, "showline": False}
    layout["annotations"] = [
        _words(theme.plotly_lines(title), x=0, xref="paper", y=1, yref="paper", yanchor="bottom", yshift=6)
        | {"xanchor": "left", "align": "left"}
    ]
    if chart.breaks:
        layout["shapes"] = [_guide(place, theme.BREAK_STYLE) for place, _ in chart.breaks]
        layout["annotations"] += [
            _words(
                letter,
                x=_plain(place),
                xref="x",
                y=0,
                yref="paper",
                yanchor="bottom",
                xanchor="left",
                xshift=2,
            )
            for letter, (place, _) in zip(BREAK_LETTERS, chart.breaks, strict=False)
        ]
    if len(named) > 1 or any(mark.role != "city" for mark in chart.drawn):
        # A legend takes its room from the drawing, on a phone for several lines: they are added here.
        layout["height"] += LEGEND_LINE * _legend_lines(named)
        drawing = SERIES_HEIGHT - title_height - 38
        layout["showlegend"] = True
        layout["legend"] = {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": round(1 + (title_height + 6) / drawing, 3),
            "yanchor": "bottom",
            "font": {"size": theme.TEXT_SIZE},
            "tracegroupgap": 0,
            "itemclick": "toggle",
            "itemdoubleclick": False,
            "bgcolor": theme.CLEAR,
        }
    return data, layout


def _step(marks: list[Mark], style: theme.Style, group: str) -> Figure:
    """The dashed step from a reading, which is drawn already, to the marks that carry it forward."""
    trace = _trace(marks, style)
    trace["marker"] |= {"size": [0, *(style.size for _ in marks[1:])]}
    return trace | {
        "mode": "lines+markers",
        "x": [_plain(mark.x) for mark in marks],
        "y": [_plain(mark.value) for mark in marks],
        "line": {"color": style.colour, "width": 1.5, "dash": "dash", "shape": "hv"},
        "legendgroup": group,
    }


def _ranges(chart: Chart) -> tuple[list[Figure], Figure]:
    if chart.kind == "spans":
        return _spans(chart)
    values = value_axis(chart)
    places = dict(enumerate(chart.rows))
    data: list[Figure] = []
    if chart.kind == "bars" and chart.drawn:
        drawn = {place: mark for place, mark in places.items() if mark.value is not None}
        data.append(_solid(drawn, [(0, mark.value or 0) for mark in drawn.values()], 0.45))
    for role, style in theme.RANGE_STYLES.items():
        own = {place: mark for place, mark in places.items() if mark.role == role and mark.value is not None}
        if not own or chart.kind != "ranges":
            continue
        marks = list(own.values())
        trace = _trace(marks, style) | {
            "mode": "markers",
            "x": [_plain(mark.value) for mark in marks],
            "y": list(own),
            "error_x": _bars([(mark.low, mark.value, mark.high) for mark in marks], values, style),
            "showlegend": False,
        }
        data.append({name: part for name, part in trace.items() if part != {}})
    if chart.kind == "ranges":
        data += _open_ends(chart, values)

    printed = {place: theme.shortened(mark.printed, 170) for place, mark in places.items()}
    column = max(
        (theme.text_width(printed[place]) for place, mark in places.items() if mark.value is not None),
        default=0,
    )
    title = axis_title(chart, values)
    bottom = 34 + 16 * len(title)
    height = ROW_HEIGHT * max(len(places), 1) + 10 + bottom
    names = {place: _row_name(mark, chart) for place, mark in places.items()}
    left = round(max(map(_lines_width, names.values()), default=0)) + 16
    layout = _layout(chart, height, {"l": left, "r": round(column) + 22, "t": 10, "b": bottom})
    layout["xaxis"] = _axis(values) | {"zeroline": False, "ticks": "outside", "title": _below_axis(title)}
    layout["yaxis"] = _rows_axis(list(places), (len(places) - 0.5, -0.5)) | {
        "ticktext": list(names.values()),
        "tickfont": {"size": theme.TEXT_SIZE, "color": theme.INK},
        "ticklabelstandoff": 8,
    }
    layout["annotations"] = [_value_words(place, mark, printed[place]) for place, mark in places.items()]
    layout["shapes"] = [
        _guide(mark.value, theme.RANGE_STYLES[mark.role])
        for mark in chart.drawn
        if mark.role in ("benchmark", "target") and mark.value is not None
    ]
    return data, layout


def _spans(chart: Chart) -> tuple[list[Figure], Figure]:
    """Spans with their names above them, which are too long to stand beside; the upright axis counts pixels."""
    years, side, top = year_axis(chart), 12, 0
    words: list[Figure] = []
    places: dict[int, Mark] = {}
    for mark in chart.rows:
        room = TITLE_WIDTH - 2 * side
        name = theme.wrapped(mark.label, room, theme.SMALL_SIZE, most=3)
        about = " · ".join(filter(None, (mark.printed, mark.basis)))
        below = theme.wrapped(about, room, theme.FINE_SIZE, most=4)
        text = f"{theme.plotly_lines(name)}<br>{_fine(below)}"
        at = {"x": 0, "xref": "paper", "xanchor": "left", "y": top, "yref": "y", "yanchor": "top"}
        words.append(_words(text, **at) | {"align": "left", "borderpad": 0})
        words[-1]["font"] = {"size": theme.SMALL_SIZE, "color": theme.INK}
        top += NAME_LINE * len([*name, *below])
        places[top + SPAN_HEIGHT // 2 - 4] = mark
        top += SPAN_HEIGHT
    drawn = {place: mark for place, mark in places.items() if mark.value is not None}
    # A day is as wide as a month, so that it is seen.
    ends = [(mark.x_low or 0, max((mark.x_high or 0) - (mark.x_low or 0), 1 / 12)) for mark in drawn.values()]
    title = axis_title(chart, years)
    top, bottom = max(top, SPAN_HEIGHT), 34 + 16 * len(title)
    layout = _layout(chart, top + 10 + bottom, {"l": side, "r": side, "t": 10, "b": bottom})
    layout["xaxis"] = _axis(years) | {"zeroline": False, "ticks": "outside", "title": _below_axis(title)}
    layout["yaxis"] = _rows_axis(list(places), (top, 0)) | {"showticklabels": False}
    layout["annotations"] = words
    return [_solid(drawn, ends, 14)] if drawn else [], layout


def _below_axis(title: list[str]) -> Figure:
    return {
        "text": theme.plotly_lines(title),
        "standoff": 8,
        "font": {"size": theme.SMALL_SIZE, "color": theme.QUIET},
    }


def _rows_axis(places: list[int], ends: tuple[float, float]) -> Figure:
    """The axis of the rows, from the top down, with a fine line through each."""
    return {
        "range": list(ends),
        "tickvals": places,
        "fixedrange": True,
        "showgrid": True,
        "gridcolor": theme.RULE,
        "zeroline": False,
    }


def _trace(marks: list[Mark], style: theme.Style) -> Figure:
    """What a trace of marks has in every kind of chart; hollow markers carry a caveat."""
    return {
        "type": "scatter",
        "name": theme.plotly_text(theme.shortened(marks[0].label, 200)),
        "marker": {
            "color": [theme.SHEET if mark.caveat else style.colour for mark in marks],
            "symbol": style.symbol,
            "size": style.size,
            "opacity": 1,
            "line": {"color": style.colour, "width": 2},
        },
        "hoverinfo": "text",
        "hovertext": [_hover(mark) for mark in marks],
        # What each point is a door to.
        "customdata": [list(mark.observations or mark.inputs) for mark in marks],
        "cliponaxis": False,
        "showlegend": False,
    }


def _solid(places: dict[int, Mark], ends: list[tuple[float, float]], width: float) -> Figure:
    """Horizontal bars, each from a base and so long; hollow with a caveat."""
    style, marks = theme.RANGE_STYLES["city"], list(places.values())
    trace = _trace(marks, style)
    for scattered in ("name", "cliponaxis"):
        trace.pop(scattered)
    return trace | {
        "type": "bar",
        "orientation": "h",
        "base": [_plain(base) for base, _ in ends],
        "x": [_plain(long) for _, long in ends],
        "y": list(places),
        "width": width,
        "marker": {
            "color": [theme.SHEET if mark.caveat else style.colour for mark in marks],
            "line": {"color": style.colour, "width": [2 if mark.caveat else 0 for mark in marks]},
        },
        "textposition": "none",
    }


def _legend_entry(label: str, style: theme.Style, group: str) -> Figure:
    """A series as the legend shows it, always with the full marker: the first reading may carry a caveat."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": theme.plotly_lines(_legend_name(label)),
        "x": [None],
        "y": [None],
        "line": {"color": style.colour, "width": style.width, "dash": style.dash},
        "marker": {"color": style.colour, "symbol": style.symbol, "size": style.size},
        "hoverinfo": "skip",
        "legendgroup": group,
        "showlegend": True,
    }


def _legend_name(label: str) -> list[str]:
    """The lines that a name has in the legend, so that a phone shows it whole."""
    return theme.wrapped(label, LEGEND_WIDTH, most=3)


def _legend_lines(labels: Iterable[str]) -> int:
    """How many lines the legend has on a phone."""
    above, row, used = 0, 0, 0.0
    for label in labels:
        lines = _legend_name(label)
        needed = 50 + max(map(theme.text_width, lines))
        if used and used + needed > TITLE_WIDTH:
            above, row, used = above + row, 0, 0.0
        row, used = max(row, len(lines)), used + needed
    return above + row


def _bars(
    ends: Iterable[tuple[float | None, float | None, float | None]],
    axis: Axis,
    style: theme.Style,
    least: float = 0,
) -> Figure:
    """Error bars from low, value and high: open ends reach the edge of the axis; none up to `least` long."""
    upward, downward = [], []
    for low, value, high in ends:
        at = value or 0.0
        down = max(at - max(at if low is None else low, axis.low), 0)
        up = max(min(at if high is None else high, axis.high) - at, 0)
        kept = down + up > least
        upward.append(_plain(up) if kept else 0)
        downward.append(_plain(down) if kept else 0)
    if not any(upward) and not any(downward):
        return {}
    return {
        "type": "data",
        "symmetric": False,
        "array": upward,
        "arrayminus": downward,
        "color": style.colour,
        "thickness": 2,
        "width": 4,
    }


def _open_ends(chart: Chart, axis: Axis) -> list[Figure]:
    """Arrow heads at the edge of the axis of values for intervals that are open to that side."""
    across = chart.kind == "ranges"
    heads: list[tuple[float | None, float, str]] = []
    for place, mark in enumerate(chart.rows):
        if mark.value is None:
            continue
        other = float(place) if across else mark.x
        if mark.high == math.inf:
            heads.append((other, axis.high, "triangle-right" if across else "triangle-up"))
        if mark.low == -math.inf:
            heads.append((other, axis.low, "triangle-left" if across else "triangle-down"))
    if not heads:
        return []
    along, edge = ([_plain(head[0]) for head in heads], [_plain(head[1]) for head in heads])
    return [
        {
            "type": "scatter",
            "mode": "markers",
            "x": edge if across else along,
            "y": along if across else edge,
            "marker": {"symbol": [head[2] for head in heads], "size": 9, "color": theme.QUIET},
            "hoverinfo": "skip",
            "cliponaxis": False,
            "showlegend": False,
        }
    ]


def _hover(mark: Mark) -> str:
    """The tooltip: label, value and period, then what it rests on and its caveat; the source is a click away."""
    head = theme.plotly_lines(theme.wrapped(mark.label, HOVER_WIDTH, most=2))
    value = " · ".join(part for part in (mark.printed, mark.period) if part)
    lines = [
        line
        for part in (value, mark.interval, mark.basis, mark.caveat)
        if part
        for line in theme.wrapped(part, HOVER_WIDTH, theme.SMALL_SIZE, most=4)
    ]
    return f"<b>{head}</b><br>{theme.plotly_lines(lines)}"


def _row_name(mark: Mark, chart: Chart) -> str:
    """A row's name as the axis shows it: a city with its period below, or the lines of a longer name."""
    if chart.kind == "ranges":
        name = theme.plotly_text(theme.shortened(mark.label, 120))
        name = f"<b>{name}</b>" if mark.role == "city" else name
        below = [theme.shortened(mark.period, 120, theme.FINE_SIZE)] if mark.period else []
    else:
        lines = theme.wrapped(mark.label, NAME_WIDTH, theme.SMALL_SIZE, most=2)
        name = f'<span style="font-size:{theme.SMALL_SIZE}px">{theme.plotly_lines(lines)}</span>'
        below = [theme.shortened(mark.basis, NAME_WIDTH, theme.FINE_SIZE)] if mark.basis else []
    return "<br>".join(filter(None, (name, _fine(below))))


def _fine(lines: list[str]) -> str:
    """Smaller lines below a name; nothing for no lines."""
    text = theme.plotly_lines(lines)
    return f'<span style="font-size:{theme.FINE_SIZE}px;color:{theme.QUIET}">{text}</span>' if text else ""


def _value_words(place: int, mark: Mark, printed: str) -> Figure:
    """The value as printed, right of the axis; what is not stated says so where its dot would be."""
    if mark.value is not None:
        words = _words(theme.plotly_text(printed), x=1, xref="paper", xshift=14, y=place, yref="y")
        words["font"] = {"size": theme.TEXT_SIZE, "color": theme.INK}
    else:
        reason = theme.plotly_lines(theme.wrapped(mark.printed, 165, theme.FINE_SIZE, most=3))
        words = _words(reason, x=0, xref="paper", xshift=6, y=place, yref="y")
        words |= {"font": {"size": theme.FINE_SIZE, "color": theme.QUIET}, "bgcolor": theme.SHEET}
    return words | {"xanchor": "left", "yanchor": "middle", "align": "left"}


def _guide(value: float, style: theme.Style) -> Figure:
    """A fine line through the whole drawing: at the value of a benchmark or target, at a break in time."""
    return {
        "type": "line",
        "layer": "below",
        "xref": "x",
        "yref": "paper",
        "x0": _plain(value),
        "x1": _plain(value),
        "y0": 0,
        "y1": 1,
        "line": {"color": style.colour, "width": 1, "dash": style.dash},
    }


def axis_title(chart: Chart, axis: Axis) -> list[str]:
    """The indicator with its unit, and where the axis starts if not at zero; one line if it fits a phone."""
    title = chart.measure
    if chart.unit:
        title = say(msg("{measure} ({unit})", measure=chart.measure, unit=chart.unit), chart.lang)
    parts = [title]
    if axis.starts_above_zero and axis.texts and chart.kind != "spans":
        parts.append(say(msg("axis starts at {start}, not at 0", start=axis.texts[0]), chart.lang))
    line = " · ".join(parts)
    if theme.text_width(line, theme.SMALL_SIZE) <= TITLE_WIDTH:
        return [line]
    return [part for whole in parts for part in theme.wrapped(whole, TITLE_WIDTH, theme.SMALL_SIZE, most=2)]


def tick_width(axis: Axis) -> float:
    """The width of the widest text of a tick, in pixels. Margins are reckoned here: plotly would draw twice to find them."""
    return max((theme.text_width(text, theme.SMALL_SIZE) for text in axis.texts), default=0)


def _lines_width(text: str) -> float:
    """The width of the widest line of a text for plotly; bold is a little wider."""
    lines = (re.sub("<[^>]+>", "", line) for line in text.split("<br>"))
    return 1.1 * max(map(theme.text_width, lines))


def _axis(axis: Axis) -> Figure:
    reach = (axis.high - axis.low) * 0.02
    return {
        "type": "linear",
        "range": [_plain(axis.low - reach), _plain(axis.high + reach)],
        "tickvals": [_plain(tick) for tick in axis.ticks],
        "ticktext": list(axis.texts),
        "tickfont": {"size": theme.SMALL_SIZE, "color": theme.QUIET},
        "fixedrange": True,
        "ticklabeloverflow": "allow",
        "gridcolor": theme.RULE,
        "linecolor": theme.AXIS,
        "tickcolor": theme.AXIS,
        "showline": True,
    }


def _words(text: str, **place: Any) -> Figure:
    return {
        "text": text,
        "showarrow": False,
        "font": {"size": theme.SMALL_SIZE, "color": theme.QUIET},
        **place,
    }


def _layout(chart: Chart, height: int, margin: dict[str, int]) -> Figure:
    return {
        "autosize": True,
        "height": height,
        "margin": margin | {"pad": 0},
        "font": {"family": theme.FONTS[chart.lang], "size": theme.TEXT_SIZE, "color": theme.INK},
        "paper_bgcolor": theme.CLEAR,
        "plot_bgcolor": theme.CLEAR,
        "showlegend": False,
        "hovermode": "closest",
        # Dragging scrolls the page; a chart on a phone must not catch it.
        "dragmode": False,
        "hoverlabel": {
            "align": "left",
            "bgcolor": theme.SHEET,
            "bordercolor": theme.AXIS,
            "font": {"family": theme.FONTS[chart.lang], "size": theme.SMALL_SIZE, "color": theme.INK},
        },
    }


def _plain(number: float | None) -> float | None:
    """A number without the noise of binary fractions; no source prints ten significant digits."""
    return None if number is None else float(f"{number:.10g}")
