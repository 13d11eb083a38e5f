"""The air quality index: the tables of HJ 633-2012 and HJ 633-2026, exactly, and what makes a day or a year valid."""

from __future__ import annotations

import csv
import random
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ecobrief.standards import air, tables
from ecobrief.standards.air import POLLUTANTS, STANDARDS, NoBackCast, Shortfall

OLD, NEW = STANDARDS
ROOT = Path(__file__).resolve().parents[1]
INDICES = (0, 50, 100, 150, 200, 300, 400, 500)
SHARED_ROWS = {
    ("so2", "24h"): (0, 50, 150, 475, 800, 1600, 2100, 2620),
    ("so2", "1h"): (0, 150, 500, 650, 800),
    ("no2", "24h"): (0, 40, 80, 180, 280, 565, 750, 940),
    ("no2", "1h"): (0, 100, 200, 700, 1200, 2340, 3090, 3840),
    ("co", "24h"): (0, 2, 4, 14, 24, 36, 48, 60),
    ("co", "1h"): (0, 5, 10, 35, 60, 90, 120, 150),
    ("o3", "1h"): (0, 160, 200, 300, 400, 800, 1000, 1200),
    ("o3", "8h"): (0, 100, 160, 215, 265, 800),
}
PRINTED = {
    OLD: {
        **SHARED_ROWS,
        ("pm25", "24h"): (0, 35, 75, 115, 150, 250, 350, 500),
        ("pm10", "24h"): (0, 50, 150, 250, 350, 420, 500, 600),
    },
    NEW: {
        **SHARED_ROWS,
        ("pm25", "24h"): (0, 35, 60, 115, 150, 250, 350, 500),
        ("pm10", "24h"): (0, 50, 120, 250, 350, 420, 500, 600),
    },
}
"""HJ 633-2012 table 1 and HJ 633-2026 table 3, entered a second time, by rows."""
CLEAN_DAY = {"pm25": 10, "pm10": 20, "so2": 5, "no2": 15, "co": Decimal("0.5"), "o3_8h": 80}

each_standard = pytest.mark.parametrize("standard", STANDARDS)
each_breakpoint = pytest.mark.parametrize(
    ("standard", "pollutant", "averaging", "concentration", "index"),
    [
        (standard, *row, concentration, index)
        for standard, printed in PRINTED.items()
        for row, concentrations in printed.items()
        for index, concentration in zip(INDICES, concentrations, strict=False)
    ],
)
pollutants = st.sampled_from(POLLUTANTS)
concentrations = st.fractions(min_value=0, max_value=4000, max_denominator=1000)


@each_breakpoint
def test_every_breakpoint_gives_its_own_index(
    standard: str, pollutant: str, averaging: str, concentration: int, index: int
) -> None:
    assert air.iaqi(concentration, pollutant, standard, averaging) == index


@each_breakpoint
def test_one_step_past_a_breakpoint_the_index_is_higher_and_one_step_before_it_is_not(
    standard: str, pollutant: str, averaging: str, concentration: int, index: int
) -> None:
    step = Decimal(1).scaleb(-air.decimals(pollutant))
    after = air.iaqi(concentration + step, pollutant, standard, averaging)
    if concentration != PRINTED[standard][pollutant, averaging][-1]:
        assert after is not None
        assert after > index
    if concentration:
        before = air.iaqi(concentration - step, pollutant, standard, averaging)
        assert before is not None
        assert before <= index


@each_standard
def test_the_table_has_no_row_but_the_printed_ones(standard: str) -> None:
    rows = {
        (row["pollutant"], row["averaging"])
        for row in tables.rows("air_breakpoints.csv")
        if row["standard"] == standard
    }
    assert rows == PRINTED[standard].keys()


@pytest.mark.parametrize(
    ("concentration", "pollutant", "standard", "index"),
    [
        (60, "pm25", OLD, 82),
        (61, "pm25", OLD, 83),
        (60, "pm25", NEW, 100),
        (61, "pm25", NEW, 101),
        (Decimal("2.2"), "co", OLD, 55),
        (120, "pm10", OLD, 85),
        (121, "pm10", NEW, 101),
    ],
)
def test_an_index_is_rounded_up_from_the_exact_value(
    concentration: Decimal | int, pollutant: str, standard: str, index: int
) -> None:
    assert air.iaqi(concentration, pollutant, standard) == index


