"""Readings: what is made of printed figures before they are set side by side."""

from __future__ import annotations

import math
from itertools import combinations
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ecobrief
import made
from ecobrief import compare, datapackage
from ecobrief.compare.making import STAGES, TIERS

VALUES = ("canonical_value", "low", "high", "outer_low", "outer_high")
DIGITS = st.integers(min_value=0, max_value=1000).map(lambda tenths: f"{tenths // 10}.{tenths % 10}")


def readings(*observations: dict[str, str], **tables: list[dict[str, str]]) -> pd.DataFrame:
    return compare.readings(made.package(observations=list(observations), **tables))


def only(*observations: dict[str, str], **tables: list[dict[str, str]]) -> pd.Series:
    """The one reading of these observations."""
    (row,) = readings(*observations, **tables).to_dict("records")
    return pd.Series(row)


def meaning(**observation: str) -> tuple[float, ...]:
    """Value, low, high, outer low, outer high of one observation."""
    return tuple(only(observation)[list(VALUES)])


# The frame


def test_the_columns_are_those_of_the_code_book_whether_or_not_there_are_readings() -> None:
    assert list(readings({})) == list(compare.CODE_BOOK)
    assert list(readings()) == list(compare.CODE_BOOK)


def test_a_value_keeps_every_printed_digit() -> None:
    assert only({"value": "76.30"})["value"] == "76.30"


def test_the_interval_follows_the_last_printed_digit() -> None:
    assert meaning(value="76.30") == (76.3, 76.295, 76.305, 76.295, 76.305)
    assert meaning(value="76.3") == (76.3, 76.25, 76.35, 76.25, 76.35)


def test_a_value_is_converted_with_the_multiplier_of_its_unit() -> None:
    value, low, high, *_ = meaning(indicator_id="area", value="9", unit="万平方公里")
    assert (value, low, high) == (90_000, 85_000, 95_000)
    mu = only({"indicator_id": "area", "value": "1011", "unit": "万 亩"})
    assert mu["canonical_value"] == pytest.approx(6740)
    assert mu["canonical_unit"] == "km2"


def test_a_count_of_days_is_exact_even_if_it_ends_in_a_zero() -> None:
    assert meaning(indicator_id="days", value="350", unit="天") == (350,) * 5


def test_final_zeros_of_a_measured_whole_number_widen_only_the_outer_interval() -> None:
    assert meaning(indicator_id="area", value="4500", unit="km2") == (4500, 4499.5, 4500.5, 4450, 4550)


def test_a_share_never_leaves_what_a_share_can_be() -> None:
    assert meaning(value="100") == (100, 99.5, 100, 99.5, 100)
    assert meaning(value="0.0")[1:3] == (0, 0.05)


def test_a_value_that_is_open_upward_ends_where_the_indicator_does() -> None:
    assert meaning(value="95.0", qualifier="at_least")[1:3] == (95, 100)
    assert meaning(indicator_id="pollution", value="30", unit="ug/m3", qualifier="at_least")[2] == math.inf


def test_a_range_is_read_from_end_to_end() -> None:
    assert meaning(value="80.0-90.0", qualifier="range")[:3] == (85, 79.95, 90.05)


def test_a_unit_that_cannot_be_meant_is_read_as_its_reason_says() -> None:
    printed = {"indicator_id": "area", "value": "45", "unit": "亩", "unit_read": "万亩"}
    assert only(printed)["canonical_value"] == pytest.approx(300)
    assert only(printed)["unit"] == "亩"


def test_printed_words_are_a_reading_without_a_number() -> None:
    row = only({"value": "", "unit": "", "value_text": "历史最好水平"})
    assert row["value_text"] == "历史最好水平"
    assert all(math.isnan(row[column]) for column in VALUES)


@settings(deadline=None, max_examples=50)
@given(DIGITS)
def test_a_value_lies_in_its_interval_and_that_in_the_outer_one(value: str) -> None:
    number, low, high, outer_low, outer_high = meaning(value=value)
    assert 0 <= outer_low <= low <= number <= high <= outer_high <= 100
    assert number == float(value)


# What is a reading


def test_a_repetition_is_counted_and_is_no_reading() -> None:
    first = {"observation_id": "page.001"}
    row = only(first, {"repeats": "page.001"}, {"repeats": "page.001"})
    assert row["observation_id"] == "page.001"
    assert row["printed_again"] == 2


@pytest.mark.parametrize("other", [{"measure": "rank"}, {"measure": "change"}, {"status": "target"}])
def test_ranks_changes_and_targets_are_no_observed_readings(other: dict[str, str]) -> None:
    assert readings(other).empty


