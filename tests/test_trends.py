"""What is said of the trend of a series, and that it holds for every value that digits and conflicts allow."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, permutations
from types import SimpleNamespace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

import made
from ecobrief import compare
from ecobrief.compare.series import Series
from ecobrief.compare.trends import (
    Trend,
    autocorrelation,
    kendall_s,
    mann_kendall_p,
    s_probability,
    theil_sen,
    trend,
)

Row = dict[str, str]
Range = tuple[int, int]
RISING = [f"{80 + year}.1" for year in range(12)]


def over_years(first: int, *values: str, **same: str) -> list[Row]:
    return [{"period": str(year), "value": value, **same} for year, value in enumerate(values, first)]


def trends_of(*rows: Row, indicator: str = "ratio") -> list[Trend]:
    """The trend of each series in these observations."""
    package = made.package(observations=[{"indicator_id": indicator, **row} for row in rows])
    return [trend(one) for one in compare.series(package, compare.readings(package, [indicator]))]


# How much is said


@pytest.mark.parametrize("count", [1, 2, 3, 4])
def test_below_five_readings_there_is_no_trend(count: int) -> None:
    assert trends_of(*over_years(2010, *RISING[:count])) == [Trend("too_few", count)]


@pytest.mark.parametrize("count", [5, 6, 7])
def test_from_five_readings_on_there_is_a_slope_with_its_range_and_no_claim(count: int) -> None:
    (found,) = trends_of(*over_years(2010, *RISING[:count]))
    assert (found.answer, found.count, found.p, found.p_greatest) == ("slope_only", count, None, None)
    assert found.slope == pytest.approx(1)
    assert found.slope_low < 1 < found.slope_high


@pytest.mark.parametrize(("values", "answer"), [(RISING[:8], "rising"), (RISING[7::-1], "falling")])
def test_from_eight_readings_on_a_trend_is_claimed_with_its_exact_p(values: list[str], answer: str) -> None:
    (found,) = trends_of(*over_years(2010, *values))
    assert (found.answer, found.count) == (answer, 8)
    assert found.p == pytest.approx(2 / 40320)  # two of the 8! orders are as steep
    assert found.p_greatest == pytest.approx(2 / 40320)


def test_eight_readings_that_rise_and_fall_have_no_trend() -> None:
    (found,) = trends_of(*over_years(2010, "90.1", "93.1", "89.1", "94.1", "88.1", "95.1", "87.1", "92.1"))
    assert found.answer == "no_trend"
    assert found.p is not None
    assert found.p > 0.5


@pytest.mark.parametrize(
    ("counts", "answer", "p"),
    [
        ((304, 301, 302, 303, 308, 305, 306, 307), "no_trend", 0.0610),
        ((305, 301, 302, 304, 303, 309, 306, 307, 308), "rising", 0.0446),
    ],
    ids=["0.061", "0.045"],
)
def test_a_trend_is_claimed_where_p_is_below_0_05(counts: tuple[int, ...], answer: str, p: float) -> None:
    (found,) = trends_of(*over_years(2010, *map(str, counts), unit="天"), indicator="days")
    assert (found.answer, found.p) == (answer, pytest.approx(p, abs=5e-5))


@pytest.mark.parametrize("change", [{"network": "not_stated"}, {"adjustment": "none_stated"}])
def test_nothing_is_claimed_of_a_series_whose_basis_is_not_stated(change: Row) -> None:
    (found,) = trends_of(*over_years(2010, *RISING[:8], **change))
    assert (found.answer, found.slope) == ("unstated", pytest.approx(1))


def test_readings_whose_definition_is_not_stated_have_no_trend_however_many() -> None:
    found = trends_of(*over_years(2010, *RISING, definition_version="not_stated"))
    assert {one.answer for one in found} == {"too_few"}


def test_eight_years_across_1_march_2026_have_no_trend_unless_back_cast() -> None:
    old = over_years(2020, *RISING[:6], definition_version="hj633_2012_actual_state")
    new = over_years(2026, *RISING[6:8], definition_version="hj633_2026")
    assert [one.answer for one in trends_of(*old, *new)] == ["slope_only", "too_few"]
    back_cast = over_years(2020, *RISING[:8], definition_version="hj633_2026")
    assert [one.answer for one in trends_of(*back_cast)] == ["rising"]


# What is a reading


def test_a_survey_carried_forward_for_years_has_no_trend() -> None:
    assert trends_of(*over_years(2010, *["76.31"] * 9), indicator="cover") == [Trend("carried_forward", 1)]


def test_five_surveys_have_a_slope_although_each_is_carried_forward() -> None:
    values = [f"{70 + survey}.10" for survey in range(5) for _ in range(3)]
    (found,) = trends_of(*over_years(2005, *values), indicator="cover")
    assert (found.answer, found.count, found.slope) == ("slope_only", 5, pytest.approx(1 / 3))


def test_equal_values_of_two_years_and_of_what_is_not_surveyed_are_readings() -> None:
    (twice,) = trends_of(*over_years(2010, "70.1", "70.1", "71.1", "72.1", "73.1"), indicator="cover")
    assert (twice.answer, twice.count) == ("slope_only", 5)
    (counted,) = trends_of(*over_years(2010, *["70.1"] * 8))
    assert (counted.answer, counted.count, counted.slope, counted.p) == ("no_trend", 8, 0, 1)


@pytest.mark.parametrize("period", ["2014-06", "2014-01/2014-06", "2014-01-01/2014-06-30"])
def test_a_month_or_half_year_is_no_reading_of_the_year(period: str) -> None:
    part = {"period": period, "value": "99.9"}
    (found,) = trends_of(*over_years(2010, *RISING[:4]), part)
    assert (found.answer, found.count) == ("too_few", 4)


def test_the_state_on_a_day_and_over_some_years_are_readings() -> None:
    rows = [*over_years(2010, *RISING[:5])]
    rows[0]["period"], rows[4]["period"] = "2009/2011", "2014-12-31"
    (found,) = trends_of(*rows, indicator="cover")
    assert (found.answer, found.slope) == ("slope_only", pytest.approx(1))


def test_a_year_that_is_dated_in_two_ways_is_one_reading() -> None:
    rows = over_years(2010, *RISING[:4])
    again = [{**rows[3], "period": "2013-12-31"}, {**rows[1], "period": "2010/2012"}]
    (found,) = trends_of(*rows, *again, indicator="cover")
    assert (found.answer, found.count) == ("too_few", 4)


def test_readings_over_some_years_stand_in_the_order_of_their_middles() -> None:
    rows = over_years(2010, *RISING[:8])
    rows[7]["period"] = "2008/2026"  # middle 2017, but the first in the order of its characters
    (found,) = trends_of(*rows, indicator="cover")
    assert (found.answer, found.slope) == ("rising", pytest.approx(1))


# Conflicts and digits


def test_conflicting_sources_of_a_year_widen_the_range_of_the_slope() -> None:
    rows = over_years(2010, *RISING[:5])
    (alone,) = trends_of(*rows)
    (both,) = trends_of(*rows, {"period": "2014", "value": "70.1"})
    assert both.slope == alone.slope
    assert both.slope_high == alone.slope_high
    assert both.slope_low < alone.slope_low


def test_a_conflict_that_could_undo_a_trend_takes_the_claim_away() -> None:
    rows = over_years(2010, *RISING[:8])
    (found,) = trends_of(*rows, {"period": "2010", "value": "99.1"})
    assert (found.answer, found.p) == ("no_trend", pytest.approx(2 / 40320))
    assert found.p_greatest is not None
    assert found.p_greatest > 0.05


def test_a_rise_that_rounding_could_make_takes_the_claim_away() -> None:
    (found,) = trends_of(*over_years(2010, "90", "91", "92", "93", "94", "95", "96", "97"))
    assert found.answer == "no_trend"


def test_a_tie_that_the_digits_allow_is_allowed_for() -> None:
    """S of 9 values is 20 as printed, and 19 with the tie at 81.05: then 0.057 of all orders are as steep."""
    values = ["85.0", "81.0", "81.1", "84.0", "83.0", "89.0", "86.0", "87.0", "88.0"]
    (found,) = trends_of(*over_years(2010, *values))
    assert found.p == pytest.approx(0.0446, abs=5e-5)
    assert found.answer == "no_trend"


# The exact probability


def s_of(values: Sequence[float]) -> int:
    return sum((after > before) - (after < before) for before, after in combinations(values, 2))


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(0, 6), min_size=2, max_size=7))
def test_p_is_the_share_of_all_orders_that_are_at_least_as_steep(values: list[int]) -> None:
    orders = [abs(s_of(order)) for order in permutations(values)]
    share = sum(s >= abs(s_of(values)) for s in orders) / len(orders)
    assert mann_kendall_p(values) == pytest.approx(share, rel=1e-12)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 1000), min_size=2, max_size=20, unique=True))
def test_without_ties_p_is_that_of_scipy(values: list[int]) -> None:
    expected = stats.kendalltau(range(len(values)), values, method="exact").pvalue
    assert mann_kendall_p(values) == pytest.approx(expected, rel=1e-9)


def test_a_published_example_is_reproduced() -> None:
    """M. Hollander, D. A. Wolfe (1973), Nonparametric Statistical Methods, p. 187: lightness of canned tuna and the marks of
    a panel, 9 lots; the exact one-sided p is 0.05972 in the documentation of R's cor.test, where the example is given
    (https://stat.ethz.ch/R-manual/R-devel/library/stats/html/cor.test.html)."""
    lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1]
    marks = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8]
    in_order = [mark for _, mark in sorted(zip(lightness, marks, strict=True))]
    assert s_of(in_order) == 16
    assert mann_kendall_p(in_order) == pytest.approx(2 * 0.05972, abs=1e-5)


