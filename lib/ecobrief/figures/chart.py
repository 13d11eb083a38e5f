"""A chart as one record: what it says, and one table of marks. Plotly, a static picture and a table are made
from it.

Nothing here knows how a chart is drawn. `value`, `low`, `high` and `x` are for drawing; what a reader reads
is always the text beside them (`printed`, `interval`, `period`), with the digits of the source.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, takewhile
from typing import Literal, get_args

from ecobrief.figures.rows import Column, Row, refuse_untraceable
from ecobrief.wording import Lang, Message, joined, msg, say

Kind = Literal["series", "ranges", "bars", "spans"]
Role = Literal["city", "peer", "benchmark", "target"]

ROLE_NAMES: dict[Role, Message] = {
    "city": msg("City"),
    "peer": msg("Other city"),
    "benchmark": msg("Benchmark"),
    "target": msg("Target"),
}


BREAK_LETTERS = "abcdefghij"
"""What the upright lines are called, in their order."""


@dataclass(frozen=True)
class Mark:
    """One reading on a chart, or the statement that there is none (`value` None: a row without a dot).

    label: the series it belongs to, in a chart of ranges the name of its row
    printed: the value as the reader sees it, with its unit ("97.4 %"); for a missing one the reason
    value, low, high: the unit of the chart; an end that is open to that side is -inf or inf, None draws no
    bar
    period: as the reader sees it; x, x_low, x_high: where it lies on the axis of years (`axes.period_span`)
    role: city (the page's own), peer (another city), benchmark or target
    basis: definition and scope in words
    of: for a target the label of the series it is set for
    run: a line joins the marks of one label and run; empty where their basis says it
    carries: it carries the reading before it forward: a dashed step leads to it, and no line
    caveat: why it compares only with care; drawn as an open marker
    interval: text for tooltip and table
    observations, formula, inputs: as in `Row`

    Raises:
        ValueError: a number without provenance, one outside its own interval, or text that is missing.
    """

    label: str
    printed: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    period: str = ""
    x: float | None = None
    x_low: float | None = None
    x_high: float | None = None
    role: Role = "city"
    basis: str = ""
    of: str = ""
    run: str = ""
    carries: bool = False
    interval: str = ""
    caveat: str = ""
    observations: tuple[str, ...] = ()
    formula: str = ""
    inputs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.label or not self.printed:
            raise ValueError(
                f"a mark needs a label and the text of its value: {self.label!r}, {self.printed!r}."
            )
        if self.role not in get_args(Role):
            raise ValueError(f"no role {self.role!r}: one of {', '.join(get_args(Role))}.")
        refuse_untraceable(self.observations, self.formula, self.inputs)
        if self.value is None:
            return
        if not (self.observations or self.formula):
            raise ValueError(
                f"untraceable number: {self.label}, {self.printed} names no observation and no formula."
            )
        if not math.isfinite(self.value):
            raise ValueError(f"{self.label}: {self.value} is no value that can be drawn.")
        low = self.value if self.low is None else self.low
        high = self.value if self.high is None else self.high
        if not low <= self.value <= high:
            raise ValueError(f"{self.label}: {self.value} lies outside its own interval {low} to {high}.")


@dataclass(frozen=True)
class Chart:
    """A chart: `series` shows readings over years, `ranges` one row per mark on one axis of values, `bars` the same from
    zero, `spans` one row per mark from its first year to its last.

    title says what it shows; measure names the axis (the indicator) and unit is its unit; all text is in
    `lang`. Rows of a chart of ranges stand in the order given. Colours follow the order in which labels first
    appear, so charts that are read together list the same cities in the same order, the missing ones as marks
    without a value. breaks: places on the axis of years where a definition begins, with its name.

    Raises:
        ValueError: an unknown kind, or a mark of series or spans that has a value and no place on the axis of years.
    """

    kind: Kind
    title: str
    measure: str
    unit: str
    rows: tuple[Mark, ...]
    lang: Lang
    caption: str = ""
    breaks: tuple[tuple[float, str], ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in get_args(Kind):
            raise ValueError(f"no chart of kind {self.kind!r}: one of {', '.join(get_args(Kind))}.")
        if self.kind in ("series", "spans"):
            for mark in self.rows:
                if mark.value is not None and mark.x is None:
                    raise ValueError(
                        f'"{self.title}": {mark.label}, {mark.printed} has no period on the axis.'
                    )

    @property
    def drawn(self) -> tuple[Mark, ...]:
        """The marks that have a value, and with it a dot."""
        return tuple(mark for mark in self.rows if mark.value is not None)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels, each once, in order of appearance."""
        return tuple(dict.fromkeys(mark.label for mark in self.rows))


def segments(chart: Chart) -> Iterator[tuple[str, list[Mark]]]:
    """The marks that one line may join: one label, one run, no other run between them.

    Of several marks of one label at one place the first given is joined; the others stand alone.
    """
    carried = {id(mark) for _, marks in carried_forward(chart) for mark in marks[1:]}
    for label in chart.labels:
        first: dict[float | None, Mark] = {}
        others = []
        for mark in chart.drawn:
            if id(mark) in carried:
                continue
            if mark.label == label and first.setdefault(mark.x, mark) is not mark:
                others.append(mark)
        in_order = sorted(first.values(), key=lambda mark: mark.x or 0)
        for _, run in groupby(in_order, key=lambda mark: mark.run or mark.basis):
            yield label, list(run)
        for mark in others:
            yield label, [mark]


def carried_forward(chart: Chart) -> Iterator[tuple[str, list[Mark]]]:
    """The readings that are carried forward, each followed by the marks that carry it."""
    for label in chart.labels:
        own = sorted((mark for mark in chart.drawn if mark.label == label), key=lambda mark: mark.x or 0)
        for number, mark in enumerate(own):
            later = list(takewhile(lambda each: each.carries, own[number + 1 :]))
            if later and not mark.carries:
                yield label, [mark, *later]


def key(chart: Chart) -> str:
    """How to read the marks, in the language of the chart: only what this chart really shows."""
    says = []
    if chart.kind in ("series", "ranges") and any(mark.low != mark.high for mark in chart.drawn):
        says.append(
            msg("Bars show every value that printed digits and conflicting sources of the same year allow.")
        )
    if any(mark.caveat for mark in chart.drawn):
        says.append(msg("Open markers compare only with the caveat given."))
    if chart.kind == "series":
        if len({(mark.label, mark.basis) for mark in chart.drawn}) > len(
            {mark.label for mark in chart.drawn}
        ):
            says.append(
                msg(
                    "A line breaks where definition or scope changes, and where the definition is not stated."
                )
            )
        if any(mark.carries for mark in chart.drawn):
            says.append(msg("A dashed step carries one reading forward; it is no trend."))
        if chart.breaks:
            names = joined(
                msg("({letter}) {definition}", letter=letter, definition=name)
                for letter, (_, name) in zip(BREAK_LETTERS, chart.breaks, strict=False)
            )
            says.append(
                msg(
                    "A year stands at its middle. A dotted upright line shows from when a definition holds: {definitions}.",
                    definitions=names,
                )
            )
        if any(_longer_than_a_year(mark) for mark in chart.drawn):
            says.append(msg("A flat bar spans the years that one value covers."))
        missing = [
            msg("{place}: {variant}", place=mark.label, variant=mark.printed)
            for mark in chart.rows
            if mark.value is None
        ]
        if missing:
            says.append(msg("Not drawn: {rows}.", rows=joined(missing)))
    return ("" if chart.lang == "zh" else " ").join(say(sentence, chart.lang) for sentence in says)


def _longer_than_a_year(mark: Mark) -> bool:
    return mark.x_low is not None and mark.x_high is not None and mark.x_high - mark.x_low > 1.01


def as_table(chart: Chart) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """The chart as a table: the columns that hold anything, and one row per mark, which leads to its source."""
    heads = {
        "label": msg("City or series") if chart.kind in ("series", "ranges") else msg("Name"),
        "role": msg("Role"),
        "period": msg("Period"),
        "value": msg("Period") if chart.kind == "spans" else msg("Value"),
        "interval": msg("Interval"),
        "basis": msg("Definition and scope"),
        "caveat": msg("Caveat"),
    }
    cells = [
        {
            "label": mark.label,
            "role": say(ROLE_NAMES[mark.role], chart.lang),
            "period": mark.period,
            "value": mark.printed,
            "interval": mark.interval,
            "basis": mark.basis,
            "caveat": mark.caveat,
        }
        for mark in chart.rows
    ]
    always, unsaid = {"label", "value"}, set()
    if chart.kind == "spans":
        # By whom and where is said beside the bar and in the entry.
        unsaid.add("basis")
    if len({mark.role for mark in chart.rows}) < 2:
        unsaid.add("role")
    held = [
        name for name in heads if name in always or (name not in unsaid and any(row[name] for row in cells))
    ]
    columns = tuple(Column(name, say(heads[name], chart.lang), numeric=name == "value") for name in held)
    rows = tuple(
        Row(
            {name: row[name] for name in held},
            mark.observations,
            mark.formula,
            mark.inputs,
            absent=mark.value is None,
        )
        for mark, row in zip(chart.rows, cells, strict=True)
    )
    return columns, rows
