"""Surface-water classes by GB 3838-2002, and the grades of sections and basins by the method of 2011."""

from __future__ import annotations

import csv
import os
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.standards import tables, water
from ecobrief.standards.water import (
    annual_class,
    basin_grade,
    basin_grade_of_classes,
    item_class,
    measured,
    section_class,
    section_grade,
)
from ecobrief.wording import say

ROOT = Path(__file__).resolve().parents[1]
MONITORING = Path(os.environ.get("ECOBRIEF_SHARED", ROOT.parent / "shared")) / "monitoring"
ROMAN = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "劣Ⅴ": 6}
AT_MOST = {
    "permanganate_index": "2 4 6 10 15",
    "cod": "15 15 20 30 40",
    "bod5": "3 3 4 6 10",
    "ammonia_nitrogen": "0.15 0.5 1.0 1.5 2.0",
    "total_phosphorus": "0.02 0.1 0.2 0.3 0.4",
    "copper": "0.01 1.0 1.0 1.0 1.0",
    "zinc": "0.05 1.0 1.0 2.0 2.0",
    "fluoride": "1.0 1.0 1.0 1.5 1.5",
    "selenium": "0.01 0.01 0.01 0.02 0.02",
    "arsenic": "0.05 0.05 0.05 0.1 0.1",
    "mercury": "0.00005 0.00005 0.0001 0.001 0.001",
    "cadmium": "0.001 0.005 0.005 0.005 0.01",
    "chromium_vi": "0.01 0.05 0.05 0.05 0.1",
    "lead": "0.01 0.01 0.05 0.05 0.1",
    "cyanide": "0.005 0.05 0.2 0.2 0.2",
    "volatile_phenol": "0.002 0.002 0.005 0.01 0.1",
    "petroleum": "0.05 0.05 0.05 0.5 1.0",
    "anionic_surfactant": "0.2 0.2 0.2 0.3 0.3",
    "sulfide": "0.05 0.1 0.2 0.5 1.0",
    "faecal_coliform": "200 2000 10000 20000 40000",
}
LAKE = {"total_phosphorus": "0.01 0.025 0.05 0.1 0.2", "total_nitrogen": "0.2 0.5 1.0 1.5 2.0"}
"""GB 3838-2002 table 1, entered a second time, by rows."""
STEP = Decimal("0.000001")
NEVER = {"water_temperature_change", "total_nitrogen", "faecal_coliform"}
CLEAN = {
    **{item: Decimal(limits.split()[0]) for item, limits in AT_MOST.items()},
    "ph": 7,
    "dissolved_oxygen": 8,
}
NINE = ("ph", "dissolved_oxygen", "permanganate_index", "ammonia_nitrogen", "total_phosphorus")


def numbers(limits: str) -> list[Decimal]:
    return [Decimal(limit) for limit in limits.split()]


def class_of_a_limit(limits: list[Decimal], value: Decimal) -> int:
    """How many classes have a stricter limit than the value, and one more."""
    return 1 + sum(limit < value for limit in limits)


@pytest.mark.parametrize(("item", "lake"), [*((i, False) for i in AT_MOST), *((i, True) for i in LAKE)])
def test_a_value_at_a_limit_keeps_the_class_and_one_past_it_does_not(item: str, lake: bool) -> None:
    limits = numbers((LAKE if lake else AT_MOST)[item])
    for klass, limit in enumerate(limits, start=1):
        assert item_class(item, limit, lake) == limits.index(limit) + 1 <= klass
        assert item_class(item, limit + STEP, lake) == class_of_a_limit(limits, limit + STEP) > klass
    assert item_class(item, 0, lake) == 1


def test_every_one_of_the_24_items_is_in_the_table_and_21_decide() -> None:
    listed = {row["item"]: int(row["number"]) for row in tables.rows("water_limits.csv")}
    assert listed.keys() == AT_MOST.keys() | LAKE.keys() | {
        "water_temperature_change",
        "ph",
        "dissolved_oxygen",
    }
    assert sorted(listed.values()) == list(range(1, 25))
    assert set(water.items()) == listed.keys() - NEVER
    assert len(water.items()) == water.rule("items_that_decide").value == 21


@pytest.mark.parametrize(
    ("value", "klass"),
    [("7.5", 1), ("7.49", 2), ("6", 2), ("5.99", 3), ("5", 3), ("4.99", 4), ("3", 4), ("2.99", 5), ("2", 5), ("1.99", 6),
     ("0", 6)],
)  # fmt: skip
def test_dissolved_oxygen_is_a_least_value(value: str, klass: int) -> None:
    assert item_class("dissolved_oxygen", Decimal(value)) == klass


