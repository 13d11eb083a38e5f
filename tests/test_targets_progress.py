"""How far a target is from the last reading, and what is said where that cannot be told."""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import made
from ecobrief.compare import targets
from ecobrief.compare.targets import Progress

Row = dict[str, str]
BASELINE = {"value": "80.0", "period": "2020"}
TARGET = {"status": "target", "value": "90.0", "period": "2025", "period_basis": "printed"}
LATER = {"value": "84.0", "period": "2022"}
AREA = {"indicator_id": "area"}


def progress(*observations: Row, about: Row | None = None, **target: str) -> Progress:
    """The progress of one target (page.001), with further observations (page.002, …); the first is its baseline."""
    own = {
        "observation_id": "page.001",
        "baseline_observation_id": "page.002" if observations else "",
        **(about or {}),
    }
    package = made.package(observations=[TARGET | target, *observations], targets=[own])
    (one,) = targets.progress(package, made.CITIES)
    return one


def points(one: Progress) -> tuple[str | None, str | None]:
    """Distance and pace as points."""
    return tuple(None if m is None else f"{m.point.normalize():f}" for m in (one.distance, one.pace))


def test_a_pace_is_what_is_left_over_the_years_that_are_left() -> None:
    one = progress(BASELINE, LATER)
    assert (one.answer, points(one)) == ("pace", ("10", "2"))
    assert one.baseline.observation_id == "page.002"
    assert one.later.observation_id == "page.003"


def test_distance_and_pace_carry_what_the_digits_allow() -> None:
    one = progress(BASELINE, LATER)
    assert one.distance is not None
    assert one.pace is not None
    assert (one.distance.fine.low, one.distance.fine.high) == (Decimal("9.9"), Decimal("10.1"))
    assert [round(end, 4) for end in (one.pace.fine.low, one.pace.fine.high)] == [
        Decimal("1.9667"),
        Decimal("2.0333"),
    ]


def test_the_last_of_several_later_readings_counts() -> None:
    one = progress(BASELINE, LATER, LATER | {"period": "2023", "value": "88.0"})
    assert (one.later.period, points(one)) == ("2023", ("10", "1"))


def test_a_target_in_another_unit_is_reached_in_its_own() -> None:
    area = {"indicator_id": "area"}
    one = progress(
        BASELINE | area | {"value": "80", "unit": "km²"},
        LATER | area | {"value": "8600", "unit": "公顷"},
        **area, value="9200", unit="公顷",
    )  # fmt: skip
    assert points(one) == ("1200", "200")


@pytest.mark.parametrize(
    ("about", "target", "answer", "distance"),
    [
        ({}, {"value": "", "unit": "", "value_text": "持续改善"}, "in_words", None),
        ({"target_form": "cumulative"}, {"value": "330"}, "cumulative", None),
        ({"baseline_observation_id": ""}, {}, "no_baseline", None),
        ({"target_form": "maintain"}, {}, "maintain", "10"),
        ({}, {"period": "2022"}, "pace", "10"),
    ],
)
def test_what_has_no_pace_says_why(about: Row, target: Row, answer: str, distance: str | None) -> None:
    one = progress(BASELINE, LATER, about=about, **target)
    assert (one.answer, points(one)) == (answer, (distance, None))


@pytest.mark.parametrize(
    "later",
    [
        {},
        LATER | {"period": "2019"},
        LATER | {"definition_version": "version_2"},
        LATER | {"place": "某县"},
        LATER | {"city_id": "beta"},
        LATER | {"period": "", "period_basis": ""},
        LATER | {"indicator_id": "days", "unit": "天"},
    ],
    ids=[
        "none",
        "before the baseline",
        "another definition",
        "a part",
        "another city",
        "undated",
        "another metric",
    ],
)
def test_what_does_not_follow_the_baseline_is_no_later_reading(later: Row) -> None:
    one = progress(BASELINE, *([later] if later else []))
    assert (one.answer, points(one)) == ("no_later_reading", ("10", None))


def test_an_unstated_definition_allows_no_later_reading() -> None:
    unstated = {"definition_version": "not_stated"}
    assert progress(BASELINE | unstated, LATER | unstated, **unstated).answer == "no_later_reading"


