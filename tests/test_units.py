"""Units as Chinese texts print them: what is read, what is refused, and what does not convert."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief import units
from ecobrief.units import UnknownUnit

AREAS = ("亩", "畝", "公顷", "ha", "hm²", "hm2", "平方公里", "平方千米", "km²", "km2", "㎢", "平方米", "m²")
VOLUMES = ("立方米", "m³", "m3", "㎥")
CONCENTRATIONS = ("微克/立方米", "μg/m³", "µg/m³", "ug/m3", "毫克/立方米", "mg/m³")
COUNTS = ("个", "個", "处", "處", "座", "section", "source")
CLASSIFIERS = (*"大条家项次种所户期部栋人科属目级篇届例盏眼镇乡村区旗县市类", "方面", "species", "person")
MULTIPLIERS = {"": 1, "千": 10**3, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
KINDS = (AREAS, VOLUMES, CONCENTRATIONS, ("天", "日", "day"), ("%", "％", "percent", "Prozent"))

multipliers = st.sampled_from(sorted(MULTIPLIERS))
two_of_a_kind = st.sampled_from(KINDS).flatmap(
    lambda kind: st.tuples(st.sampled_from(kind), st.sampled_from(kind))
)
printed_units = st.sampled_from([unit for kind in KINDS for unit in kind])


def full_width(text: str) -> str:
    """ASCII letters, digits and signs in the forms that fill a Chinese character's square."""
    return "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text)


@pytest.mark.parametrize(
    ("printed", "canonical", "worth"),
    [
        ("亿立方米", "m3", "1e8"),
        ("億立方米", "m3", "1e8"),
        ("10 ⁸ m ³", "m3", "1e8"),
        ("10⁸m³", "m3", "1e8"),
        ("亿 m³", "m3", "1e8"),
        ("万 m³", "m3", "1e4"),
        ("万立方米", "m3", "1e4"),
        ("km ²", "km2", "1"),
        ("平方公里", "km2", "1"),
        ("万平方千米", "km2", "1e4"),
        ("10⁴ hm²", "km2", "100"),
        ("公顷", "km2", "0.01"),
        ("亿公顷", "km2", "1e6"),
        ("千公顷", "km2", "10"),
        ("％", "percent", "1"),
        ("%", "percent", "1"),
        ("Prozent", "percent", "1"),
        ("个百分点", "percentage_point", "1"),
        ("百分点", "percentage_point", "1"),
        ("微克/立方米", "ug/m3", "1"),
        ("μg/m³", "ug/m3", "1"),
        ("µg/m³", "ug/m3", "1"),
        ("毫克/立方米", "ug/m3", "1000"),
        ("天", "day", "1"),
        ("处", "source", "1"),
        ("個", "section", "1"),
        ("名", "place", "1"),
        ("℃", "celsius", "1"),
        ("°C", "celsius", "1"),
        ("摄氏度", "celsius", "1"),
        ("MW", "watt", "1e6"),
        ("兆瓦", "MW", "1"),
        ("公斤", "kg", "1"),
        ("万公斤", "kg", "1e4"),
        ("千克", "公斤", "1"),
        ("亿元", "yuan", "1e8"),
        ("万亿元", "亿元", "1e4"),
        ("萬億元", "yuan", "1e12"),
        ("毫米", "mm", "1"),
        ("万人", "person", "1e4"),
        ("个年头", "year", "1"),
        ("月份", "month", "1"),
    ],
)
def test_a_printed_unit_is_read(printed: str, canonical: str, worth: str) -> None:
    assert units.factor(printed, canonical) == Decimal(worth)


@pytest.mark.parametrize("printed", ["万亩", "万 亩", "萬畝"])
def test_fifteen_mu_are_a_hectare_in_either_script(printed: str) -> None:
    assert 15 * units.factor(printed, "km2") == pytest.approx(Decimal(100), rel=Decimal("1e-25"))


def test_the_micro_sign_and_the_greek_letter_are_one_unit() -> None:
    micro_sign, greek = "\u00b5g/m³", "\u03bcg/m³"
    assert units.factor(micro_sign, greek) == 1


def test_a_percentage_point_is_no_percent() -> None:
    with pytest.raises(UnknownUnit, match="'百分点' does not convert to 'percent'"):
        units.factor("百分点", "percent")
    with pytest.raises(UnknownUnit):
        units.factor("%", "percentage_point")


@pytest.mark.parametrize("other", ["percent", "m3", "day", "ug/m3"])
def test_an_area_converts_to_nothing_but_an_area(other: str) -> None:
    with pytest.raises(UnknownUnit, match="does not convert"):
        units.factor("公顷", other)


@pytest.mark.parametrize(
    "unknown",
    [
        "",
        " ",
        "斗",
        "吨",
        "万",
        "5",
        "%%",
        "亩亩",
        "米米",
        "nan",
        "天/斗",
        "10⁸",
        "K",
        "亿亿元",
        "m³/",
        "/m³",
    ],
)
def test_an_unknown_unit_is_refused_by_its_name(unknown: str) -> None:
    with pytest.raises(UnknownUnit, match="is no unit known here"):
        units.factor(unknown, "km2")