def test_saturated_water_is_class_1_in_oxygen_whatever_its_concentration() -> None:
    assert item_class("dissolved_oxygen", Decimal("6.8"), saturation=90) == 1
    assert item_class("dissolved_oxygen", Decimal("6.8"), saturation=Decimal("89.9")) == 2
    assert item_class("dissolved_oxygen", Decimal("7.5"), saturation=50) == 1
    assert item_class("cod", 16, saturation=100) == 3


@pytest.mark.parametrize(("value", "klass"), [("6", 1), ("9", 1), ("5.99", 6), ("9.01", 6), ("7.2", 1)])
def test_a_ph_from_6_to_9_keeps_every_class_and_no_other_keeps_any(value: str, klass: int) -> None:
    assert item_class("ph", Decimal(value)) == klass


@pytest.mark.parametrize(("change", "klass"), [("1", 1), ("1.01", 6), ("-2", 1), ("-2.01", 6), ("0", 1)])
def test_a_change_of_temperature_may_rise_by_1_and_drop_by_2(change: str, klass: int) -> None:
    assert item_class("water_temperature_change", Decimal(change)) == klass


def test_lake_phosphorus_limits_are_for_lakes_and_nitrogen_has_no_others() -> None:
    assert item_class("total_phosphorus", Decimal("0.06")) == 2
    assert item_class("total_phosphorus", Decimal("0.06"), lake=True) == 4
    with pytest.raises(ValueError, match="lakes only"):
        item_class("total_nitrogen", 1)


def test_values_that_cannot_be_are_refused() -> None:
    for item, value in (("cod", -1), ("ph", 15)):
        with pytest.raises(ValueError, match="cannot be"):
            item_class(item, value)
    with pytest.raises(TypeError, match="not float"):
        item_class("cod", 15.0)
    for values in ({"codmn": 3}, {"ph": 7, "codmn": 3}):
        with pytest.raises(ValueError, match="no item codmn"):
            section_class(values)
    with pytest.raises(ValueError, match="none of the 21"):
        section_class({"total_nitrogen": 1, "faecal_coliform": 100})


def test_a_section_has_the_class_of_its_worst_item_and_names_it() -> None:
    found = section_class({**CLEAN, "cod": 25})
    assert (found.klass, found.decided_by, found.item_set, found.items) == (4, ("cod",), "21_items", 21)
    assert not found.at_best
    tied = section_class({**CLEAN, "cod": 25, "petroleum": Decimal("0.3")})
    assert tied.decided_by == ("cod", "petroleum")


def test_temperature_nitrogen_and_coliform_never_decide() -> None:
    bad = {"water_temperature_change": 5, "total_nitrogen": 9, "faecal_coliform": 10**6}
    for lake in (False, True):
        values = {**CLEAN, "total_phosphorus": Decimal("0.01"), **bad}
        assert section_class(values, lake).klass == 1
        assert section_class(values, lake).items == 21


def test_with_fewer_items_the_class_is_the_best_it_can_be() -> None:
    nine = {item: CLEAN[item] for item in NINE}
    for declared in (None, "21_items"):
        found = section_class(nine, declared=declared)
        assert (found.item_set, found.items, found.at_best) == ("partial", 5, True)
    found = section_class(nine, declared="nine_plus_x")
    assert (found.item_set, found.items, found.at_best) == ("nine_plus_x", 5, False)
    without_phosphorus = {item: value for item, value in nine.items() if item != "total_phosphorus"}
    assert section_class(without_phosphorus, declared="nine_plus_x").at_best
    assert section_class({**nine, "cod": 35}, declared="nine_plus_x").klass == 5


@given(
    st.dictionaries(st.sampled_from(water.items()), st.decimals(0, 14, places=4), min_size=1), st.booleans()
)
def test_a_section_is_never_better_than_an_item_nor_than_with_fewer_items(
    values: Mapping[str, Decimal], lake: bool
) -> None:
    whole = section_class(values, lake)
    assert whole.klass == max(item_class(item, value, lake) for item, value in values.items())
    for item in values.keys() if len(values) > 1 else ():
        fewer = section_class({name: value for name, value in values.items() if name != item}, lake)
        assert fewer.klass <= whole.klass


WEEK_2_OF_2007 = [
    # pH, DO, CODMn, NH3-N, class printed, items named as deciding
    ("6.97", "5.85", "6.3", "0.32", "Ⅳ", {"permanganate_index"}),
    ("7.66", "6.03", "13.3", "1.77", "Ⅴ", {"ammonia_nitrogen", "permanganate_index"}),
    ("6.59", "7.1", "3.9", "0.57", "Ⅲ", {"ammonia_nitrogen"}),
    ("7.6", "9.03", "5.7", "0.75", "Ⅲ", {"permanganate_index", "ammonia_nitrogen"}),
    ("6.53", "9.65", "3.9", "0.26", "Ⅱ", {"permanganate_index", "ammonia_nitrogen"}),
    ("7.25", "0.03", "4.5", "0.63", "劣Ⅴ", {"dissolved_oxygen"}),
]