def test_without_a_baseline_a_later_reading_follows_the_text_that_set_the_target() -> None:
    sources = [{"source_id": "page", "published": "2021-03-01"}]
    about = [{"observation_id": "page.001"}]
    package = made.package(sources=sources, targets=about, observations=[TARGET, BASELINE, LATER])
    (one,) = targets.progress(package, ["alpha"])
    assert one.answer == "no_baseline"
    assert one.later.period == "2022"


def test_targets_come_once_in_the_order_of_the_text_and_of_the_cities_asked_for() -> None:
    rows: list[dict[str, Any]] = [
        {"start": "90", "end": "95"},
        {"start": "10", "end": "15"},
        {"start": "95", "end": "99", "repeats": "page.001"},
        {"city_id": "beta"},
    ]
    package = made.package(
        observations=[TARGET | row for row in rows],
        targets=[{"observation_id": f"page.{number:03d}"} for number in range(1, 5)],
    )
    assert [one.target.observation_id for one in targets.progress(package, ["alpha"])] == [
        "page.002",
        "page.001",
    ]


# Pace so far and course


def test_the_pace_so_far_is_what_was_gained_over_the_years_that_passed() -> None:
    one = progress(BASELINE, LATER)
    assert one.pace_so_far is not None
    assert one.pace_so_far.point == 2
    assert (one.pace_so_far.fine.low, one.pace_so_far.fine.high) == (Decimal("1.95"), Decimal("2.05"))


def test_the_pace_so_far_is_in_the_unit_of_the_target() -> None:
    one = progress(
        BASELINE | AREA | {"value": "80", "unit": "km²"},
        LATER | AREA | {"value": "86", "unit": "km²"},
        **AREA, value="9200", unit="公顷",
    )  # fmt: skip
    assert one.pace_so_far is not None
    assert one.pace_so_far.point == 300


@pytest.mark.parametrize(
    ("later", "year", "course"),
    [
        ("90.2", "2022", "reached"),
        ("90.2", "2025", "reached"),
        ("89.8", "2025", "missed"),
        ("90.0", "2025", "digits_do_not_tell"),
        ("84.2", "2022", "on_track"),
        ("83.8", "2022", "behind"),
        ("84.0", "2022", "digits_do_not_tell"),
        ("79.0", "2022", "behind"),
    ],
)
def test_a_target_to_rise_is_reached_on_track_or_behind(later: str, year: str, course: str) -> None:
    assert progress(BASELINE, {"value": later, "period": year}).course == course


@pytest.mark.parametrize(
    ("later", "year", "course"),
    [
        ("24.8", "2022", "reached"),
        ("25.2", "2025", "missed"),
        ("30.8", "2022", "on_track"),
        ("31.2", "2022", "behind"),
        ("31.0", "2022", "digits_do_not_tell"),
        ("36.0", "2022", "behind"),
    ],
)
def test_pollution_is_to_fall(later: str, year: str, course: str) -> None:
    same = {"indicator_id": "pollution", "unit": "ug/m3"}
    baseline, now = BASELINE | same | {"value": "35.0"}, same | {"value": later, "period": year}
    assert progress(baseline, now, **same, value="25.0").course == course


def test_a_whole_number_that_ends_in_zeros_is_read_both_ways() -> None:
    later = {"value": "91.0", "period": "2025"}
    assert progress(BASELINE, later).course == "reached"
    assert progress(BASELINE, later, value="90").course == "digits_do_not_tell"
    assert progress(BASELINE, later | {"value": "95.1"}, value="90").course == "reached"


def test_a_target_of_at_least_a_number_is_met_at_the_number() -> None:
    assert progress(BASELINE, {"value": "90.1", "period": "2025"}, value="90").course == "digits_do_not_tell"
    at_least = {"value": "90", "qualifier": "at_least"}
    assert progress(BASELINE, {"value": "90.1", "period": "2025"}, **at_least).course == "reached"
    assert progress(BASELINE, {"value": "89.9", "period": "2025"}, **at_least).course == "missed"
    days = {"indicator_id": "days", "unit": "天"}
    counted = progress(
        BASELINE | days | {"value": "280"}, {**days, "value": "300", "period": "2022"},
        **days, value="300", qualifier="at_least",
    )  # fmt: skip
    assert counted.course == "reached"


@pytest.mark.parametrize(("later", "course"), [("281", "behind"), ("282", "on_track"), ("283", "on_track")])
def test_counts_that_lie_on_the_straight_line_are_on_track(later: str, course: str) -> None:
    days = {"indicator_id": "days", "unit": "天"}
    one = progress(
        BASELINE | days | {"value": "278"}, {**days, "value": later, "period": "2022"},
        **days, value="288",
    )  # fmt: skip
    assert one.course == course


