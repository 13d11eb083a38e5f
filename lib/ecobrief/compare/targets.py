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

from ecobrief import interval, units
from ecobrief.compare.comparability import ATTRIBUTE_NAMES, UNSTATED, last_year
from ecobrief.compare.readings import Reading, selected
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
    return [one for place in sorted(set(places)) for one in _of_place(package, place)]


def _of_place(package: DataPackage, place_id: str) -> tuple[Progress, ...]:
    def made() -> tuple[Progress, ...]:
        figures = package.records("figures", place_id=place_id)
        wanted = [figure for figure in figures if figure.status == "target" and not figure.repeats]
        # One that has no place in its text comes last.
        wanted.sort(key=lambda figure: (figure.source_id, figure.start is None, figure.start))
        return tuple(_progress(package, figure) for figure in wanted)

    return package.kept(("progress", place_id), made)


def _progress(package: DataPackage, target: Any) -> Progress:
    about = package.record("targets", target.observation_id)
    baseline = (
        package.record("figures", about.baseline_observation_id) if about.baseline_observation_id else None
    )
    known = list(selected(package, [target.indicator_id], [target.place_id], include_undated=False))
    later = _later(package, target, baseline, known)
    stated = (target, about.target_type, about.target_form, baseline, later)
    if not target.value:
        return Progress(*stated, "in_words")
    if about.target_form == "cumulative":
        return Progress(*stated, "cumulative")
    if baseline is None or not baseline.value:
        return Progress(*stated, "no_baseline")
    distance = _distance(target, baseline)
    if about.target_form == "maintain":
        return Progress(*stated, "maintain", distance)
    if later is None or not target.period:
        return Progress(*stated, "no_later_reading", distance)
    passed = last_year(later.period) - last_year(baseline.period)
    left = last_year(target.period) - last_year(later.period)
    indicator = package.record("indicators", target.indicator_id)
    caveats = _caveats(indicator, later)
    course: Course = "digits_do_not_tell"
    if "about" not in (target.qualifier, baseline.qualifier, later.qualifier):
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
        if name and getattr(later, name) in UNSTATED
    )


def _later(package: DataPackage, target: Any, baseline: Any, known: Sequence[Reading]) -> Any:
    """The last reading after the baseline, or after the text that sets the target, and not after the target's year, under
    the target's stated definition and with the baseline's other attributes."""
    after = package.record("sources", target.source_id).published if baseline is None else baseline.period
    if not after or target.definition_version in UNSTATED:
        return None
    if baseline is not None and baseline.definition_version != target.definition_version:
        return None
    flow = package.record("indicators", target.indicator_id).stock_or_flow == "flow"
    alike = ["place", "definition_version"]
    others = [name for name in ATTRIBUTES if name != "definition_version"] if baseline is not None else []
    following = [
        row
        for row in known
        if row.heads
        and row.value
        and last_year(row.period) > last_year(after)
        and (not target.period or last_year(row.period) <= last_year(target.period))
        and of_whole_years(row.period, flow=flow)
        and all(getattr(row, name) == getattr(target, name) for name in alike)
        and all(getattr(row, name) == getattr(baseline, name) for name in others)
    ]
    if not following:
        return None
    newest = max(row.period for row in following)
    last = [row for row in following if row.period == newest][-1]
    return package.record("figures", last.observation_id)


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


def _values(package: DataPackage, figure: Any, known: Sequence[Reading]) -> Interval:
    """All values of a figure in the indicator's unit: of a reading with conflicting sources, of a target its bound or digits."""
    for row in known:
        if row.observation_id == (figure.repeats or figure.observation_id):
            return Interval(Decimal(str(row.outer_low)), Decimal(str(row.outer_high)))
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