@pytest.mark.parametrize(("ph", "oxygen", "codmn", "ammonia", "printed", "deciding"), WEEK_2_OF_2007)
def test_sections_of_a_published_weekly_table_have_their_printed_class(
    ph: str, oxygen: str, codmn: str, ammonia: str, printed: str, deciding: set[str]
) -> None:
    """The first six sections (Songhua basin) of 全国主要流域重点断面水质状况, week 2 of 2007.

    https://www.gov.cn/ztzl/zfjcrz/content_502095.htm . Four items were measured; oxygen of the sixth is printed as .03.
    Deciding items are named there for classes worse than Ⅲ alone; the others are computed.
    """
    values = dict(zip(NINE, map(Decimal, (ph, oxygen, codmn, ammonia)), strict=False))
    found = section_class(values)
    assert found.klass == ROMAN[printed]
    assert set(found.decided_by) == deciding
    assert found.at_best


def sections(number: int, good: int, bad: int) -> list[int]:
    """Classes of that many sections: class Ⅲ, worse than Ⅴ, the others class Ⅳ."""
    return [3] * good + [6] * bad + [4] * (number - good - bad)


@pytest.mark.parametrize(
    ("number", "good", "bad", "good_share", "bad_share", "grade"),
    [
        (55, 23, 4, "41.8", "7.3", "lightly_polluted"),  # Liao basin
        (14, 3, 2, "21.4", "14.3", "lightly_polluted"),  # its main river
        (6, 1, 2, "16.7", "33.3", "moderately_polluted"),  # its main tributaries
        (16, 3, 0, "18.8", "0.0", "lightly_polluted"),  # Daliao rivers
        (5, 2, 0, "40.0", "0.0", "lightly_polluted"),  # Daling rivers, the smallest number for shares
        (14, 14, 0, "100.0", "0.0", "excellent"),  # Yalu rivers
        (8, 3, 3, "37.5", "37.5", "moderately_polluted"),  # sections between provinces
    ],
)
def test_the_basins_of_a_published_report_have_their_printed_grade(
    number: int, good: int, bad: int, good_share: str, bad_share: str, grade: str
) -> None:
    """Part 7 (Liao) of the ministry's report on the first half of 2013, China News Service, 2013-08-20.

    http://covid-19.chinadaily.com.cn/dfpd/shehui/2013-08/20/content_16908550_6.htm . Shares and numbers of sections are
    printed; the counts follow from them.
    """
    found = basin_grade_of_classes(sections(number, good, bad))
    assert found.grade == grade
    assert found.good_share is not None
    assert found.bad_share is not None
    assert f"{float(found.good_share):.1f}" == good_share
    assert f"{float(found.bad_share):.1f}" == bad_share


def test_the_tributaries_of_huai_and_its_main_river_have_their_printed_grades() -> None:
    """全国地表水水质月报, April 2015, part on the Huai basin.

    https://huanbao.bjx.com.cn/news/20150526/623218-4.shtml . Main river: 10 sections, 80 % class Ⅲ; tributaries: 41
    sections, 34 % class Ⅱ and Ⅲ, 17 % worse than Ⅴ; Yi, Shu and Si: 10 sections, 60 % class Ⅲ.
    """
    assert basin_grade_of_classes(sections(10, 8, 0)).grade == "good"
    assert basin_grade_of_classes(sections(41, 14, 7)).grade == "lightly_polluted"
    assert basin_grade_of_classes(sections(10, 6, 0)).grade == "lightly_polluted"


@pytest.mark.parametrize(
    ("good", "bad", "grade"),
    [
        (90, 10, "excellent"),
        (89, 0, "good"),
        (75, 25, "good"),
        (74, 19, "lightly_polluted"),
        (74, 20, "moderately_polluted"),
        (40, 39, "moderately_polluted"),
        (60, 40, "heavily_polluted"),
    ],
)
def test_a_share_at_its_limit_has_the_grade_that_begins_there(good: int, bad: int, grade: str) -> None:
    assert basin_grade_of_classes(sections(100, good, bad)).grade == grade


def test_a_section_has_the_grade_of_its_class() -> None:
    assert [section_grade(klass) for klass in water.CLASSES] == [
        "excellent", "excellent", "good", "lightly_polluted", "moderately_polluted", "heavily_polluted",
    ]  # fmt: skip


def test_a_basin_of_fewer_than_five_sections_is_graded_by_mean_concentrations() -> None:
    four = [{**CLEAN, "cod": cod} for cod in (10, 10, 10, 90)]
    found = basin_grade(four)
    assert (found.grade, found.sections, found.good_share) == ("lightly_polluted", 4, None)
    assert found.means is not None
    assert (found.means.klass, found.means.decided_by) == (4, ("cod",))
    five = basin_grade([*four, CLEAN])
    assert (five.grade, five.good_share, five.bad_share, five.means) == ("good", 80, 20, None)
    with pytest.raises(ValueError, match="mean concentrations"):
        basin_grade_of_classes([3, 3, 3, 6])