@given(pollutants, concentrations, concentrations, st.sampled_from(STANDARDS))
def test_a_higher_concentration_never_has_a_lower_index(
    pollutant: str, one: Fraction, other: Fraction, standard: str
) -> None:
    low, high = (air.iaqi(value, pollutant, standard) for value in sorted((one, other)))
    assert high is None or (low is not None and low <= high)


@given(pollutants, concentrations, st.sampled_from(STANDARDS))
def test_a_pollutant_exceeds_100_exactly_where_its_day_is_bad(
    pollutant: str, concentration: Fraction, standard: str
) -> None:
    index = air.iaqi(concentration, pollutant, standard)
    exceeds = index is None or index > 100
    assert (air.day({pollutant: concentration}, standard) == "bad") == exceeds


@pytest.mark.parametrize(
    ("concentration", "rounded"),
    [("60.5", 60), ("61.5", 62), ("60.51", 61), ("60.49", 60), ("60.5000000000000000000000000000000001", 61)],
)
def test_a_half_is_rounded_to_the_even_digit(concentration: str, rounded: int) -> None:
    assert air.rounded(Decimal(concentration), "pm25", NEW) == rounded
    assert air.rounded(Fraction(concentration), "pm25", NEW) == rounded


def test_carbon_monoxide_keeps_one_decimal() -> None:
    assert [str(air.rounded(Decimal(c), "co", OLD)) for c in ("2.25", "2.35", "2")] == ["2.2", "2.4", "2.0"]
    assert str(air.rounded(Fraction(9, 4), "co", OLD)) == "2.2"


@pytest.mark.parametrize("pollutant", [*POLLUTANTS, "o3"])
def test_both_standards_round_to_the_same_decimals(pollutant: str) -> None:
    assert {air.rounded(Fraction(1, 3), pollutant, standard) for standard in STANDARDS} == {
        Decimal("0.3") if pollutant == "co" else Decimal(0)
    }


@each_standard
def test_beyond_the_last_breakpoint_the_index_stays_500(standard: str) -> None:
    assert air.iaqi(501, "pm25", standard) == 500
    assert air.iaqi(Decimal("1e40"), "pm10", standard) == 500


@pytest.mark.parametrize(
    ("pollutant", "averaging", "old", "new"), [("so2", "1h", None, 200), ("o3_8h", None, None, 300)]
)
def test_rows_that_stop_early_have_no_index_beyond_their_end_under_2012_and_keep_the_last_under_2026(
    pollutant: str, averaging: str | None, old: None, new: int
) -> None:
    assert air.iaqi(801, pollutant, OLD, averaging) is old
    assert air.iaqi(801, pollutant, NEW, averaging) == new


def test_a_day_with_ozone_beyond_the_table_of_2012_is_bad_and_has_no_index() -> None:
    day = {**CLEAN_DAY, "o3_8h": 801}
    assert air.aqi(day, OLD) is None
    assert air.day(day, OLD) == "bad"
    assert air.aqi(day, NEW) == 300


def test_a_day_is_bad_by_one_pollutant_good_only_by_all_six_and_else_undetermined() -> None:
    assert air.day(CLEAN_DAY, NEW) == "good"
    assert air.day({**CLEAN_DAY, "so2": None}, NEW) == "undetermined"
    assert air.day({p: v for p, v in CLEAN_DAY.items() if p != "so2"}, NEW) == "undetermined"
    assert air.day({"pm25": 61, "so2": None}, NEW) == "bad"
    assert air.day({"pm25": Decimal("60.4")}, NEW) == "undetermined"
    assert air.day({}, NEW) == "undetermined"


def test_the_index_of_a_day_is_the_highest_and_none_without_any_value() -> None:
    assert air.aqi({**CLEAN_DAY, "pm25": 61}, NEW) == 101
    assert air.aqi({"pm25": None, "co": 4}, OLD) == 100
    assert air.aqi({"pm25": None}, OLD) is None


@each_standard
def test_the_limit_of_a_good_day_is_the_last_good_concentration(standard: str) -> None:
    limits = {pollutant: air.limit_of_a_good_day(standard, pollutant) for pollutant in POLLUTANTS}
    assert air.day(limits, standard) == "good"
    assert limits == {
        "pm25": 75 if standard == OLD else 60,
        "pm10": 150 if standard == OLD else 120,
        "so2": 150,
        "no2": 80,
        "co": 4,
        "o3_8h": 160,
    }


