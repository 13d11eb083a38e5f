"""A chart as plotly draws it: plain dicts and lists, no template, every text escaped by `theme`.

plotly itself is not imported: its figure objects cost most of a second in every kernel, and the tests
validate what is built here against them.
"""

from __future__ import annotations

import math
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
SPAN_HEIGHT = 56
LEGEND_LINE = 20
# Pixels that a phone of 360 has for words in the drawing, and for a tooltip.
TITLE_WIDTH = 320
HOVER_WIDTH = 270
NAME_WIDTH = 150


def figure(chart: Chart, titled: bool = False) -> Figure:
    """Data and layout for plotly. A page shows the title beside the figure; `titled` puts it inside."""
    data, layout = _series(chart) if chart.kind == "series" else _ranges(chart)
    if titled:
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
        layout["margin"]["t"] += room
        layout["height"] += room
        if "legend" in layout:
            # The room for title and legend is the same room above the drawing; only one of them can have it.
            layout["legend"] |= {"y": -0.14, "yanchor": "top"}
    return {"data": data, "layout": layout}


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
    layout = _layout(chart, SERIES_HEIGHT, {"l": 12, "r": 18, "t": title_height + 8, "b": 30})
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
    values = year_axis(chart) if chart.kind == "spans" else value_axis(chart)
    places = dict(enumerate(chart.rows))
    data: list[Figure] = []
    if chart.kind != "ranges" and chart.drawn:
        data.append(_solid(chart))
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
    data += _open_ends(chart, values)

    printed = {place: theme.shortened(mark.printed, 130) for place, mark in places.items()}
    column = max(
        (theme.text_width(printed[place]) for place, mark in places.items() if mark.value is not None),
        default=0,
    )
    title = axis_title(chart, values)
    bottom = 34 + 16 * len(title)
    row_height = SPAN_HEIGHT if chart.kind == "spans" else ROW_HEIGHT
    height = row_height * max(len(places), 1) + 10 + bottom
    layout = _layout(chart, height, {"l": 12, "r": round(column) + 22, "t": 10, "b": bottom})
    layout["xaxis"] = _axis(values) | {
        "zeroline": False,
        "ticks": "outside",
        "title": {
            "text": theme.plotly_lines(title),
            "standoff": 8,
            "font": {"size": theme.SMALL_SIZE, "color": theme.QUIET},
        },
    }
    layout["yaxis"] = {
        "range": [len(places) - 0.5, -0.5],
        "tickvals": list(places),
        "ticktext": [_row_name(mark, chart) for mark in places.values()],
        "tickfont": {"size": theme.TEXT_SIZE, "color": theme.INK},
        "automargin": True,
        "fixedrange": True,
        "showgrid": True,
        "gridcolor": theme.RULE,
        "zeroline": False,
        "ticklabelstandoff": 8,
    }
    layout["annotations"] = [_value_words(place, mark, printed[place]) for place, mark in places.items()]
    layout["shapes"] = [
        _guide(mark.value, theme.RANGE_STYLES[mark.role])
        for mark in chart.drawn
        if mark.role in ("benchmark", "target") and mark.value is not None
    ]
    return data, layout


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
        "customdata": [(mark.observations or mark.inputs)[0] for mark in marks],
        "cliponaxis": False,
        "showlegend": False,
    }


def _solid(chart: Chart) -> Figure:
    """Horizontal bars: from zero to the value, or from the first day of a span to its last."""
    style = theme.RANGE_STYLES["city"]
    marks = [(place, mark) for place, mark in enumerate(chart.rows) if mark.value is not None]
    spans = chart.kind == "spans"
    ends = [(mark.x_low or 0, mark.x_high or 0) if spans else (0, mark.value or 0) for _, mark in marks]
    trace = _trace([mark for _, mark in marks], style)
    for scattered in ("name", "cliponaxis"):
        trace.pop(scattered)
    return trace | {
        "type": "bar",
        "orientation": "h",
        "base": [_plain(low) for low, _ in ends],
        # A day is as wide as a month, so that it is seen.
        "x": [_plain(max(high - low, 1 / 12) if spans else high) for low, high in ends],
        "y": [place for place, _ in marks],
        "width": 0.45,
        "marker": {"color": style.colour, "line": {"width": 0}},
        "textposition": "none",
    }


