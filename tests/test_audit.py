"""What the audit says of printed figures: each kind of identity, and what decides between the verdicts."""

from __future__ import annotations

import io
import json
import re
from decimal import ROUND_HALF_EVEN, Decimal
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from ecobrief import audit
from ecobrief.audit import Finding
from ecobrief.audit.rules import RULES
from ecobrief.cli import main
from ecobrief.wording import say

INDICATORS = [
    {"indicator_id": "ratio", "valid_max": "100"},
    {"indicator_id": "days", "unit": "day", "valid_max": "366"},
    {"indicator_id": "area", "unit": "km2"},
    {"indicator_id": "volume", "unit": "m3"},
    {"indicator_id": "count", "unit": "piece"},
    {"indicator_id": "temperature", "unit": "celsius", "valid_min": ""},
]
MEASURED = {
    "%": {"indicator_id": "ratio"},
    "个百分点": {"indicator_id": "ratio", "measure": "change"},
    "天": {"indicator_id": "days"},
    "km²": {"indicator_id": "area"},
    "公顷": {"indicator_id": "area"},
    "万立方米": {"indicator_id": "volume"},
    "亿立方米": {"indicator_id": "volume"},
    "个": {"indicator_id": "count"},
    "℃": {"indicator_id": "temperature"},
}
CUT_OFF = "It agrees if the printed figure was cut off instead of rounded."
SUBJECT = "Indicator (2022): "
APPROXIMATE = "One of the figures is approximate, so that this cannot be decided."
FINAL_ZEROS = "If final zeros only fill up the number they agree, so that this cannot be decided."


def figure(name: str, printed: str, period: str = "2022") -> dict[str, str]:
    """An observation from what is printed: `76.30 %`, with the qualifier before it where it is not exact: `about 76 %`."""
    *qualifier, value, unit = printed.split(" ")
    return {
        "observation_id": name,
        "qualifier": "".join(qualifier) or "exact",
        "value": value,
        "unit": unit,
        "period": period,
        "measure": "change" if value.startswith("-") else "level",
        **MEASURED[unit],
    }


def audited(
    kind: str,
    terms: str,
    figures: dict[str, str],
    *,
    period: str = "2022",
    names: int = 0,
    breaks_off: bool = False,
    **identity: str,
) -> Finding:
    """What becomes of one identity; `names` members stand in the list called `names`."""
    package = made.package(
        indicators=INDICATORS,
        observations=[figure(name, printed, period) for name, printed in figures.items()],
        listings=[{"list_id": "names", "open": "yes" if breaks_off else "no"}] * names,
        identities=[{"identity_id": "one", "kind": kind, "terms": terms, **identity}],
    )
    (finding,) = audit.findings(package)
    return finding


# Kinds


class Case(NamedTuple):
    """An identity with its figures: what is printed, what is computed and how far they lie apart, by points and at least."""

    kind: str
    terms: str
    figures: dict[str, str]
    printed: str
    computed: str
    difference: str
    apart: str


RATIO = "result = r; numerator = n; denominator = d"
SHARE = "share = s; part = p; total = t"
SUM = "total = t; parts = a + b - c"
WHOLE = "shares = a + b + c"
SAME = "first = a; second = b"
CHANGE = "change = c; later = b; earlier = a"
DAYS = "days = d; ratio = r"