def test_targets_are_readings_for_those_who_ask_for_them() -> None:
    package = made.package(observations=[{"status": "target", "value": "95.0"}, {}])
    assert list(compare.readings(package, status="target")["value"]) == ["95.0"]


def test_readings_stand_in_the_order_of_indicators_and_places_asked_for() -> None:
    rows = [
        {"city_id": city, "indicator_id": name}
        for city in ("alpha", "beta")
        for name in ("ratio", "pollution")
    ]
    package = made.package(
        observations=[{**row, "unit": "%" if row["indicator_id"] == "ratio" else "ug/m3"} for row in rows]
    )
    frame = compare.readings(package, ["pollution", "ratio"], ["beta", "alpha"])
    assert list(zip(frame["indicator_id"], frame["place_id"], strict=True)) == [
        ("pollution", "beta"),
        ("pollution", "alpha"),
        ("ratio", "beta"),
        ("ratio", "alpha"),
    ]


def test_benchmarks_are_readings_only_of_those_who_name_their_place() -> None:
    package = made.package(observations=[{}], benchmarks=[{"place_id": "china", "value": "86.5"}])
    assert set(compare.readings(package)["place_id"]) == {"alpha"}
    assert list(compare.readings(package, places=["china"])["value"]) == ["86.5"]


# Filters


def test_a_period_asked_for_must_be_exactly_that_of_the_reading() -> None:
    package = made.package(observations=[{"period": "2022"}, {"period": "2022-07"}, {"period": ""}])
    assert list(compare.readings(package, period="2022")["period"]) == ["2022"]


def test_figures_without_a_year_can_be_left_out() -> None:
    package = made.package(observations=[{}, {"period": "", "period_basis": ""}])
    assert list(compare.readings(package, include_undated=False)["period"]) == ["2022"]
    assert len(compare.readings(package)) == 2


@pytest.mark.parametrize("least", TIERS)
def test_a_tier_asked_for_admits_itself_and_all_above_it(least: str) -> None:
    package = made.package(
        sources=[{"source_id": tier, "tier": tier} for tier in TIERS],
        observations=[{"source_id": tier} for tier in TIERS],
    )
    assert set(compare.readings(package, min_tier=least)["tier"]) == set(TIERS[: TIERS.index(least) + 1])


# Conflict


def head(*observations: dict[str, str], **tables: list[dict[str, str]]) -> str:
    """The source of the reading that heads; the readings are of one quantity."""
    frame = readings(*observations, **tables)
    assert len(frame) == len(observations)
    (source_id,) = frame.loc[frame["heads"], "source_id"]
    return str(source_id)


def first_of(better: dict[str, str], worse: dict[str, str]) -> str:
    """Which of two sources heads, "better" or "worse", when both print another value, in whatever order they are named."""
    found = set()
    for ids in (("a", "b"), ("b", "a")):
        names = dict(zip(ids, ("better", "worse"), strict=True))
        sources = [{"source_id": ids[0], **better}, {"source_id": ids[1], **worse}]
        found.add(names[head({"source_id": "a"}, {"source_id": "b", "value": "90.0"}, sources=sources)])
    (one,) = found
    return one


@pytest.mark.parametrize(("higher", "lower"), list(combinations(TIERS, 2)))
def test_the_higher_tier_heads(higher: str, lower: str) -> None:
    assert first_of({"tier": higher, "published": "2020"}, {"tier": lower, "published": "2024"}) == "better"


def test_a_third_party_copy_comes_after_every_tier() -> None:
    copy = {"tier": "official_document", "seen_on": "third_party_copy"}
    assert first_of({"tier": "state_media"}, copy) == "better"


def test_a_held_document_comes_before_a_page_of_the_same_tier() -> None:
    held = made.held_source(published="2020", tier="state_media")
    del held["source_id"]
    assert first_of(held, {"tier": "state_media", "stage": "final", "published": "2024"}) == "better"


@pytest.mark.parametrize(("later", "earlier"), list(combinations(STAGES, 2)))
def test_a_later_stage_comes_before_a_later_date(later: str, earlier: str) -> None:
    assert (
        first_of({"stage": later, "published": "2022"}, {"stage": earlier, "published": "2023"}) == "better"
    )


@pytest.mark.parametrize("published", ["2023", "2022-07", "2022-06-02"])
def test_among_equals_the_latest_heads(published: str) -> None:
    assert first_of({"published": published}, {"published": "2022-06-01"}) == "better"
    assert first_of({"published": published}, {"published": ""}) == "better"