def _legend_entry(label: str, style: theme.Style, group: str) -> Figure:
    """A series as the legend shows it, always with the full marker: the first reading may carry a caveat."""
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": theme.plotly_text(theme.shortened(label, 200)),
        "x": [None],
        "y": [None],
        "line": {"color": style.colour, "width": style.width, "dash": style.dash},
        "marker": {"color": style.colour, "symbol": style.symbol, "size": style.size},
        "hoverinfo": "skip",
        "legendgroup": group,
        "showlegend": True,
    }


def _legend_lines(labels: Iterable[str]) -> int:
    """How many lines the legend has on a phone."""
    lines, used = 1, 0.0
    for label in labels:
        needed = 50 + theme.text_width(theme.shortened(label, 200))
        if used and used + needed > TITLE_WIDTH:
            lines, used = lines + 1, 0.0
        used += needed
    return lines


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
    """Arrow heads at the edge of the axis for intervals that are open to that side."""
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
    """The tooltip: label, value and period, then what it rests on, its caveat and its source."""
    head = theme.plotly_lines(theme.wrapped(mark.label, HOVER_WIDTH, most=2))
    value = " · ".join(part for part in (mark.printed, mark.period) if part)
    lines = [
        line
        for part in (value, mark.interval, mark.basis, mark.caveat, mark.source)
        if part
        for line in theme.wrapped(part, HOVER_WIDTH, theme.SMALL_SIZE, most=4)
    ]
    return f"<b>{head}</b><br>{theme.plotly_lines(lines)}"


def _row_name(mark: Mark, chart: Chart) -> str:
    """A row's name as the axis shows it: a city with its period below, or the lines of a longer name."""
    if chart.kind != "ranges":
        lines = theme.wrapped(mark.label, NAME_WIDTH, theme.SMALL_SIZE, most=2)
        name = f'<span style="font-size:{theme.SMALL_SIZE}px">{theme.plotly_lines(lines)}</span>'
        return f"{name}<br>{_below(mark.basis, NAME_WIDTH)}" if mark.basis else name
    name = theme.plotly_text(theme.shortened(mark.label, 120))
    if mark.role == "city":
        name = f"<b>{name}</b>"
    if not mark.period:
        return name
    return f"{name}<br>{_below(mark.period, 120)}"


def _below(text: str, width: float) -> str:
    """A smaller line below a name."""
    return f'<span style="font-size:11px;color:{theme.QUIET}">{theme.plotly_text(theme.shortened(text, width, 11))}</span>'


def _value_words(place: int, mark: Mark, printed: str) -> Figure:
    """The value as printed, right of the axis; what is not stated says so where its dot would be."""
    if mark.value is not None:
        words = _words(theme.plotly_text(printed), x=1, xref="paper", xshift=14, y=place, yref="y")
        words["font"] = {"size": theme.TEXT_SIZE, "color": theme.INK}
    else:
        reason = theme.plotly_lines(theme.wrapped(mark.printed, 165, 11, most=3))
        words = _words(reason, x=0, xref="paper", xshift=6, y=place, yref="y")
        words |= {"font": {"size": 11, "color": theme.QUIET}, "bgcolor": theme.SHEET}
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


def _axis(axis: Axis) -> Figure:
    reach = (axis.high - axis.low) * 0.02
    return {
        "type": "linear",
        "range": [_plain(axis.low - reach), _plain(axis.high + reach)],
        "tickvals": [_plain(tick) for tick in axis.ticks],
        "ticktext": list(axis.texts),
        "tickfont": {"size": theme.SMALL_SIZE, "color": theme.QUIET},
        "fixedrange": True,
        "automargin": True,
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