AGREEING = [
    Case("ratio", RATIO, {"r": "64.7 %", "n": "11 个", "d": "17 个"}, "64.7", "64.71", "-0.005882", "0"),
    Case(
        "share_of_total",
        SHARE,
        {"s": "74.0 %", "p": "6226 km²", "t": "841396 公顷"},
        "74",
        "74",
        "0.003927",
        "0",
    ),
    Case(
        "share_of_total",
        "share = s; part = p + q; total = t",
        {"s": "50 %", "p": "2 个", "q": "3 个", "t": "10 个"},
        "50",
        "50",
        "0",
        "0",
    ),
    Case("sum_of_parts", SUM, {"t": "12 个", "a": "14 个", "b": "3 个", "c": "5 个"}, "12", "12", "0", "0"),
    Case(
        "sum_of_parts",
        SUM,
        {"t": "82 km²", "a": "64.1 km²", "b": "2384 公顷", "c": "6 km²"},
        "82",
        "81.94",
        "0.06",
        "0",
    ),
    Case("shares_of_whole", WHOLE, {"a": "20.1 %", "b": "30.2 %", "c": "49.6 %"}, "100", "99.9", "0.1", "0"),
    Case(
        "equal_in_other_units", SAME, {"a": "0.61 亿立方米", "b": "6100 万立方米"}, "0.61", "0.61", "0", "0"
    ),
    Case("one_fact", SAME, {"a": "76.30 %", "b": "76.31 %"}, "76.3", "76.31", "-0.01", "0"),
    Case("order", "lower = a; higher = b", {"a": "3 个", "b": "5 个"}, "3", "5", "-2", "0"),
    Case("order", "lower = a; higher = b", {"a": "5 个", "b": "5 个"}, "5", "5", "0", "0"),
    Case("order", "range = a", {"a": "range 21.5-26 ℃"}, "21.5", "26", "-4.5", "0"),
    Case("change", CHANGE, {"c": "1.1 个百分点", "b": "97.4 %", "a": "96.2 %"}, "1.1", "1.2", "-0.1", "0"),
    Case("change", CHANGE, {"c": "-2 个", "b": "3 个", "a": "5 个"}, "-2", "-2", "0", "0"),
    Case("days_and_ratio", DAYS, {"d": "351 天", "r": "96.2 %"}, "96.2", "96.16", "0.03562", "0"),
    Case("days_and_ratio", DAYS, {"d": "351 天", "r": "97.5 %"}, "97.5", "97.5", "0", "0"),
    Case("whole_numbers", "shares = s; part = p", {"s": "22 %", "p": "15 个"}, "22", "22.39", "-0.3881", "0"),
    Case("whole_numbers", "shares = s; total = t", {"s": "87.5 %", "t": "16 个"}, "87.5", "87.5", "0", "0"),
    Case("whole_numbers", "shares = s, t", {"s": "60.0 %", "t": "66.7 %"}, "66.7", "66.67", "0.03333", "0"),
]
DISAGREEING = [
    Case("ratio", RATIO, {"r": "64.9 %", "n": "11 个", "d": "17 个"}, "64.9", "64.71", "0.1941", "0.1441"),
    Case(
        "share_of_total",
        SHARE,
        {"s": "74.5 %", "p": "6226 km²", "t": "841396 公顷"},
        "74.5",
        "74",
        "0.5039",
        "0.4479",
    ),
    Case("sum_of_parts", SUM, {"t": "13 个", "a": "14 个", "b": "3 个", "c": "5 个"}, "13", "12", "1", "1"),
    Case("shares_of_whole", WHOLE, {"a": "20.1 %", "b": "30.2 %", "c": "49.1 %"}, "100", "99.4", "0.6", "0.45"),
    Case(
        "equal_in_other_units", SAME, {"a": "0.61 亿立方米", "b": "6251 万立方米"}, "0.61", "0.6251", "-0.0151", "0.01005"
    ),
    Case("one_fact", SAME, {"a": "76.30 %", "b": "76.32 %"}, "76.3", "76.32", "-0.02", "0.01"),
    Case("order", "lower = a; higher = b", {"a": "6 个", "b": "5 个"}, "6", "5", "1", "1"),
    Case("order", "range = a", {"a": "range 26-21.5 ℃"}, "26", "21.5", "4.5", "3.95"),
    Case("change", CHANGE, {"c": "1.0 个百分点", "b": "97.4 %", "a": "96.2 %"}, "1", "1.2", "-0.2", "0.05"),
    Case("days_and_ratio", DAYS, {"d": "351 天", "r": "96.1 %"}, "96.1", "96.16", "-0.06438", "0.01438"),
    Case("whole_numbers", "shares = s; part = p", {"s": "99.4 %", "p": "5 个"}, "99.4", "100", "-0.6", "0.55"),
    Case("whole_numbers", "shares = s; total = t", {"s": "88.0 %", "t": "16 个"}, "88", "87.5", "0.5", "0.45"),
    Case(
        "whole_numbers", "shares = s, t; most = 10", {"s": "60.0 %", "t": "66.7 %"}, "66.7", "70", "-3.3", "3.25"
    ),
]  # fmt: skip