def test_a_target_of_at_least_what_was_surpassed_before_is_met_above_it() -> None:
    high = BASELINE | {"value": "95.0"}
    at_least = {"value": "90", "qualifier": "at_least"}
    assert progress(high, {"value": "93.0", "period": "2025"}, **at_least).course == "reached"
    assert progress(high, {"value": "88.0", "period": "2025"}, **at_least).course == "missed"


def test_a_target_of_at_most_what_was_undercut_before_is_met_below_it() -> None:
    same = {"indicator_id": "pollution", "unit": "ug/m3"}
    low, at_most = BASELINE | same | {"value": "28.0"}, {"value": "35", "qualifier": "at_most"}
    assert progress(low, same | {"value": "33.0", "period": "2025"}, **same, **at_most).course == "reached"
    assert progress(low, same | {"value": "36.0", "period": "2025"}, **same, **at_most).course == "missed"


@pytest.mark.parametrize("qualifier", ["at_least", "at_most", "more_than", "and_more"])
def test_a_baseline_that_is_no_more_than_a_bound_may_stand_before_the_year_of_the_target(
    qualifier: str,
) -> None:
    bound = BASELINE | {"qualifier": qualifier, "value": "80"}
    assert progress(bound, {"value": "90.2", "period": "2025"}).course == "reached"
    assert progress(bound, {"value": "89.8", "period": "2025"}).course == "missed"


@pytest.mark.parametrize("which", [0, 1, 2], ids=["target", "baseline", "later"])
def test_about_a_value_tells_no_course(which: int) -> None:
    about: list[Row] = [{}, {}, {}]
    about[which] = {"qualifier": "about"}
    one = progress(BASELINE | about[1], LATER | {"value": "99.0"} | about[2], **about[0])
    assert (one.answer, one.course) == ("pace", "digits_do_not_tell")


def test_a_reading_after_the_year_of_the_target_does_not_count() -> None:
    after = {"value": "95.0", "period": "2026"}
    assert progress(BASELINE, after).answer == "no_later_reading"
    assert progress(BASELINE, LATER, after).later.period == "2022"


@pytest.mark.parametrize(
    "other",
    [{"network": "all_sites"}, {"adjustment": "dust_excluded"}, {"denominator": "days_of_year"}],
)
def test_a_later_reading_on_another_basis_than_the_baseline_does_not_count(other: Row) -> None:
    assert progress(BASELINE, LATER | other).answer == "no_later_reading"


def test_a_baseline_under_another_definition_than_the_target_leads_to_no_later_reading() -> None:
    assert progress(BASELINE | {"definition_version": "version_2"}, LATER).answer == "no_later_reading"


@pytest.mark.parametrize(
    ("about", "later"),
    [
        ({"target_form": "maintain"}, LATER),
        ({"target_form": "cumulative"}, LATER),
        ({"baseline_observation_id": ""}, LATER),
        ({}, LATER | {"period": "2019"}),
    ],
    ids=["maintain", "cumulative", "no baseline", "no later reading"],
)
def test_without_a_pace_there_is_no_course(about: Row, later: Row) -> None:
    one = progress(BASELINE, later, about=about)
    assert (one.pace_so_far, one.pace, one.course) == (None, None, None)


# Against the straight line through every value that the digits allow

TENTHS = st.integers(700, 1000).map(lambda number: f"{number // 10}.{number % 10}")
NUMBERS = TENTHS | st.integers(70, 100).map(str)


def ends(value: str) -> list[Decimal]:
    """The ends of what printed digits stand for, final zeros of a whole number being padding or not."""
    number = Decimal(value)
    steps = [Decimal("0.1")] if "." in value else [Decimal(1)]
    if value != "100" and "." not in value and value.endswith("0"):
        steps.append(Decimal(10))
    return [min(number + sign * step / 2, Decimal(100)) for step in steps for sign in (-1, 1)]


