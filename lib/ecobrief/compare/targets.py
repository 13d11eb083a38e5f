"""How far a target is: the distance from its baseline, the pace so far, the pace still needed, and whether it is on track.

A pace needs two readings of the indicator under one stated definition. Where no reading follows the baseline, or the
definition is not stated, that is the answer; a target to maintain has no pace. A target is on track if the pace so far,
kept up, reaches it: a straight line from the baseline through the later reading. Every verdict holds for all values that
printed digits, read coarsely, and conflicting sources allow; where it does not, the digits do not tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from ecobrief import interval, units
from ecobrief.compare.comparability import ATTRIBUTE_NAMES, UNSTATED, last_year
from ecobrief.compare.readings import readings
from ecobrief.compare.series import of_whole_years
from ecobrief.datapackage import ATTRIBUTES, DataPackage, own_unit
from ecobrief.interval import Interval, Meaning
from ecobrief.wording import Message, msg

Answer = Literal["in_words", "cumulative", "no_baseline", "maintain", "no_later_reading", "pace"]
Course = Literal["reached", "missed", "on_track", "behind", "digits_do_not_tell"]
BOUNDS = ("at_least", "at_most", "more_than", "less_than")
"""Qualifiers of a target whose number is itself the bound that is to be met."""


@dataclass(frozen=True)
class Progress:
    """One target with what can be said of it.

    baseline, later: rows of figures, None where there is none; distance: target less baseline, in the target's
    unit (None where it cannot be computed); pace_so_far: a year, from the baseline to the later reading; pace: what is
    needed in each year that is left after it (None where none is left); course: only where there is a pace; caveats: what
    baseline and later reading leave unstated, so that they may not be of one series.
    """

    target: Any
    target_type: str
    target_form: str
    baseline: Any
    later: Any
    answer: Answer
    distance: Meaning | None = None
    pace_so_far: Meaning | None = None
    pace: Meaning | None = None
    course: Course | None = None
    caveats: tuple[Message, ...] = ()


@dataclass(frozen=True)
class _Years:
    passed: int
    left: int


def progress(package: DataPackage, places: Sequence[str]) -> list[Progress]:
    """The targets of these cities at their first place of print, in the order of the text."""
    figures = package.figures
    wanted = figures[
        (figures["status"] == "target") & figures["place_id"].isin(places) & (figures["repeats"] == "")
    ].sort_values(["place_id", "source_id", "start"], kind="stable")
    about = package["targets"].set_index("observation_id")
    known = readings(package, None, places, include_undated=False)
    return [_progress(package, row, about.loc[row.observation_id], known) for row in wanted.itertuples()]


def _progress(package: DataPackage, target: Any, about: pd.Series, known: pd.DataFrame) -> Progress:
    baseline_id = about["baseline_observation_id"]
    baseline = package.figures.loc[baseline_id] if baseline_id else None
    later = _later(package, target, baseline, known)
    stated = (target, about["target_type"], about["target_form"], baseline, later)
    if not target.value:
        return Progress(*stated, "in_words")
    if about["target_form"] == "cumulative":
        return Progress(*stated, "cumulative")
    if baseline is None or not baseline["value"]:
        return Progress(*stated, "no_baseline")
    distance = _distance(target, baseline)
    if about["target_form"] == "maintain":
        return Progress(*stated, "maintain", distance)
    if later is None or not target.period:
        return Progress(*stated, "no_later_reading", distance)
    passed = last_year(later.period) - last_year(baseline["period"])
    left = last_year(target.period) - last_year(later.period)
    indicator = package.record("indicators", target.indicator_id)
    caveats = _caveats(indicator, later)
    course: Course = "digits_do_not_tell"
    if "about" not in (target.qualifier, baseline["qualifier"], later["qualifier"]):
        start, now, aim = (_values(package, figure, known) for figure in (baseline, later, target))
        course = _course(target, start, now, aim, indicator, _Years(passed, left))
    return Progress(
        *stated,
        "pace",
        distance,
        _distance(later, baseline, own_unit(target)).scaled(Decimal(1) / passed),
        _distance(target, later).scaled(Decimal(1) / left) if left else None,
        course,
        caveats,
    )


def _caveats(indicator: Any, later: Any) -> tuple[Message, ...]:
    """The attributes that both readings leave unstated; those that are stated are equal."""
    return tuple(
        msg("the {attribute} is not stated", attribute=ATTRIBUTE_NAMES[name])
        for name in indicator.comparable_on.split(";")
        if name and later[name] in UNSTATED
    )


def _later(package: DataPackage, target: Any, baseline: Any, known: pd.DataFrame) -> Any:
    """The last reading after the baseline, or after the text that sets the target, and not after the target's year, under
    the target's stated definition and with the baseline's other attributes."""
    after = package.record("sources", target.source_id).published if baseline is None else baseline["period"]
    if not after or target.definition_version in UNSTATED:
        return None
    flow = package.record("indicators", target.indicator_id).stock_or_flow == "flow"
    same = known[
        (known["place_id"] == target.place_id)
        & (known["indicator_id"] == target.indicator_id)
        & (known["place"] == target.place)
        & (known["definition_version"] == target.definition_version)
        & (known["period"].map(last_year) > last_year(after))
        & known["period"].map(lambda period: of_whole_years(period, flow=flow)).astype(bool)
        & (known["value"] != "")
        & known["heads"]
    ]
    if target.period:
        same = same[same["period"].map(last_year) <= last_year(target.period)]
    if baseline is not None:
        if baseline["definition_version"] != target.definition_version:
            return None
        others = [name for name in ATTRIBUTES if name != "definition_version"]
        same = same[(same[others] == baseline[others]).all(axis=1)]
    if same.empty:
        return None
    newest = same.sort_values("period", kind="stable")["observation_id"].iloc[-1]
    return package.figures.loc[newest]


def _course(
    target: Any, start: Interval, now: Interval, aim: Interval, indicator: Any, years: _Years
) -> Course:
    """Whether the later reading has reached the target, or lies on the way to it; all in one unit, read coarsely."""
    if target.qualifier in BOUNDS:
        upward = target.qualifier in ("at_least", "more_than")
    else:
        direction = int(indicator.direction)
        upward = direction > 0 or (direction == 0 and aim.low >= start.low)
    strict = target.qualifier in ("more_than", "less_than")
    nothing = Interval(Decimal(0), Decimal(0))
    missing = aim - now if upward else nothing - (aim - now)
    if missing.high < 0 or (missing.high == 0 and not strict):
        return "reached"
    if not years.left:
        beyond = missing.low > 0 or (missing.low == 0 and strict)
        return "missed" if beyond else "digits_do_not_tell"
    # (now − start)/passed − (aim − now)/left, times both: linear in each of the three, so that its ends are exact.
    whole = now.scaled(Decimal(years.passed + years.left))
    lead = whole - (start.scaled(Decimal(years.left)) + aim.scaled(Decimal(years.passed)))
    ahead = lead if upward else nothing - lead
    if ahead.low >= 0:
        return "on_track"
    return "behind" if ahead.high < 0 else "digits_do_not_tell"


def _values(package: DataPackage, figure: Any, known: pd.DataFrame) -> Interval:
    """All values of a figure in the indicator's unit: of a reading with conflicting sources, of a target its bound or digits."""
    reading = known[known["observation_id"] == (figure.repeats or figure.observation_id)]
    if len(reading):
        row = reading.iloc[0]
        return Interval(Decimal(str(row["outer_low"])), Decimal(str(row["outer_high"])))
    indicator = package.record("indicators", figure.indicator_id)
    meant = _meaning(figure, indicator.unit, indicator)
    return Interval(meant.point, meant.point) if figure.qualifier in BOUNDS else meant.coarse


def _distance(target: Any, reading: Any, unit: str = "") -> Meaning:
    unit = unit or own_unit(target)
    goal, now = _meaning(target, unit), _meaning(reading, unit)
    return Meaning(goal.point - now.point, goal.fine - now.fine, goal.coarse - now.coarse)


def _meaning(figure: Any, unit: str, indicator: Any = None) -> Meaning:
    """In `unit`; with an indicator, within what it can be."""
    own = own_unit(figure)
    limits = {}
    if indicator is not None:
        scale = units.factor(indicator.unit, unit)
        limits = {
            name: Decimal(getattr(indicator, column)) * scale
            for name, column in (("least", "valid_min"), ("most", "valid_max"))
            if getattr(indicator, column)
        }
    return interval.meaning(
        figure.value,
        figure.qualifier,
        counted=units.counts_whole_things(own),
        scale=units.factor(own, unit),
        **limits,
    )