def told(case: Case) -> Finding:
    return audited(case.kind, case.terms, case.figures)


def numbers(finding: Finding) -> tuple[str, str, str, str]:
    printed = f"{Decimal(finding.printed).normalize():f}"
    return printed, finding.computed, finding.difference, finding.smallest_discrepancy


@pytest.mark.parametrize("case", AGREEING, ids=lambda case: case.kind)
def test_an_identity_that_holds_is_consistent(case: Case) -> None:
    finding = told(case)
    assert finding.verdict == "consistent"
    assert numbers(finding) == case[3:]
    assert say(finding.explanation, "en").endswith("That agrees within the printed digits.")


@pytest.mark.parametrize("case", DISAGREEING, ids=lambda case: case.kind)
def test_an_identity_that_does_not_hold_is_inconsistent(case: Case) -> None:
    finding = told(case)
    assert finding.verdict == "inconsistent"
    assert numbers(finding) == case[3:]
    assert "difference is" in say(finding.explanation, "en")


def test_every_kind_is_shown_both_ways() -> None:
    listed = {"count_of_list"}
    assert {case.kind for case in AGREEING} | listed == set(RULES)
    assert {case.kind for case in DISAGREEING} | listed == set(RULES)


@pytest.mark.parametrize(
    ("names", "breaks_off", "verdict"),
    [
        (3, False, "consistent"),
        (2, False, "inconsistent"),
        (4, False, "inconsistent"),
        (2, True, "consistent"),
        (4, True, "inconsistent"),
    ],
)
def test_a_list_names_as_many_as_are_counted_and_fewer_only_where_it_breaks_off(
    names: int, breaks_off: bool, verdict: str
) -> None:
    finding = audited(
        "count_of_list", "count = a; list = names", {"a": "3 个"}, names=names, breaks_off=breaks_off
    )
    assert finding.verdict == verdict
    assert finding.figures == ("a",)


@pytest.mark.parametrize(("year", "verdict"), [("2020", "consistent"), ("2021", "inconsistent")])
def test_a_leap_year_has_a_day_more_that_may_be_valid(year: str, verdict: str) -> None:
    of_366 = {"d": "329 天", "r": "89.9 %"}
    assert audited("days_and_ratio", DAYS, of_366, period=year).verdict == verdict


def test_days_without_valid_data_lie_in_the_gap_between_days_and_ratio() -> None:
    finding = audited("days_and_ratio", DAYS, {"d": "351 天", "r": "97.5 %"})
    assert say(finding.explanation, "en").startswith(SUBJECT + "351 days are 97.5% of 360 valid days.")
    missed = audited("days_and_ratio", DAYS, {"d": "351 天", "r": "96.1 %"})
    assert (
        "351 days make 96.1% of no number of valid days up to 365; the nearest is 96.16%, of 365 days."
        in str(missed.explanation)
    )


def test_more_good_days_than_the_year_has_are_inconsistent_with_any_ratio() -> None:
    assert (
        audited("days_and_ratio", DAYS, {"d": "366 天", "r": "100 %"}, period="2021").verdict
        == "inconsistent"
    )