@settings(deadline=None, max_examples=100)
@given(NUMBERS, NUMBERS, NUMBERS, st.integers(2021, 2025), st.sampled_from(["exact", "at_least", "at_most"]))
def test_a_course_holds_for_every_value_and_digits_do_not_tell_where_none_does(
    baseline: str, later: str, target: str, year: int, qualifier: str
) -> None:
    one = progress(
        BASELINE | {"value": baseline},
        {"value": later, "period": str(year)},
        value=target, qualifier=qualifier,
    )  # fmt: skip
    up = -1 if qualifier == "at_most" else 1  # of a share more is better
    aims = ends(target) if qualifier == "exact" else [Decimal(target)]
    found: dict[str, set[bool]] = {"met": set(), "course": set()}
    for start, now, aim in product(ends(baseline), ends(later), aims):
        kept_up = start + (now - start) / (year - 2020) * 5
        found["met"].add(up * (now - aim) >= 0)
        found["course"].add(round(up * (kept_up - aim), 12) >= 0)
    if found["met"] == {True}:
        expected = "reached"
    elif year == 2025:
        expected = "missed" if found["met"] == {False} else "digits_do_not_tell"
    elif len(found["course"]) == 2:
        expected = "digits_do_not_tell"
    else:
        expected = "on_track" if found["course"] == {True} else "behind"
    assert one.course == expected


# A text may print any of these


def test_a_later_reading_in_words_gives_no_pace() -> None:
    words = {"value": "", "unit": "", "value_text": "有所上升", "period": "2022"}
    assert progress(BASELINE, words).answer == "no_later_reading"


def test_a_baseline_in_words_gives_no_distance() -> None:
    words = {"value": "", "unit": "", "value_text": "全部达标"}
    assert progress(BASELINE | words, LATER).distance is None


@pytest.mark.parametrize("end", ["2025-12", "2025-12-31", "2021/2025"])
def test_a_target_may_be_set_for_a_month_a_day_or_a_span(end: str) -> None:
    assert points(progress(BASELINE, LATER, period=end)) == ("10", "2")


def test_an_undated_target_has_no_pace() -> None:
    assert progress(BASELINE, LATER, period="", period_basis="").pace is None


def test_a_corrected_unit_is_the_one_computed_with() -> None:
    area = {"indicator_id": "area"}
    misread = BASELINE | area | {"unit": "天", "unit_read": "km²"}
    assert points(progress(misread, **area, unit="km²")) == ("10", None)


# Directions, limits, other readings

POLLUTION = {"indicator_id": "pollution", "unit": "ug/m3"}
DAYS = {"indicator_id": "days", "unit": "天"}


def test_the_indicator_says_which_way_a_target_lies_where_the_baseline_has_reached_it() -> None:
    less = {"value": "33.0", "period": "2025"}
    one = progress(BASELINE | POLLUTION | {"value": "35.0"}, POLLUTION | less, **POLLUTION, value="35.0")
    assert one.course == "reached"
    assert progress(BASELINE | {"value": "95.0"}, {"value": "93.0", "period": "2025"}).course == "reached"


def test_a_hundred_percent_is_no_padded_number() -> None:
    assert progress(BASELINE, {"value": "99.0", "period": "2025"}, value="100").course == "missed"
    assert progress(BASELINE, {"value": "81.0", "period": "2022"}, value="100").course == "behind"


@pytest.mark.parametrize("period", ["2023-06", "2023-01/2023-06"])
def test_a_part_of_a_year_is_no_later_reading(period: str) -> None:
    half = DAYS | {"value": "160", "period": period}
    one = progress(BASELINE | DAYS | {"value": "300"}, half, **DAYS, value="320")
    assert one.answer == "no_later_reading"


def test_more_than_a_number_is_not_met_at_the_number() -> None:
    at_it = DAYS | {"value": "300", "period": "2025"}
    one = progress(BASELINE | DAYS | {"value": "280"}, at_it, **DAYS, value="300", qualifier="more_than")
    assert one.course == "missed"


def test_conflicting_later_readings_leave_the_course_open() -> None:
    one = progress(BASELINE, {"value": "91.0", "period": "2025"}, {"value": "85.0", "period": "2025"})
    assert one.course == "digits_do_not_tell"


def test_what_both_readings_leave_unstated_is_a_caveat_of_the_course() -> None:
    unstated = {"network": "not_stated"}
    one = progress(BASELINE | unstated, LATER | unstated | {"value": "99.0"}, **unstated)
    assert one.course == "reached"
    assert [str(caveat) for caveat in one.caveats] == ["the monitoring network is not stated"]
    assert progress(BASELINE, LATER).caveats == ()