@pytest.mark.parametrize(
    "sum_", ["+", "-m", "0m", "5m", "m+m", "(", "m(", "'m'", "m**9", "9**9**9", "[day]", "{m}"]
)
def test_a_unit_is_a_name_and_never_a_sum_to_be_worked_out(sum_: str) -> None:
    with pytest.raises(UnknownUnit):
        units.factor(sum_, "m")


@pytest.mark.parametrize("unit", [*COUNTS, "天", "日", "位", "名"])
def test_days_sections_sources_and_places_in_an_order_come_whole(unit: str) -> None:
    assert units.counts_whole_things(unit)


@pytest.mark.parametrize("unit", [*AREAS, *VOLUMES, *CONCENTRATIONS, "%", "个百分点", "万亩"])
def test_what_is_measured_does_not_come_whole(unit: str) -> None:
    assert not units.counts_whole_things(unit)


@pytest.mark.parametrize("unit", CLASSIFIERS)
def test_what_a_classifier_counts_comes_whole_and_converts_to_any_other_count(unit: str) -> None:
    assert units.counts_whole_things(unit)
    assert units.factor(unit, "piece") == 1
    assert units.factor(f"万{unit}", "个") == 10**4


@pytest.mark.parametrize("other", ["day", "percent", "place", "yuan", "year"])
def test_a_count_is_neither_time_nor_money_nor_a_share_nor_a_place_in_an_order(other: str) -> None:
    with pytest.raises(UnknownUnit, match="does not convert"):
        units.factor("个", other)


@pytest.mark.parametrize("unit", ["℃", "MW", "公斤", "亿元", "年", "月", "毫米"])
def test_temperatures_masses_powers_money_and_years_do_not_come_whole(unit: str) -> None:
    assert not units.counts_whole_things(unit)


@pytest.mark.parametrize("unit", ["%", "％", "percent", "百分点", "个百分点", "percentage_point"])
def test_percent_and_percentage_points_are_shares(unit: str) -> None:
    assert units.is_share(unit)


@pytest.mark.parametrize("unit", ["个", "km²", "天", "℃", "元"])
def test_nothing_else_is_a_share(unit: str) -> None:
    assert not units.is_share(unit)


def test_the_difference_of_two_shares_is_in_percentage_points() -> None:
    assert units.factor_of_difference("%", "个百分点") == 1
    assert units.factor_of_difference("个百分点", "%") == 1
    assert units.factor_of_difference("%", "percent") == 1
    with pytest.raises(UnknownUnit):
        units.factor_of_difference("%", "km²")


@given(two_of_a_kind)
def test_any_other_difference_converts_as_its_unit_does(pair: tuple[str, str]) -> None:
    assert units.factor_of_difference(*pair) == units.factor(*pair)


@pytest.mark.parametrize(
    ("numerator", "denominator", "target", "worth"),
    [
        ("个", "座", "%", "100"),
        ("公顷", "km²", "percent", "1"),
        ("万公顷", "平方公里", "％", "1e4"),
        ("%", "%", "%", "100"),
        ("亿元", "万亿元", "%", "0.01"),
        ("千克", "立方米", "ug/m3", "1e9"),
        ("亿立方米", "万立方米", "percent", "1e6"),
        ("立方米", "平方米", "米", "1"),
    ],
)
def test_a_quotient_has_the_unit_that_its_parts_make(
    numerator: str, denominator: str, target: str, worth: str
) -> None:
    assert units.factor_of_quotient(numerator, denominator, target) == Decimal(worth)


@pytest.mark.parametrize(
    ("numerator", "denominator", "target"),
    [
        ("km²", "天", "%"),
        ("km²", "km²", "km²"),
        ("个", "天", "米"),
        ("斗", "个", "%"),
        ("个", "个", "百分点"),
    ],
)
def test_a_quotient_of_another_kind_is_refused(numerator: str, denominator: str, target: str) -> None:
    with pytest.raises(UnknownUnit):
        units.factor_of_quotient(numerator, denominator, target)


@given(two_of_a_kind, multipliers)
def test_a_conversion_there_and_back_changes_nothing(pair: tuple[str, str], multiplier: str) -> None:
    one, other = pair
    there_and_back = units.factor(one, other) * units.factor(other, one)
    assert there_and_back == pytest.approx(Decimal(1), rel=Decimal("1e-25"))


@given(st.sampled_from(["亩", "公顷", "平方公里", "立方米", "米", "克/立方米"]), multipliers)
def test_a_multiplier_belongs_to_the_unit_it_stands_before(unit: str, multiplier: str) -> None:
    assert units.factor(multiplier + unit, unit) == MULTIPLIERS[multiplier]


@given(printed_units, st.data())
def test_blanks_inside_a_unit_make_no_difference(unit: str, data: st.DataObject) -> None:
    blanks = data.draw(
        st.lists(st.sampled_from(["", " ", "\u3000", "\u00a0", "\n"]), min_size=len(unit), max_size=len(unit))
    )
    spaced = "".join(blank + letter for blank, letter in zip(blanks, unit, strict=True))
    assert units.factor(spaced, unit) == 1


@given(printed_units)
def test_full_width_forms_make_no_difference(unit: str) -> None:
    assert units.factor(full_width(unit), unit) == 1


@given(st.text(max_size=12))
def test_whatever_stands_in_a_cell_is_a_positive_unit_or_an_unknown_one(text: str) -> None:
    try:
        unit = units.quantity(text)
    except UnknownUnit:
        return
    assert unit.to_base_units().magnitude > 0