def test_values_that_differ_are_all_kept_and_name_one_another() -> None:
    frame = readings({"value": "96.2"}, {"value": "95.1"}, {"value": "96.21"})
    assert len(frame) == 3
    against = dict(zip(frame["observation_id"], frame["conflicts_with"], strict=True))
    assert against == {"page.001": "page.002", "page.002": "page.001;page.003", "page.003": "page.002"}


def test_a_conflicting_value_enters_the_outer_interval_and_not_the_inner_one() -> None:
    row = readings({"value": "96.2"}, {"value": "95.1"}).iloc[0]
    assert (row["low"], row["high"]) == (96.15, 96.25)
    assert (row["outer_low"], row["outer_high"]) == (95.05, 96.25)


@pytest.mark.parametrize(
    "other",
    [
        {"period": "2021"},
        {"city_id": "beta"},
        {"place": "某县"},
        {"network": "not_stated"},
        {"adjustment": "dust_excluded"},
        {"denominator": "days_of_year"},
        {"definition_version": "version_2"},
    ],
)
def test_another_quantity_is_no_conflict_and_has_a_head_of_its_own(other: dict[str, str]) -> None:
    frame = readings({"value": "96.2"}, {"value": "80.1", **other})
    assert frame["heads"].all()
    assert (frame["conflicts_with"] == "").all()


def test_figures_without_a_year_are_never_said_to_conflict() -> None:
    undated = {"period": "", "period_basis": ""}
    assert (
        readings({"value": "96.2", **undated}, {"value": "80.1", **undated})["conflicts_with"] == ""
    ).all()


@settings(deadline=None, max_examples=50)
@given(st.lists(DIGITS, min_size=1, max_size=4))
def test_conflict_is_mutual_and_the_outer_interval_holds_every_conflicting_value(values: list[str]) -> None:
    frame = readings(*({"value": value} for value in values)).set_index("observation_id")
    assert frame["heads"].sum() == 1
    for one, row in frame.iterrows():
        for other in filter(None, row["conflicts_with"].split(";")):
            against = frame.loc[other]
            assert one in against["conflicts_with"].split(";")
            assert row["outer_low"] <= against["canonical_value"] <= row["outer_high"]
            assert row["high"] < against["low"] or against["high"] < row["low"]


# The latest


def test_the_latest_reading_is_of_the_last_dated_period() -> None:
    frame = readings({"period": "2021"}, {"period": "2022"}, {"period": "", "period_basis": ""})
    assert list(compare.latest(frame)["period"]) == ["2022"]


def test_without_a_dated_reading_the_undated_one_is_the_latest() -> None:
    assert list(compare.latest(readings({"period": "", "period_basis": ""}))["period"]) == [""]


def test_the_figure_of_a_county_is_not_the_latest_of_its_city() -> None:
    frame = readings({"period": "2021"}, {"period": "2022", "place": "某县"})
    assert list(compare.latest(frame)["period"]) == ["2021"]


# The shipped data


def test_the_call_for_scripts_gives_the_same_frame() -> None:
    package = datapackage.load()
    pd.testing.assert_frame_equal(
        ecobrief.readings(["forest_cover"], ["benxi", "yichun"], min_tier="state_media"),
        compare.readings(package, ["forest_cover"], ["benxi", "yichun"], min_tier="state_media"),
    )
    held = ecobrief.readings(data=package.folder)
    held = held[held["held"]]

    def printed(source_id: str, indicator_id: str) -> set[tuple[str, str]]:
        rows = held[(held["source_id"] == source_id) & (held["indicator_id"] == indicator_id)]
        return set(zip(rows["value"], rows["period"], strict=True))

    assert ("97.4", "2022") in printed("chifeng_page_2023", "good_air_day_ratio")
    assert ("76.31", "2020") in printed("benxi_plan_2023", "forest_cover")
    assert printed("yichun_article", "forest_cover") == {("83.8", "")}
    headline = [
        "good_air_days",
        "good_air_day_ratio",
        "forest_cover",
        "water_sections_good_ratio",
        "water_sections_compliance_ratio",
    ]
    rongchang = held[held["place_id"] == "rongchang"]
    assert not rongchang["indicator_id"].isin(headline).any()


def test_a_script_may_name_the_folder_of_its_own_data(tmp_path: Path) -> None:
    made.write(tmp_path, observations=[{"value": "88.80"}])
    assert list(ecobrief.readings(data=tmp_path)["value"]) == ["88.80"]
