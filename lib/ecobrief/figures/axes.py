"""Where things lie on the axes of a chart, the same for every rendering.

On the axis of years the tick 2022 is the middle of the year 2022: the year reaches from 2021.5 to 2022.5.
"""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ecobrief.figures.chart import Chart

# An axis shows at least this share of its largest value, so that differences in the last digit do not look
# like cliffs.
LEAST_SHARE_SHOWN = 0.1
# Readings that fill at least this share of the way down to zero are shown with the zero.
SHARE_THAT_ASKS_FOR_ZERO = 0.4
MOST_YEAR_TICKS = 6


@dataclass(frozen=True)
class Axis:
    """What an axis shows: from `low` to `high` in its unit, with a text for every tick."""

    low: float
    high: float
    ticks: tuple[float, ...]
    texts: tuple[str, ...]

    @property
    def starts_above_zero(self) -> bool:
        """Whether zero lies below what is shown, which the reader has to be told."""
        return self.low > 0


def period_span(period: str) -> tuple[float, float]:
    """First and last place of a period on the axis of years: 2016/2020 is (2015.5, 2020.5), a day is a point.

    Raises:
        ValueError: the period is empty or not of the data package's form.
    """
    first, _, last = period.partition("/")
    return _start(first), _end(last or first)


def _start(point: str) -> float:
    year, month, day = _parts(point)
    return _place(year, month or 1, day) if day else _place(year, month or 1, 1) - 0.5 / _days(year)


def _end(point: str) -> float:
    year, month, day = _parts(point)
    if day:
        return _place(year, month or 1, day)
    month = month or 12
    return _place(year, month, monthrange(year, month)[1]) + 0.5 / _days(year)


def _place(year: int, month: int, day: int | None) -> float:
    """The noon of a day."""
    return year - 0.5 + (date(year, month, day or 1).timetuple().tm_yday - 0.5) / _days(year)


def _days(year: int) -> int:
    return date(year, 12, 31).timetuple().tm_yday


def _parts(point: str) -> tuple[int, int | None, int | None]:
    match = re.fullmatch(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", point)
    try:
        year, month, day = (int(part or 0) for part in match.groups()) if match else (0, 0, 0)
        date(year, month or 1, day or 1)
    except ValueError:
        raise ValueError(f"{point!r} is no period: write 2022, 2022-07, 2022-12-31 or 2016/2020.") from None
    return year, month or None, day or None


def value_axis(chart: Chart) -> Axis:
    """The axis of values: all marks and closed ends of bars lie on it; no share reaches beyond 0 and 100."""
    ends = [end for mark in chart.drawn for end in (mark.value, mark.low, mark.high) if end is not None]
    ends = [end for end in ends if math.isfinite(end)]
    if not ends:
        return Axis(0, 1, (), ())
    low, high = min(ends), max(ends)
    if chart.kind == "bars":
        low = min(low, 0.0)
    if low >= 0 and high - low >= SHARE_THAT_ASKS_FOR_ZERO * high:
        low = 0.0
    missing = LEAST_SHARE_SHOWN * max(abs(low), abs(high)) - (high - low)
    if missing > 0:
        low, high = low - missing / 2, high + missing / 2
    if high == low:
        high = low + 1
    if chart.unit == "%" and max(ends) <= 100 < high:
        low, high = low - (high - 100), 100.0
    step = _step((high - low) / 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if min(ends) >= 0:
        first = max(first, 0)
    ticks = tuple(round(index * step, 10) for index in range(first, last + 1))
    decimals = max(0, -math.floor(math.log10(step) + 1e-9) + (1 if _is_quarter(step) else 0))
    return Axis(ticks[0], ticks[-1], ticks, tuple(f"{tick:,.{decimals}f}" for tick in ticks))


def _step(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5 and 10 times a power of ten that is not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * nice for nice in (1, 2, 2.5, 5, 10) if power * nice >= rough * (1 - 1e-9))


def _is_quarter(step: float) -> bool:
    return round(step / 10.0 ** math.floor(math.log10(step) + 1e-9), 6) == 2.5


def year_axis(chart: Chart) -> Axis:
    """The axis of years: whole years, at most a handful of them named."""
    places = [
        place for mark in chart.drawn for place in (mark.x, mark.x_low, mark.x_high) if place is not None
    ]
    if not places:
        return Axis(0, 1, (), ())
    first, last = math.floor(min(places) + 0.5), math.ceil(max(places) - 0.5)
    step = _year_step(last - first)
    years = tuple(range(math.ceil(first / step) * step, last + 1, step))
    return Axis(first - 0.7, last + 0.7, tuple(map(float, years)), tuple(map(str, years)))


def _year_step(years: int, steps: Iterable[int] = (1, 2, 5, 10, 20)) -> int:
    return next((step for step in steps if years / step <= MOST_YEAR_TICKS), 50)