def test_the_order_of_equal_values_does_not_matter() -> None:
    assert mann_kendall_p([3, 3, 3, 3]) == 1
    assert s_probability(4, [1, 3]) == s_probability(4, [3, 1])


def partitions(number: int, most: int) -> list[list[int]]:
    if number == 0:
        return [[]]
    return [
        [first, *rest]
        for first in range(min(number, most), 0, -1)
        for rest in partitions(number - first, first)
    ]


@pytest.mark.parametrize("count", [8, 9, 10])
def test_no_ties_make_a_steepness_likelier_than_the_next_lower_one_without_ties(count: int) -> None:
    for ties in partitions(count, count):
        greatest = (count * (count - 1) - sum(tie * (tie - 1) for tie in ties)) // 2
        for s in range(greatest, 0, -2):
            assert s_probability(s, ties) <= s_probability(s - 1, [1] * count)


# Bounds over every value

RANGES = st.lists(
    st.tuples(st.integers(0, 12), st.integers(0, 4)).map(lambda each: (each[0], sum(each))),
    min_size=2,
    max_size=10,
)
NEARLY_RISING = st.integers(8, 12).flatmap(
    lambda count: st.tuples(
        *(
            st.tuples(st.integers(2 * year - 2, 2 * year + 2), st.integers(0, 2)).map(
                lambda each: (each[0], sum(each))
            )
            for year in range(count)
        )
    ).map(list)
)
"""Ranges of eight and more years of which a rise is often claimed, ties being possible."""


