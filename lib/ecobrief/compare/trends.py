"""The trend of a series, as far as its readings bear one.

Below 5 distinct readings there is none. From 5 to 7 there is a slope with its range and no claim. From 8 on the slope of
Theil and Sen stands with the exact p value of the Mann–Kendall test and a note on autocorrelation. A claim holds only if
it holds for every value that printed digits and conflicting sources allow, and only for a series whose attributes are
all stated.

Sources: H. Theil (1950), P. K. Sen (1968), J. Am. Stat. Assoc. 63, 1379–1389: the slope is the median of the slopes of
all pairs. H. B. Mann (1945), Econometrica 13, 245–259; M. G. Kendall, Rank Correlation Methods: S is the number of pairs
that rise less the number that fall.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

import numpy as np

from ecobrief.compare.series import Series, of_whole_years

READINGS_FOR_A_SLOPE = 5
READINGS_FOR_A_CLAIM = 8
SIGNIFICANT = 0.05

Answer = Literal[
    "carried_forward", "too_few", "slope_only", "unstated", "approximate", "rising", "falling", "no_trend"
]


@dataclass(frozen=True)
class Trend:
    """What can be said of the trend of a series.

    count: distinct dated readings; slope: canonical units a year, None below 5 readings; slope_low, slope_high: bounds of
    it over every allowed value, which are no confidence interval; pair_low, pair_high: the least and greatest slope of a
    single pair as printed; p: exact two-sided p of the Mann–Kendall test at the values as printed, p_greatest: its
    upper bound over every allowed value, both None below 8 readings; autocorrelation: of the residuals from one reading to
    the next, `dependent` where it exceeds 1.96/√count, so that p is too small.
    """

    answer: Answer
    count: int
    slope: float | None = None
    slope_low: float | None = None
    slope_high: float | None = None
    pair_low: float | None = None
    pair_high: float | None = None
    p: float | None = None
    p_greatest: float | None = None
    autocorrelation: float | None = None

    @property
    def dependent(self) -> bool:
        return self.autocorrelation is not None and self.autocorrelation > 1.96 / math.sqrt(self.count)


def trend(series: Series) -> Trend:
    """The trend of one series."""
    rows = _one_a_year(series)
    count = len(rows)
    if series.carried and count < READINGS_FOR_A_SLOPE:
        return Trend("carried_forward", count)
    if count < READINGS_FOR_A_SLOPE:
        return Trend("too_few", count)
    years = [_middle(row.period) for row in rows]
    ranges = [(row.outer_low, row.outer_high) for row in rows]
    values = [row.canonical_value for row in rows]
    slope = theil_sen(years, [(value, value) for value in values])[0]
    low, high = theil_sen(years, ranges)
    single = [
        (value - before) / (later - year)
        for (year, before), (later, value) in combinations(zip(years, values, strict=True), 2)
    ]
    pairs = min(single), max(single)
    if count < READINGS_FOR_A_CLAIM:
        return Trend("slope_only", count, slope, low, high, *pairs)
    s_low, s_high = kendall_s(ranges)
    p = mann_kendall_p(values)
    # A tie may make S likelier than it is without ties, but never likelier than the next lower S.
    p_greatest = 1.0 if s_low <= 0 <= s_high else s_probability(min(abs(s_low), abs(s_high)) - 1, [1] * count)
    numbers = (count, slope, low, high, *pairs, p, p_greatest, autocorrelation(years, values, slope))
    if series.unstated:
        return Trend("unstated", *numbers)
    if any(row.qualifier == "about" for row in rows):
        return Trend("approximate", *numbers)
    if max(p, p_greatest) >= SIGNIFICANT:
        return Trend("no_trend", *numbers)
    return Trend("rising" if s_low > 0 else "falling", *numbers)


def _one_a_year(series: Series) -> list[Any]:
    """One distinct reading a year in their order: of a flow whole years, of a stock also years of a survey and days."""
    fit = [row for row in series.distinct if of_whole_years(row.period, flow=series.flow)]
    first = {_middle(row.period): row for row in reversed(fit)}
    return [first[middle] for middle in sorted(first)]


def _middle(period: str) -> float:
    first, _, last = period.partition("/")
    return (int(first[:4]) + int((last or first)[:4])) / 2


def theil_sen(years: Sequence[float], ranges: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Bounds of the median of the slopes of all pairs, each value lying in its range; equal for points.

    The median grows with every slope, so that it lies between the median of the least slopes and that of the greatest.
    """
    low, high = [], []
    for (year, (least, most)), (later, (later_least, later_most)) in combinations(
        zip(years, ranges, strict=True), 2
    ):
        low.append((later_least - most) / (later - year))
        high.append((later_most - least) / (later - year))
    return float(np.median(low)), float(np.median(high))


def kendall_s(ranges: Sequence[tuple[float, float]]) -> tuple[int, int]:
    """Bounds of Kendall's S over every value in the ranges, which stand in the order of time."""
    low = high = 0
    for (least, most), (later_least, later_most) in combinations(ranges, 2):
        if least == most == later_least == later_most:
            continue
        high += 1 if later_most > least else (0 if later_most == least else -1)
        low += -1 if later_least < most else (0 if later_least == most else 1)
    return low, high


def mann_kendall_p(values: Sequence[float]) -> float:
    """Exact two-sided p of the Mann–Kendall test, ties included."""
    s = kendall_s([(value, value) for value in values])[0]
    return s_probability(abs(s), list(Counter(values).values()))


def s_probability(s: int, ties: Sequence[int]) -> float:
    """The share of all orders of the values in which S is at least `s` away from zero; `ties` counts equal values.

    The orders of a multiset by their inversions are counted by the Gaussian multinomial coefficient (Kendall; P. A.
    MacMahon): the quotient of [n]! and the product of the [t]!, with [n]! = ∏ (1 + q + … + qⁱ⁻¹). Whole numbers all
    through.
    """
    orders = _gaussian_factorial(sum(ties))
    for tie in ties:
        orders = _divided(orders, _gaussian_factorial(tie))
    pairs = len(orders) - 1
    extreme = sum(count for inversions, count in enumerate(orders) if abs(pairs - 2 * inversions) >= s)
    return extreme / sum(orders)


def _gaussian_factorial(number: int) -> list[int]:
    product = [1]
    for width in range(2, number + 1):
        longer = [0] * (len(product) + width - 1)
        for shift in range(width):
            for power, count in enumerate(product):
                longer[power + shift] += count
        product = longer
    return product


def _divided(dividend: list[int], divisor: list[int]) -> list[int]:
    """The exact quotient of two polynomials, lowest power first; the divisor begins with 1."""
    rest, quotient = list(dividend), []
    for power in range(len(dividend) - len(divisor) + 1):
        count = rest[power]
        quotient.append(count)
        for shift, factor in enumerate(divisor):
            rest[power + shift] -= count * factor
    return quotient


def autocorrelation(years: Sequence[float], values: Sequence[float], slope: float) -> float:
    """Of the residuals about the slope from one reading to the next; 0 where there are none."""
    residuals = np.asarray(values) - slope * np.asarray(years)
    residuals = residuals - residuals.mean()
    square = float((residuals**2).sum())
    return float((residuals[1:] * residuals[:-1]).sum() / square) if square > 1e-12 else 0.0
