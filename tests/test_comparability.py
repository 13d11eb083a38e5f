"""What two readings may be used for together, rule by rule: first the case that passes, then the one that does not."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import made
from ecobrief import compare
from ecobrief.compare.comparability import (
    UNSTATED,
    Basis,
    Verdict,
    Yardstick,
    basis,
    judge,
    own_reasons,
    yardstick,
)
from ecobrief.datapackage import ATTRIBUTES
from ecobrief.wording import say

FLOW = Yardstick("ratio", extensive=False, flow=True, tolerance_years=0, attributes=ATTRIBUTES)
STOCK = FLOW._replace(flow=False, tolerance_years=5)
STATED = Basis(
    numeric=True,
    approximate=False,
    period="2022",
    place="",
    scope="",
    attributes=("version_1", "state_urban_sites", "raw", "valid_days"),
)


def stated(**attributes: str) -> Basis:
    """A fully stated basis with some of its four attributes replaced."""
    usual = dict(zip(ATTRIBUTES, STATED.attributes, strict=True))
    return STATED._replace(attributes=tuple((usual | attributes).values()))


def verdict(one: Basis, other: Basis, by: Yardstick = FLOW) -> tuple[Verdict, list[str]]:
    """The verdict with the codes of its reasons."""
    found, reasons = judge(one, other, by)
    return found, [reason.code for reason in reasons]


def test_figures_that_state_the_same_of_everything_are_comparable_without_a_reason() -> None:
    assert verdict(STATED, STATED) == ("comparable", [])


def test_words_compare_with_nothing() -> None:
    words = STATED._replace(numeric=False)
    assert verdict(STATED, words) == ("not_comparable", ["words_only"])
    assert verdict(words, words)[0] == "not_comparable"


def test_a_quantity_that_grows_with_the_place_is_barred() -> None:
    assert verdict(STATED, STATED, FLOW._replace(extensive=True)) == ("not_comparable", ["extensive"])


def test_the_value_of_a_county_is_no_value_of_the_city() -> None:
    county = STATED._replace(place="某县")
    assert verdict(STATED, county) == ("not_comparable", ["part_of_place"])
    assert verdict(county, STATED._replace(place="某区"))[1] == ["part_of_place", "part_of_place"]


def test_a_value_without_a_printed_year_is_never_ranked() -> None:
    undated = STATED._replace(period="")
    for by in (FLOW, STOCK):
        assert verdict(STATED, undated, by) == ("not_comparable", ["undated"])
        assert verdict(undated, undated, by) == ("not_comparable", ["undated"])


@pytest.mark.parametrize("other", ["2021", "2022-07", "2022-01/2022-06", "2016/2022"])
def test_flows_need_the_same_period(other: str) -> None:
    assert verdict(STATED, STATED._replace(period=other)) == ("not_comparable", ["periods_differ"])


def test_stocks_of_other_years_compare_with_a_caveat_within_their_tolerance_and_not_beyond() -> None:
    assert verdict(STATED, STATED, STOCK) == ("comparable", [])
    assert verdict(STATED, STATED._replace(period="2017"), STOCK) == ("with_caveats", ["periods_differ"])
    assert verdict(STATED, STATED._replace(period="2016"), STOCK) == ("not_comparable", ["periods_differ"])


def test_a_stock_at_the_end_of_a_year_is_no_year_away_from_that_year() -> None:
    strict = STOCK._replace(tolerance_years=0)
    assert verdict(STATED, STATED._replace(period="2022-12-31"), strict) == (
        "with_caveats",
        ["periods_differ"],
    )


@pytest.mark.parametrize(
    ("attribute", "other"),
    [
        ("definition_version", "version_2"),
        ("network", "all_monitored_sections"),
        ("adjustment", "dust_excluded"),
        ("denominator", "days_of_year"),
    ],
)
def test_an_attribute_that_differs_bars(attribute: str, other: str) -> None:
    assert verdict(STATED, stated(**{attribute: other})) == ("not_comparable", [f"{attribute}_differs"])
    assert verdict(stated(**{attribute: other}), stated(**{attribute: other})) == ("comparable", [])


def test_a_value_without_dust_days_is_barred_from_one_with_them() -> None:
    found, reasons = judge(stated(adjustment="dust_excluded"), stated(adjustment="raw"), FLOW)
    assert found == "not_comparable"
    assert [say(reason.message, "en") for reason in reasons] == ["the adjustment differs"]


@pytest.mark.parametrize("attribute", ATTRIBUTES)
@pytest.mark.parametrize("unstated", sorted(UNSTATED))
def test_an_unstated_attribute_equals_nothing_not_even_another_unstated_one(
    attribute: str, unstated: str
) -> None:
    silent = stated(**{attribute: unstated})
    for other in (STATED, silent, stated(**{attribute: "not_stated"})):
        assert verdict(silent, other) == ("with_caveats", [f"{attribute}_unstated"])


def test_not_applicable_is_stated_and_equals_itself() -> None:
    one = stated(network="not_applicable")
    assert verdict(one, one) == ("comparable", [])


def test_only_the_attributes_that_the_indicator_names_are_asked_for() -> None:
    by = FLOW._replace(attributes=("network",))
    one, other = STATED._replace(attributes=("a",)), STATED._replace(attributes=("b",))
    assert verdict(one, other, by)[1] == ["network_differs"]
    assert verdict(
        one._replace(attributes=()), other._replace(attributes=()), by._replace(attributes=())
    ) == ("comparable", [])


def test_scopes_in_other_words_are_a_caveat_where_the_network_is_not_known_to_be_the_same() -> None:
    unstated = stated(network="not_stated")
    whole, central = unstated._replace(scope="全市"), unstated._replace(scope="中心城区")
    assert verdict(whole, whole) == ("with_caveats", ["network_unstated"])
    assert verdict(whole, central) == ("with_caveats", ["network_unstated", "scopes_differ"])


def test_scopes_in_other_words_do_not_matter_where_the_network_is_stated_and_the_same() -> None:
    whole, central = STATED._replace(scope="全市"), STATED._replace(scope="中心城区")
    assert verdict(whole, central) == ("comparable", [])


def test_an_approximate_value_compares_with_a_caveat() -> None:
    about = STATED._replace(approximate=True)
    assert verdict(STATED, about) == ("with_caveats", ["approximate"])
    assert verdict(about, about) == ("with_caveats", ["approximate"])


def test_bars_are_named_before_caveats() -> None:
    far = stated(network="not_stated")._replace(period="2021", scope="全市")
    _, reasons = judge(STATED._replace(scope="中心城区"), far, FLOW)
    assert [reason.code for reason in reasons] == ["periods_differ", "network_unstated", "scopes_differ"]
    assert [reason.bar for reason in reasons] == [True, False, False]


def test_what_keeps_a_reading_from_comparing_is_told_of_it_alone() -> None:
    assert own_reasons(STATED, FLOW) == ()
    assert [reason.code for reason in own_reasons(stated(network="not_stated"), FLOW)] == ["network_unstated"]


# Whatever the two are

BASES = st.builds(
    Basis,
    numeric=st.booleans(),
    approximate=st.booleans(),
    period=st.sampled_from(["", "2015", "2021", "2022", "2022-07", "2016/2020", "2022-12-31"]),
    place=st.sampled_from(["", "某县", "某区"]),
    scope=st.sampled_from(["", "全市", "中心城区"]),
    attributes=st.tuples(
        *[st.sampled_from(["", "not_stated", "none_stated", "one", "other"])] * len(ATTRIBUTES)
    ),
)
YARDSTICKS = st.builds(
    Yardstick,
    st.just("ratio"),
    extensive=st.booleans(),
    flow=st.booleans(),
    tolerance_years=st.integers(0, 5),
    attributes=st.just(ATTRIBUTES),
)


@given(BASES, BASES, YARDSTICKS)
def test_it_does_not_matter_which_of_the_two_is_named_first(one: Basis, other: Basis, by: Yardstick) -> None:
    found, reasons = judge(one, other, by)
    turned, turned_reasons = judge(other, one, by)
    assert found == turned
    assert {reason.message for reason in reasons} == {reason.message for reason in turned_reasons}


@given(BASES, BASES, YARDSTICKS)
def test_the_verdict_is_what_its_reasons_say(one: Basis, other: Basis, by: Yardstick) -> None:
    found, reasons = judge(one, other, by)
    bars = [reason for reason in reasons if reason.bar]
    assert found == ("not_comparable" if bars else "with_caveats" if reasons else "comparable")
    for reason in reasons:
        assert say(reason.message, "en") != say(reason.message, "zh")


@given(BASES, BASES, YARDSTICKS)
def test_no_reading_compares_with_another_better_than_with_itself(
    one: Basis, other: Basis, by: Yardstick
) -> None:
    """Else a standing, which is made of readings that compare with their like, would hold one that does not."""
    if judge(one, other, by)[0] == "comparable":
        assert own_reasons(one, by) == own_reasons(other, by) == ()


# From the tables


def test_an_indicator_says_in_its_row_what_it_asks() -> None:
    package = made.package()
    assert yardstick(package, "cover") == Yardstick("cover", False, False, 5, ("definition_version",))
    assert yardstick(package, "area").extensive
    with pytest.raises(KeyError):
        yardstick(package, "no_such_indicator")


def test_a_basis_is_read_from_a_reading() -> None:
    package = made.package(observations=[{"scope_printed": "全市", "qualifier": "about"}])
    (row,) = compare.readings(package).itertuples()
    assert basis(row, yardstick(package, "ratio")) == Basis(
        True, True, "2022", "", "全市", ("version_1", "state_urban_sites", "raw")
    )


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        ({}, ""),
        ({"period": "", "period_basis": ""}, "undated"),
        ({"network": "not_stated", "adjustment": "none_stated"}, "network_unstated;adjustment_unstated"),
        ({"denominator": "not_stated"}, ""),
        ({"place": "某县"}, "part_of_place"),
        ({"indicator_id": "area", "unit": "km2", "qualifier": "about"}, "extensive;approximate"),
    ],
)
def test_readings_carry_the_codes_of_their_own_reasons(row: dict[str, str], codes: str) -> None:
    frame: pd.DataFrame = compare.readings(made.package(observations=[row]))
    assert list(frame["reasons"]) == [codes]