@pytest.mark.parametrize(
    ("terms", "figures", "sentence"),
    [
        (
            "shares = s",
            {"s": "87.5 %"},
            "87.5% can be had of 8, 16, 24, 32 …; no smaller whole number makes it.",
        ),
        (
            "shares = s; most = 10",
            {"s": "87.5 %"},
            "87.5% can be had of 8; no smaller whole number makes it.",
        ),
        (
            "shares = s, t; most = 20",
            {"s": "60.0 %", "t": "66.7 %"},
            "60.0% and 66.7% can be had of 15; no smaller whole number makes it.",
        ),
        ("shares = s; part = p", {"s": "22.1 %", "p": "15 个"}, "22.1% is 15 of 68."),
        ("shares = s; total = t", {"s": "87.5 %", "t": "16 个"}, "87.5% of 16 is 14."),
        (
            "shares = s; total = t",
            {"s": "88.0 %", "t": "16 个"},
            "No whole number makes 88.0%; the nearest is 14 of 16, 87.5%.",
        ),
    ],
)
def test_the_whole_numbers_behind_a_share_are_named(
    terms: str, figures: dict[str, str], sentence: str
) -> None:
    assert str(audited("whole_numbers", terms, figures).claim) == SUBJECT + sentence


@pytest.mark.parametrize(
    ("kind", "terms", "figures"),
    [
        ("days_and_ratio", DAYS, {"d": "at_most 300 天", "r": "75.0 %"}),
        ("whole_numbers", "shares = s; total = t", {"s": "87.5 %", "t": "and_more 10 个"}),
        ("whole_numbers", "shares = s; part = p", {"s": "5 %", "p": "12000 个"}),
    ],
    ids=["270 of 360 days", "14 of 16", "12000 of 240000"],
)
def test_every_whole_number_that_the_print_allows_is_tried(
    kind: str, terms: str, figures: dict[str, str]
) -> None:
    assert audited(kind, terms, figures).verdict == "consistent"


def test_half_a_year_has_no_more_valid_days_than_days() -> None:
    of_340 = {"d": "170 天", "r": "50.0 %"}
    assert audited("days_and_ratio", DAYS, of_340).verdict == "consistent"
    assert audited("days_and_ratio", DAYS, of_340, period="2022-01/2022-06").verdict == "inconsistent"


# Verdicts


@pytest.mark.parametrize(
    ("first", "second", "verdict", "remark"),
    [
        (
            "76.3 %",
            "76.5 %",
            "inconsistent",
            "Even allowing for rounding, the difference is at least 0.1 percentage points.",
        ),
        ("4500 km²", "4520 km²", "undecided", FINAL_ZEROS),
        (
            "4501 km²",
            "4520 km²",
            "inconsistent",
            "Even allowing for rounding, the difference is at least 18 km².",
        ),
        ("4500 个", "4520 个", "inconsistent", "The difference is 20."),
        ("about 76.3 %", "80.1 %", "undecided", APPROXIMATE),
        ("about 76.3 %", "76.4 %", "consistent", "That agrees within the printed digits."),
        ("at_least 330 个", "400 个", "consistent", "That agrees within the printed digits."),
        (
            "more_than 330 个",
            "330 个",
            "inconsistent",
            "They have no value in common.",
        ),
        ("and_more 70 个", "75 个", "consistent", "That agrees within the printed digits."),
    ],
)
def test_the_verdict_rests_on_what_the_digits_stand_for(
    first: str, second: str, verdict: str, remark: str
) -> None:
    finding = audited("one_fact", SAME, {"a": first, "b": second})
    assert finding.verdict == verdict
    assert str(finding.explanation).endswith(remark)


ASSUMED = {"assumption_zh": "两者指同一范围", "assumption_en": "both are of the same area"}


def test_a_bound_and_a_figure_that_only_touch_are_not_said_to_stay_nothing_apart() -> None:
    finding = audited("one_fact", SAME, {"a": "more_than 330 个", "b": "330 个"})
    assert finding.verdict == "inconsistent"
    assert "at least 0 apart" not in str(finding.explanation)


def test_the_printed_figure_is_told_with_every_printed_digit() -> None:
    assert audited("one_fact", SAME, {"a": "76.30 %", "b": "76.3 %"}).printed == "76.30"


def test_figures_that_differ_in_concept_are_inconsistent_only_under_their_assumption() -> None:
    finding = audited("one_fact", SAME, {"a": "76.3 %", "b": "76.5 %"}, **ASSUMED)
    assert finding.verdict == "conditional"
    assert str(finding.explanation).endswith("This is a contradiction if both are of the same area.")


