"""How far a target is from the last reading, and what is said where that cannot be told."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import made
from ecobrief.compare import targets
from ecobrief.compare.targets import Progress

Row = dict[str, str]
BASELINE = {"value": "80.0", "period": "2020"}
TARGET = {"status": "target", "value": "90.0", "period": "2025", "period_basis": "printed"}
LATER = {"value": "84.0", "period": "2022"}


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
    assert one.baseline["observation_id"] == "page.002"
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