@pytest.mark.parametrize(
    ("index", "level"), [(0, 1), (50, 1), (51, 2), (100, 2), (101, 3), (150, 3), (151, 4), (200, 4), (201, 5),
                         (300, 5), (301, 6), (500, 6)]
)  # fmt: skip
def test_levels_end_at_their_index(index: int, level: int) -> None:
    assert air.level(index) == level


def test_what_is_no_concentration_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        air.iaqi(Decimal("-0.1"), "pm25", OLD)
    with pytest.raises(ValueError, match="no concentration"):
        air.iaqi(Decimal("NaN"), "pm25", OLD)
    with pytest.raises(TypeError, match="not float"):
        air.iaqi(60.0, "pm25", OLD)


def test_unknown_names_are_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match="hj633-2012, hj633-2026"):
        air.iaqi(60, "pm25", "hj633")
    with pytest.raises(ValueError, match="no breakpoints of pm25 for 1h"):
        air.iaqi(60, "pm25", OLD, "1h")
    with pytest.raises(ValueError, match=r"'o3' decides no day; .*o3_8h do"):
        air.day({"o3": 60}, OLD)
    with pytest.raises(ValueError, match="no rule 'hours'"):
        air.rule("hours", OLD)


# An independent computation: concentrations are whole hundredths, the index is the sum of what each step adds to it.


@cache
def index_of(standard: str, pollutant: str, tenths: int) -> int | None:
    row = ("o3", "8h") if pollutant == "o3_8h" else (pollutant, "24h")
    points = PRINTED[standard][row]
    if tenths > 10 * points[-1] and standard == OLD and len(points) < len(INDICES):
        return None
    added = (
        (INDICES[n + 1] - INDICES[n])
        * min(Fraction(1), max(Fraction(0), Fraction(tenths - 10 * low, 10 * (high - low))))
        for n, (low, high) in enumerate(pairwise(points))
    )
    return ceil(sum(added, Fraction()))


def tenths_of(hundredths: int, unit: int) -> int:
    """The nearest multiple of `unit` (10 or 100 hundredths), of two the even one, in tenths."""
    whole, rest = divmod(hundredths, unit)
    up = 2 * rest > unit or (2 * rest == unit and whole % 2 == 1)
    return (whole + up) * unit // 10


def test_on_100_000_random_days_index_and_verdict_equal_an_independent_computation() -> None:
    chance = random.Random(633)
    tops = {
        pollutant: 100 * int(air.breakpoints(OLD, pollutant)[-1].concentration) for pollutant in POLLUTANTS
    }
    verdicts = {"good": 0, "bad": 0, "undetermined": 0}
    for _ in range(100_000):
        standard = chance.choice(STANDARDS)
        scale = chance.choice((0.1, 0.3, 1.1))
        drawn = {p: int(chance.random() * scale * top) for p, top in tops.items() if chance.random() > 0.03}
        day = {pollutant: Decimal(hundredths).scaleb(-2) for pollutant, hundredths in drawn.items()}
        indices = [
            index_of(standard, p, tenths_of(hundredths, 10 if p == "co" else 100))
            for p, hundredths in drawn.items()
        ]
        known = [index for index in indices if index is not None]
        expected = max(known) if known and len(known) == len(indices) else None
        assert air.aqi(day, standard) == expected, (standard, day)
        bad = any(index is None or index > 100 for index in indices)
        verdict = "bad" if bad else "good" if len(drawn) == 6 else "undetermined"
        assert air.day(day, standard) == verdict, (standard, day)
        verdicts[verdict] += 1
    assert min(verdicts.values()) > 1000, "the days drawn are to show every verdict"


@pytest.mark.parametrize(
    ("standard", "year", "definition"),
    [
        (OLD, 2015, "hj633_2012_standard_state"),
        (OLD, 2017, "hj633_2012_standard_state"),
        (OLD, 2018, "hj633_2012_mixed_2018"),
        (OLD, 2019, "hj633_2012_actual_state"),
        (NEW, 2019, "hj633_2026"),
        (NEW, 2027, "hj633_2026"),
    ],
)
def test_a_year_has_the_definition_of_its_standard_and_state(
    standard: str, year: int, definition: str
) -> None:
    assert air.definition_version(standard, year) == definition
    with (ROOT / "data" / "definitions.csv").open(encoding="utf-8", newline="") as file:
        assert definition in {row["definition_version"] for row in csv.DictReader(file)}