def test_a_basin_with_a_partly_measured_section_is_at_best_what_it_seems() -> None:
    part = {"cod": 10}
    assert basin_grade([CLEAN, part]).at_best
    assert not basin_grade([CLEAN, CLEAN]).at_best
    assert basin_grade([CLEAN] * 5 + [part]).at_best
    assert not basin_grade([CLEAN] * 6).at_best


def test_no_grade_for_what_is_no_class_or_no_section() -> None:
    with pytest.raises(ValueError, match="a class is 1 to 6"):
        basin_grade_of_classes([1, 2, 3, 4, 0])
    with pytest.raises(ValueError, match="none of the 21"):
        basin_grade([])


def test_a_year_is_classed_by_mean_concentrations_and_not_by_its_good_months() -> None:
    months = [{**CLEAN, "ammonia_nitrogen": Decimal("0.4")}] * 11 + [
        {**CLEAN, "ammonia_nitrogen": Decimal("8.2")}
    ]
    found = annual_class(months)
    assert (found.klass, found.decided_by) == (4, ("ammonia_nitrogen",))
    assert sum(section_class(month).klass == 2 for month in months) == 11


def test_a_mean_is_exact_at_a_limit() -> None:
    thirds = [{"cod": Decimal(cod)} for cod in ("19.9", "20", "20.1")]
    assert water.means(thirds) == {"cod": 20}
    assert annual_class(thirds).klass == 3
    assert water.means([{"cod": 1}, {"cod": 2}, {"cod": 2}, {"ph": 7}]) == {"cod": Fraction(5, 3), "ph": 7}


@pytest.mark.parametrize(
    ("text", "value"),
    [("0.004L", "0.002"), ("<0.004", "0.002"), ("< 0.3", "0.15"), ("0.004", "0.004"), (" 7 ", "7")],
)
def test_a_value_below_detection_counts_as_half_its_limit(text: str, value: str) -> None:
    assert measured(text) == Decimal(value)
    assert not water.rule("share_of_detection_limit").at_hand


@pytest.mark.parametrize("text", ["", "ND", "L", "-0.1", "1e3", "NaN", "0.1.2"])
def test_a_text_that_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no measured value"):
        measured(text)


def monitored_sections() -> list[dict[str, str]]:
    """Sections with five days of automatic readings, where they are at hand."""
    table = MONITORING / "water_section_summary_2021-04.csv"
    if not table.is_file():
        pytest.skip(f"the monitoring material is not at hand: {table.name}")
    with table.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["mean_do_mgl"] and row["worst_class"]]


def test_real_sections_by_their_means_are_partial_and_no_better_than_any_item() -> None:
    columns = ("mean_ph", "mean_do_mgl", "mean_codmn_mgl", "mean_nh3n_mgl", "mean_tp_mgl")
    better, found = 0, monitored_sections()
    for row in found:
        values = {item: Decimal(row[c]) for item, c in zip(NINE, columns, strict=True) if row[c]}
        # Total nitrogen is measured there, and decides nothing.
        nitrogen = {"total_nitrogen": Decimal(row["mean_tn_mgl"])} if row["mean_tn_mgl"] else {}
        section = section_class({**values, **nitrogen})
        assert section.at_best
        assert section.item_set == "partial"
        assert section.items == len(values)
        assert section.klass == max(item_class(item, value) for item, value in values.items())
        # The worst class of single readings is another thing than the class of the means.
        better += section.klass < ROMAN[row["worst_class"]]
    assert 0 < better < len(found)


@pytest.mark.parametrize(
    ("values", "en", "zh"),
    [
        ({"ammonia_nitrogen": Decimal("0.9")}, "at best class Ⅲ on 1 item", "按 1 项评价，最好为Ⅲ类"),
        (
            {"ammonia_nitrogen": Decimal("2.1"), "ph": Decimal(7)},
            "worse than class Ⅴ",
            "劣Ⅴ类",
        ),
    ],
)
def test_a_partial_item_set_is_said_with_its_class(values: dict[str, Decimal], en: str, zh: str) -> None:
    found = water.section_class(values)
    assert (say(water.in_words(found), "en"), say(water.in_words(found), "zh")) == (en, zh)


def test_a_whole_item_set_is_said_plainly() -> None:
    found = water.SectionClass(3, ("cod",), "21_items", 21, False)
    assert (say(water.in_words(found), "en"), say(water.in_words(found), "zh")) == ("class Ⅲ", "Ⅲ类")