@pytest.mark.parametrize(
    ("second", "verdict"),
    [("76.4 %", "consistent"), ("about 77.1 %", "undecided"), ("77.1 %", "conditional")],
)
def test_an_assumption_matters_only_to_what_would_be_inconsistent(second: str, verdict: str) -> None:
    assert audited("one_fact", SAME, {"a": "76.3 %", "b": second}, **ASSUMED).verdict == verdict


@pytest.mark.parametrize(
    ("printed", "verdict", "cut_off"),
    [("66.7 %", "consistent", False), ("66.6 %", "inconsistent", True), ("66.5 %", "inconsistent", False)],
)
def test_it_is_said_where_cutting_off_explains_what_rounding_does_not(
    printed: str, verdict: str, cut_off: bool
) -> None:
    finding = audited("ratio", RATIO, {"r": printed, "n": "2 个", "d": "3 个"})
    assert finding.verdict == verdict
    assert (CUT_OFF in str(finding.explanation)) == cut_off


def test_a_count_is_never_taken_for_cut_off() -> None:
    finding = audited("one_fact", SAME, {"a": "3 个", "b": "3.4 个"})
    assert finding.verdict == "inconsistent"
    assert CUT_OFF not in str(finding.explanation)


def test_the_interval_of_what_is_computed_is_told_and_has_no_end_where_it_is_open() -> None:
    closed = audited("one_fact", SAME, {"a": "9 km²", "b": "6.0 km²"})
    assert (closed.computed_low, closed.computed_high, closed.unit) == ("5.95", "6.05", "km²")
    opened = audited("one_fact", SAME, {"a": "9 km²", "b": "at_least 6.0 km²"})
    assert (opened.computed_low, opened.computed_high) == ("6", "")


def test_a_share_stands_for_no_more_than_a_hundred_percent() -> None:
    finding = audited("one_fact", SAME, {"a": "99 %", "b": "100 %"})
    assert (finding.computed_low, finding.computed_high) == ("99.5", "100")


def test_a_corrected_unit_is_the_one_computed_with() -> None:
    misread = figure("b", "6 km²") | {"unit": "公顷", "unit_read": "km²"}
    package = made.package(
        indicators=INDICATORS,
        observations=[figure("a", "6 km²"), misread],
        identities=[{"identity_id": "one", "kind": "one_fact", "terms": SAME}],
    )
    (finding,) = audit.findings(package)
    assert finding.verdict == "consistent"


def test_every_percentage_up_to_a_hundred_ends_a_range_that_rises() -> None:
    assert audited("order", "range = a", {"a": "range 80-100 %"}).verdict == "consistent"


@pytest.mark.parametrize("wrong_way_round", ["range 90-80 %", "range 90-80 km²", "range 90-80 个"])
def test_a_range_from_high_to_low_is_wrong_however_many_zeros_its_ends_have(wrong_way_round: str) -> None:
    assert audited("order", "range = a", {"a": wrong_way_round}).verdict == "inconsistent"


@pytest.mark.parametrize("divisor", ["0 个", "less_than 100 个", "at_most 5 个"])
def test_a_divisor_that_may_be_zero_stops_no_audit(divisor: str) -> None:
    assert audited("ratio", RATIO, {"r": "50 %", "n": "5 个", "d": divisor}).verdict != "inconsistent"


@pytest.mark.parametrize(
    ("terms", "figures"),
    [
        ("shares = s; total = t", {"s": "50 %", "t": "0 个"}),
        ("shares = s; part = p", {"s": "at_most 0 %", "p": "5 个"}),
    ],
)
def test_nothing_as_a_whole_or_share_stops_no_audit(terms: str, figures: dict[str, str]) -> None:
    assert audited("whole_numbers", terms, figures).verdict == "inconsistent"