def drawn_from(data: st.DataObject, ranges: Sequence[Range]) -> list[int]:
    return [data.draw(st.integers(low, high)) for low, high in ranges]


def trend_within(ranges: Sequence[Range], values: Sequence[int]) -> Trend:
    """The trend of readings printed with these values that may lie in these ranges."""
    rows = tuple(
        SimpleNamespace(
            observation_id=f"page.{year}",
            period=str(year),
            qualifier="exact",
            canonical_value=float(value),
            outer_low=float(low),
            outer_high=float(high),
        )
        for year, ((low, high), value) in enumerate(zip(ranges, values, strict=True), 2000)
    )
    return trend(Series("alpha", "ratio", rows, frozenset(), (), None, flow=True))


@settings(deadline=None)
@given(st.dictionaries(st.integers(1990, 2030), st.floats(-100, 100), min_size=2, max_size=12))
def test_the_slope_of_points_is_that_of_scipy(by_year: dict[int, float]) -> None:
    years, values = sorted(by_year), [by_year[year] for year in sorted(by_year)]
    low, high = theil_sen(years, [(value, value) for value in values])
    assert low == high == pytest.approx(stats.theilslopes(values, years).slope, abs=1e-9)


@settings(deadline=None)
@given(RANGES, st.data())
def test_the_slope_of_any_values_lies_within_its_bounds(ranges: list[Range], data: st.DataObject) -> None:
    years, values = list(range(len(ranges))), drawn_from(data, ranges)
    low, high = theil_sen(years, ranges)
    assert low - 1e-12 <= stats.theilslopes(values, years).slope <= high + 1e-12


