"""Which readings make a series, where one breaks off, and which values are only carried forward."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from ecobrief import compare
from ecobrief.compare.comparability import ATTRIBUTE_NAMES, yardstick
from ecobrief.compare.series import Series

Row = dict[str, str]


def over_years(first: int, *values: str, **same: str) -> list[Row]:
    """An observation a year from `first` on with these values, alike in everything else."""
    return [{"period": str(year), "value": value, **same} for year, value in enumerate(values, first)]


def series_of(*rows: Row, indicator: str = "ratio") -> list[Series]:
    package = made.package(observations=[{"indicator_id": indicator, **row} for row in rows])
    return compare.series(package, compare.readings(package, [indicator]))


def periods(series: list[Series]) -> list[list[str]]:
    return [[row.period for row in one.rows] for one in series]


def carried(series: Series) -> list[str]:
    """The years of the readings that only carry a value forward."""
    return [row.period for row in series.rows if row.observation_id in series.carried]


# What is joined


def test_readings_of_one_definition_are_one_series_in_the_order_of_time() -> None:
    rows = over_years(2019, "90.1", "91.1", "92.1")
    (one,) = series_of(rows[2], rows[0], rows[1])
    assert [(row.period, row.value) for row in one.rows] == [
        ("2019", "90.1"),
        ("2020", "91.1"),
        ("2021", "92.1"),
    ]
    assert (one.place_id, one.indicator_id, one.unstated, one.after) == ("alpha", "ratio", (), None)
    assert one.distinct == one.rows


def test_each_city_has_series_of_its_own_in_the_order_of_the_cities() -> None:
    rows = [*over_years(2019, "90.1", "91.1", city_id="beta"), *over_years(2020, "92.1", city_id="alpha")]
    assert [(one.place_id, len(one.rows), one.after) for one in series_of(*rows)] == [
        ("alpha", 1, None),
        ("beta", 2, None),
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"period": "", "period_basis": ""},
        {"place": "某县"},
        {"value": "", "unit": "", "value_text": "好"},
        {"status": "target"},
        {"measure": "change"},
    ],
    ids=["undated", "a part", "words", "a target", "a change"],
)
def test_what_is_no_dated_reading_of_the_whole_place_is_in_no_series(change: Row) -> None:
    assert periods(series_of(*over_years(2020, "90.1", "91.1"), {"period": "2022", **change})) == [
        ["2020", "2021"]
    ]


def test_without_readings_there_is_no_series() -> None:
    assert series_of() == []


def test_of_conflicting_sources_the_head_stands_in_the_series_with_the_other_named() -> None:
    (one,) = series_of(*over_years(2020, "90.1", "91.1"), {"period": "2021", "value": "95.1"})
    assert [(row.period, row.observation_id, row.conflicts_with) for row in one.rows] == [
        ("2020", "page.001", ""),
        ("2021", "page.002", "page.003"),
    ]


# Breaks

CHANGES = [("definition_version", "version_2"), ("network", "all_sites"), ("adjustment", "dust_excluded")]


@pytest.mark.parametrize(("attribute", "code"), CHANGES)
def test_where_the_basis_changes_another_series_begins_with_a_break_for_that_reason(
    attribute: str, code: str
) -> None:
    before, after = over_years(2018, "90.1", "91.1"), over_years(2020, "92.1", "93.1", **{attribute: code})
    first, second = series_of(*after, *before)
    assert periods([first, second]) == [["2018", "2019"], ["2020", "2021"]]
    assert first.after is None
    assert second.after is not None
    assert second.after.before.period == "2019"
    assert [reason.code for reason in second.after.reasons] == [f"{attribute}_differs"]
    assert second.after.certain


@pytest.mark.parametrize(
    ("attribute", "code"),
    [("definition_version", "not_stated"), ("network", ""), ("adjustment", "none_stated")],
)
def test_a_break_to_what_is_not_stated_is_only_possible(attribute: str, code: str) -> None:
    _, second = series_of(*over_years(2018, "90.1", "91.1"), {"period": "2020", attribute: code})
    assert second.unstated == (ATTRIBUTE_NAMES[attribute],)
    assert second.after is not None
    assert [reason.code for reason in second.after.reasons] == [f"{attribute}_unstated"]
    assert not second.after.certain


def test_readings_whose_definition_is_not_stated_stand_alone() -> None:
    found = series_of(*over_years(2018, "90.1", "91.1", "92.1", definition_version="not_stated"))
    assert periods(found) == [["2018"], ["2019"], ["2020"]]
    assert [one.after and one.after.before.period for one in found] == [None, "2018", "2019"]


def test_readings_whose_network_is_not_stated_are_joined_and_the_lack_is_named() -> None:
    (one,) = series_of(*over_years(2018, "90.1", "91.1", network="not_stated"))
    assert one.unstated == (ATTRIBUTE_NAMES["network"],)


def test_the_break_is_with_the_series_that_ended_last() -> None:
    rows = [
        *over_years(2016, "90.1", definition_version="version_2"),
        *over_years(2018, "90.1", network="all_sites"),
        *over_years(2020, "90.1"),
    ]
    last = series_of(*rows)[-1]
    assert last.after is not None
    assert (last.after.before.period, [reason.code for reason in last.after.reasons]) == (
        "2018",
        ["network_differs"],
    )


def test_of_two_series_that_ended_together_the_one_that_differs_least_is_broken_with() -> None:
    far = {"network": "all_sites", "definition_version": "version_2"}
    for rows in ([far, {"network": "all_sites"}], [{"network": "all_sites"}, far]):
        last = series_of(*({"period": "2018", **row} for row in rows), {"period": "2020"})[-1]
        assert last.after is not None
        assert [reason.code for reason in last.after.reasons] == ["network_differs"]


def test_a_rough_value_is_no_reason_for_a_break() -> None:
    _, second = series_of(
        {"period": "2019", "qualifier": "about"}, {"period": "2020", "network": "all_sites"}
    )
    assert second.after is not None
    assert [reason.code for reason in second.after.reasons] == ["network_differs"]


def test_a_quantity_that_grows_with_the_place_has_series_and_breaks() -> None:
    rows = [
        *over_years(2019, "80", unit="km2"),
        *over_years(2020, "90", unit="km2", definition_version="version_2"),
    ]
    _, second = series_of(*rows, indicator="area")
    assert second.after is not None
    assert [reason.code for reason in second.after.reasons] == ["definition_version_differs"]


def test_networks_that_are_counted_side_by_side_are_two_series_without_a_break() -> None:
    rows = [*over_years(2018, "90.1", "91.1"), *over_years(2018, "80.1", "81.1", network="all_sites")]
    found = series_of(*rows)
    assert periods(found) == [["2018", "2019"], ["2018", "2019"]]
    assert [one.after for one in found] == [None, None]


def test_a_series_across_1_march_2026_is_two_series() -> None:
    old = over_years(2024, "90.1", "91.1", definition_version="hj633_2012_actual_state")
    new = over_years(2026, "85.1", "86.1", definition_version="hj633_2026")
    first, second = series_of(*old, *new)
    assert periods([first, second]) == [["2024", "2025"], ["2026", "2027"]]
    assert second.after is not None
    assert second.after.certain


def test_years_back_cast_under_the_new_standard_join_it() -> None:
    old = over_years(2024, "90.1", "91.1", definition_version="hj633_2012_actual_state")
    new = over_years(2024, "83.1", "84.1", "85.1", definition_version="hj633_2026")
    assert sorted(periods(series_of(*old, *new))) == [["2024", "2025"], ["2024", "2025", "2026"]]


# One reading carried forward


def test_a_surveyed_value_printed_for_three_years_is_one_reading() -> None:
    (one,) = series_of(*over_years(2018, "76.31", "76.31", "76.31", "76.42"), indicator="cover")
    assert carried(one) == ["2019", "2020"]
    assert [row.period for row in one.distinct] == ["2018", "2021"]


@pytest.mark.parametrize(
    "values",
    [("76.31", "76.31"), ("76.31", "76.31", "76.42", "76.31"), ("76.31", "76.42", "76.31", "76.42", "76.31")],
    ids=["two years", "interrupted", "every other year"],
)
def test_a_value_that_does_not_stay_for_three_readings_is_measured_again(values: tuple[str, ...]) -> None:
    (one,) = series_of(*over_years(2018, *values), indicator="cover")
    assert carried(one) == []


def test_a_value_that_is_counted_every_year_is_measured_again() -> None:
    (one,) = series_of(*over_years(2018, "90.1", "90.1", "90.1"))
    assert carried(one) == []


def test_two_surveys_printed_for_years_are_two_readings() -> None:
    values = ["75.10"] * 3 + ["76.31"] * 4
    (one,) = series_of(*over_years(2014, *values), indicator="cover")
    assert [row.period for row in one.distinct] == ["2014", "2017"]


def test_a_value_is_carried_forward_also_where_its_definition_is_not_stated() -> None:
    values = ("76.31", "76.31", "76.31", "76.42")
    first, second = series_of(*over_years(2018, *values, definition_version="not_stated"), indicator="cover")
    assert periods([first, second]) == [["2018", "2019", "2020"], ["2021"]]
    assert carried(first) == ["2019", "2020"]
    assert (carried(second), second.carried) == ([], frozenset())


def test_equal_values_of_two_definitions_are_not_carried_from_one_to_the_other() -> None:
    rows = [*over_years(2018, "76.31", "76.31"), *over_years(2020, "76.31", definition_version="version_2")]
    assert [carried(one) for one in series_of(*rows, indicator="cover")] == [[], []]


# Whatever is printed

STATEMENTS = st.fixed_dictionaries(
    {
        "city_id": st.sampled_from(["alpha", "beta"]),
        "period": st.sampled_from(["", "2018", "2019", "2020", "2021"]),
        "value": st.sampled_from(["76.31", "76.42"]),
        "definition_version": st.sampled_from(["version_1", "version_2", "not_stated"]),
        "network": st.sampled_from(["state_urban_sites", "not_stated"]),
    }
)


@settings(deadline=None, max_examples=40)
@given(st.lists(STATEMENTS, min_size=1, max_size=10), st.sampled_from(["ratio", "cover"]))
def test_every_dated_head_is_in_exactly_one_series_of_its_basis(rows: list[Row], indicator: str) -> None:
    package = made.package(observations=[{"indicator_id": indicator, **row} for row in rows])
    readings = compare.readings(package, [indicator])
    found = compare.series(package, readings)
    by = yardstick(package, indicator)
    heads = readings[readings["heads"] & (readings["period"] != "")]
    assert sorted(row.observation_id for one in found for row in one.rows) == sorted(heads["observation_id"])
    for one in found:
        years = [row.period for row in one.rows]
        assert years == sorted(set(years))
        assert {row.place_id for row in one.rows} == {one.place_id}
        assert one.rows[0].observation_id not in one.carried
        bases: list[Any] = [tuple(getattr(row, name) for name in by.attributes) for row in one.rows]
        assert len(set(bases)) == 1
        if one.after is not None:
            assert one.after.before.period <= one.rows[0].period
            assert one.after.before.place_id == one.place_id


def test_a_break_is_named_where_a_year_is_printed_under_both_definitions() -> None:
    later = over_years(2020, "85.1", "86.1", definition_version="version_2")
    _, second = series_of(*over_years(2018, "90.1", "91.1", "92.1"), *later)
    assert second.after is not None
    assert second.after.before.period == "2020"


def test_three_dates_in_two_years_are_not_three_years() -> None:
    rows = [{"period": period, "value": "76.31"} for period in ("2020", "2020-12-31", "2021")]
    (one,) = series_of(*rows, indicator="cover")
    assert carried(one) == []


def test_a_break_has_a_reason() -> None:
    found = series_of(*over_years(2018, "90.1", "91.1"), {"period": "2020", "denominator": "days_of_year"})
    assert len(found) == 2
    assert all(one.after is None or one.after.reasons for one in found)