@pytest.mark.parametrize("divisor", ["and_more 70 个", "more_than 300 个"])
def test_nothing_of_some_is_nothing(divisor: str) -> None:
    assert audited("ratio", RATIO, {"r": "0 %", "n": "0 个", "d": divisor}).verdict == "consistent"


places = st.lists(st.integers(0, 3), min_size=4, max_size=4)
amounts = st.decimals(min_value=1, max_value=99, places=6)


def rounded(value: Decimal, places: int) -> str:
    return f"{value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN):f}"


@settings(max_examples=40)
@given(amounts, amounts, amounts, places)
def test_a_true_sum_is_consistent_however_its_figures_are_rounded(
    one: Decimal, other: Decimal, less: Decimal, places: list[int]
) -> None:
    true = {"t": one + other + 100 - less, "a": one + 100, "b": other, "c": less}
    shown = {
        name: f"{rounded(value, digits)} km²"
        for (name, value), digits in zip(true.items(), places, strict=True)
    }
    finding = audited("sum_of_parts", SUM, shown)
    assert finding.verdict == "consistent"
    assert finding.smallest_discrepancy == "0"


@settings(max_examples=40)
@given(amounts, amounts, places)
def test_a_true_share_is_consistent_however_its_figures_are_rounded(
    part: Decimal, rest: Decimal, places: list[int]
) -> None:
    true = {"s": 100 * part / (part + rest), "p": part, "t": part + rest}
    shown = {
        name: f"{rounded(value, digits)} {'%' if name == 's' else 'km²'}"
        for (name, value), digits in zip(true.items(), places, strict=False)
    }
    assert audited("share_of_total", SHARE, shown).verdict == "consistent"


# All findings of a package

FIGURES = {"a": "76.3 %", "b": "76.5 %", "c": "76.8 %", "d": "76.3 %", "e": "about 70.5 %"}
IDENTITIES = [
    {"identity_id": "agrees", "terms": "first = a; second = d"},
    {"identity_id": "follows", "terms": "first = a; second = c", "cause": "differs"},
    {"identity_id": "differs", "terms": "first = a; second = b"},
    {"identity_id": "elsewhere", "terms": "first = b; second = c", "city_id": "beta"},
    {"identity_id": "may_differ", "terms": "first = c; second = d", **ASSUMED},
    {"identity_id": "vague", "terms": "first = a; second = e"},
]