def test_the_bounds_of_the_slope_of_two_readings_are_reached() -> None:
    assert theil_sen([2010, 2012], [(1, 2), (5, 8)]) == (1.5, 3.5)


@settings(deadline=None)
@given(RANGES, st.data())
def test_s_of_any_values_lies_within_its_bounds(ranges: list[Range], data: st.DataObject) -> None:
    low, high = kendall_s(ranges)
    assert low <= s_of(drawn_from(data, ranges)) <= high


@pytest.mark.parametrize(
    ("later", "bounds"),
    [
        ((6, 7), (1, 1)),
        ((5, 7), (0, 1)),
        ((4, 5), (-1, 1)),
        ((1, 3), (-1, 0)),
        ((1, 2), (-1, -1)),
        ((3, 3), (-1, 0)),
    ],
)
def test_the_bounds_of_s_of_two_readings_are_reached(later: Range, bounds: Range) -> None:
    assert kendall_s([(3, 5), later]) == bounds


def test_equal_points_neither_rise_nor_fall() -> None:
    assert kendall_s([(3, 3), (3, 3), (4, 4)]) == (2, 2)


@settings(deadline=None, max_examples=200)
@given(NEARLY_RISING, st.data())
def test_a_trend_that_is_claimed_holds_for_every_value(ranges: list[Range], data: st.DataObject) -> None:
    found = trend_within(ranges, drawn_from(data, ranges))
    other = drawn_from(data, ranges)
    assert found.p_greatest is not None
    assert mann_kendall_p(other) <= found.p_greatest
    assume(found.answer != "no_trend")
    assert found.answer == "rising"
    assert s_of(other) > 0
    assert mann_kendall_p(other) < 0.05


# Dependence


def test_the_autocorrelation_is_that_of_the_residuals_about_the_slope() -> None:
    steps = [1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0, -1.0]
    years = list(range(2010, 2018))
    assert autocorrelation(years, steps, 0) == pytest.approx(5 / 8)
    leaning = [step + 3 * year for step, year in zip(steps, years, strict=True)]
    assert autocorrelation(years, leaning, 3) == pytest.approx(5 / 8)


def test_a_straight_line_leaves_nothing_to_depend_on() -> None:
    (found,) = trends_of(*over_years(2010, *RISING[:8]))
    assert (found.autocorrelation, found.dependent) == (0, False)


def test_readings_that_swing_slowly_about_their_slope_are_noted_as_dependent() -> None:
    bow = [f"{90 - (year - 6) ** 2 / 4 + year / 2:.2f}" for year in range(12)]
    (found,) = trends_of(*over_years(2010, *bow))
    assert found.autocorrelation is not None
    assert found.autocorrelation > 1.96 / 12**0.5
    assert found.dependent
    assert not Trend("no_trend", 8, autocorrelation=0.69).dependent
    assert Trend("no_trend", 8, autocorrelation=0.70).dependent


def test_no_claim_rests_on_an_approximate_value() -> None:
    rows = over_years(2010, *RISING[:8])
    rows[3]["qualifier"] = "about"
    (found,) = trends_of(*rows)
    assert found.answer == "approximate"


@pytest.mark.parametrize("period", ["2014-03-01", "2012/2016"])
def test_a_day_or_five_years_are_no_reading_of_a_year_for_a_flow(period: str) -> None:
    (found,) = trends_of(*over_years(2010, *RISING[:4]), {"period": period, "value": "99.9"})
    assert (found.answer, found.count) == ("too_few", 4)


def test_only_positive_autocorrelation_makes_p_too_small() -> None:
    assert Trend("no_trend", 8, autocorrelation=0.9).dependent
    assert not Trend("no_trend", 8, autocorrelation=-0.9).dependent