def test_the_standard_changes_on_1_march_2026() -> None:
    assert air.standard_in_force(date(2026, 2, 28)) == OLD
    assert air.standard_in_force(date(2026, 3, 1)) == NEW


@pytest.mark.parametrize(
    ("day", "target"),
    [
        (date(2018, 9, 1), NEW),
        (date(2026, 3, 1), "hj633_2012_actual_state"),
        (date(2026, 3, 1), OLD),
        (date(2017, 5, 1), OLD),
        (date(2018, 8, 31), OLD),
        (date(2018, 8, 31), "hj633_2012_standard_state"),
    ],
)
def test_days_may_be_set_under_a_definition_at_the_state_they_were_measured_in(
    day: date, target: str
) -> None:
    air.refuse_back_cast(day, target)


@pytest.mark.parametrize(
    ("day", "target"),
    [
        (date(2018, 8, 31), NEW),
        (date(2018, 8, 31), "hj633_2012_actual_state"),
        (date(2018, 9, 1), "hj633_2012_standard_state"),
        (date(2017, 8, 31), "hj633_2012_mixed_2018"),
    ],
)
def test_no_back_cast_crosses_1_september_2018(day: date, target: str) -> None:
    with pytest.raises(NoBackCast, match=r"do not cross 2018-09-01.*273\.15/298\.15.*temperature"):
        air.refuse_back_cast(day, target)


def test_the_factor_of_gases_is_that_of_the_two_temperatures() -> None:
    assert Fraction("273.15") / Fraction("298.15") == air.GAS_FACTOR


FULL_YEAR = {month: 30 if month in (4, 6, 9, 11) else 28 if month == 2 else 31 for month in range(1, 13)}


@each_standard
def test_a_year_needs_324_days_27_a_month_and_25_in_february(standard: str) -> None:
    least = {**dict.fromkeys(FULL_YEAR, 27), 2: 25}
    assert air.missing_for_a_year(FULL_YEAR, 2025, standard) == ()
    assert air.missing_for_a_year(least, 2025, standard) == (Shortfall(None, 322, 324),)
    assert air.missing_for_a_year({**FULL_YEAR, 2: 24, 7: 26}, 2025, standard) == (
        Shortfall(2, 24, 25),
        Shortfall(7, 26, 27),
    )
    assert air.missing_for_a_year({**FULL_YEAR, 2: 25, 7: 27}, 2025, standard) == ()
    assert air.missing_for_a_year({}, 2025, standard)[1] == Shortfall(1, 0, 27)


def test_a_month_cannot_have_more_days_than_the_calendar() -> None:
    assert air.missing_for_a_year({**FULL_YEAR, 2: 29}, 2024, OLD) == ()
    with pytest.raises(ValueError, match="2025-02 has no 29 days"):
        air.missing_for_a_year({**FULL_YEAR, 2: 29}, 2025, OLD)


@pytest.mark.parametrize("table", ["air_rules.csv", "water_rules.csv"])
def test_a_rule_whose_clause_is_not_at_hand_says_so_and_every_other_names_its_clause(table: str) -> None:
    for rule in tables.rules(table).values():
        assert rule.at_hand == bool(rule.clause), rule
        assert rule.at_hand or re.search(r"not at hand|no standard says so", rule.remark), rule


def test_the_examples_of_the_page_on_standards_are_so() -> None:
    page = (ROOT / "docs" / "standards.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| (hj633-\d+) \| (\w+) \| (\w+) \| ([\d.]+) \| (\d+|none) \|$", page, re.MULTILINE)
    assert len(shown) >= 8
    for standard, pollutant, averaging, concentration, index in shown:
        found = air.iaqi(Decimal(concentration), pollutant, standard, averaging)
        assert ("none" if found is None else str(found)) == index, (standard, pollutant, concentration)


def test_the_rules_of_the_page_on_standards_are_those_of_the_table() -> None:
    page = (ROOT / "docs" / "standards.md").read_text(encoding="utf-8")
    shown = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", page, re.MULTILINE)
    assert len(shown) >= 8
    for name, value in shown:
        assert air.rule(name, NEW).value == air.rule(name, OLD).value == Decimal(value), name