@pytest.fixture(name="data", scope="module")
def package_with_six_identities(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The figures under the identifiers that the schema asks for."""
    names = {name: f"page.{number:03d}" for number, name in enumerate(FIGURES, start=1)}

    def renamed(terms: str) -> str:
        return " ".join(
            names.get(word.rstrip(";"), word) + ";" * word.endswith(";") for word in terms.split()
        )

    return made.write(
        tmp_path_factory.mktemp("data"),
        indicators=INDICATORS,
        observations=[figure(names[name], printed) for name, printed in FIGURES.items()],
        identities=[
            {**identity, "kind": "one_fact", "terms": renamed(identity["terms"])} for identity in IDENTITIES
        ],
    )


def run(data: Path, *arguments: str) -> Result:
    done = CliRunner().invoke(main, ["audit", *arguments], env={"ECOBRIEF_DATA": str(data)})
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done


def as_json(data: Path, *arguments: str) -> list[dict[str, str]]:
    return list(json.loads(run(data, *arguments, "--format", "json").stdout))


VERDICTS = {
    "differs": "inconsistent",
    "follows": "inconsistent",
    "may_differ": "conditional",
    "vague": "undecided",
    "agrees": "consistent",
    "elsewhere": "inconsistent",
}


def test_the_gravest_findings_of_a_city_come_first(data: Path) -> None:
    found = {row["check_id"]: row["verdict"] for row in as_json(data)}
    assert found == VERDICTS
    assert list(found) == list(VERDICTS)


def test_csv_and_json_tell_the_same_with_every_column(data: Path) -> None:
    done = run(data, "--format", "csv")
    rows = pd.read_csv(io.StringIO(done.stdout), dtype=str, keep_default_na=False)
    assert tuple(rows) == audit.COLUMNS
    assert rows.to_dict("records") == as_json(data)
    first = rows.iloc[0]
    assert first[["check_id", "city_id", "kind", "unit", "printed", "computed", "difference"]].tolist() == [
        "differs", "alpha", "one_fact", "%", "76.3", "76.5", "-0.2",
    ]  # fmt: skip
    assert first["terms"] == "first = page.001; second = page.002"
    assert list(rows["cause"]) == ["", "differs", "", "", "", ""]


def test_a_finding_says_what_its_first_figure_is_about() -> None:
    def subject(**about: str) -> str:
        package = made.package(
            indicators=INDICATORS,
            observations=[figure("a", "3 %") | about, figure("b", "3 %")],
            identities=[{"identity_id": "one", "kind": "one_fact", "terms": SAME}],
        )
        (finding,) = audit.findings(package)
        return str(finding.claim).partition(": ")[0]

    assert subject() == "Indicator (2022)"
    assert subject(place="某县", period="2016/2020") == "Indicator (某县, 2016–2020)"
    assert subject(period="") == "Indicator"


def test_only_the_cities_asked_for_are_audited(data: Path) -> None:
    assert [row["check_id"] for row in as_json(data, "--cities", "beta")] == ["elsewhere"]
    assert as_json(data, "--cities", "gamma") == []


def test_an_unknown_city_is_wrong_usage(data: Path) -> None:
    done = run(data, "--cities", "omega")
    assert done.exit_code == 2
    assert "omega" in done.stderr


def test_the_table_tells_a_cause_once_and_counts_what_agrees(data: Path) -> None:
    lines = run(data, "--cities", "alpha").stdout.splitlines()
    assert lines == [
        "Alpha",
        "",
        "  differs: inconsistent",
        "    "
        + SUBJECT
        + "The same fact is printed as 76.3% in one place and as 76.5% in another. Even allowing for rounding, the difference"
        " is at least 0.1 percentage points.",
        "    1 more of the same cause: follows",
        "  may_differ: inconsistent under an assumption",
        "    "
        + SUBJECT
        + "The same fact is printed as 76.8% in one place and as 76.3% in another. Even allowing for rounding, the"
        " difference is at least 0.4 percentage points. This is a contradiction if both are of the same area.",
        "  vague: cannot be decided",
        "    "
        + SUBJECT
        + "The same fact is printed as 76.3% in one place and as about 70.5% in another. "
        + APPROXIMATE,
        "",
        "5 identities: 2 inconsistent, 1 inconsistent under an assumption, 1 cannot be decided, and 1 consistent",
    ]


def test_findings_of_one_cause_stand_together_behind_it() -> None:
    package = made.package(
        indicators=INDICATORS,
        observations=[figure(name, printed) for name, printed in FIGURES.items()],
        identities=[{**identity, "kind": "one_fact"} for identity in IDENTITIES],
    )
    found = audit.findings(package, ["alpha"])
    groups = [[one.identity_id for one in group] for group in audit.by_cause(found)]
    assert groups == [["differs", "follows"], ["may_differ"], ["vague"], ["agrees"]]
    without = [one for one in found if one.identity_id != "differs"]
    assert ["follows"] in [[one.identity_id for one in group] for group in audit.by_cause(without)]


def test_explanations_are_in_the_language_asked_for_and_codes_are_not(data: Path) -> None:
    english, chinese = (as_json(data, "--lang", lang) for lang in ("en", "zh"))
    for ours, theirs in zip(english, chinese, strict=True):
        assert {**ours, "explanation": ""} == {**theirs, "explanation": ""}
        assert ours["explanation"] != theirs["explanation"]
    (assumed,) = [row for row in chinese if row["verdict"] == "conditional"]
    assert ASSUMED["assumption_zh"] in assumed["explanation"]


def test_a_chinese_explanation_has_no_english_word() -> None:
    explanations = [say(told(case).explanation, "zh") for case in (*AGREEING, *DISAGREEING)]
    assert [text for text in explanations if re.search("[A-Za-z]{3}", text)] == []
