"""How far a target is: the distance from its baseline, the pace so far, the pace still needed, and whether it is on track.

A pace needs two readings of the indicator under one stated definition. Where no reading follows the baseline, or the
definition is not stated, that is the answer; a target to maintain has no pace. A target is on track if the pace so far,
kept up, reaches it: a straight line from the baseline through the later reading. Every verdict holds for all values that
the printed digits allow, read finely and coarsely; where it does not, the digits do not tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import pandas as pd

from ecobrief import interval, units
from ecobrief.compare.comparability import UNSTATED
from ecobrief.compare.readings import readings
from ecobrief.datapackage import ATTRIBUTES, DataPackage, own_unit
from ecobrief.interval import Interval, Meaning

Answer = Literal["in_words", "cumulative", "no_baseline", "maintain", "no_later_reading", "pace"]
Course = Literal["reached", "missed", "on_track", "behind", "digits_do_not_tell"]
BOUNDS = ("at_least", "at_most", "more_than", "less_than")
"""Qualifiers of a target whose number is itself the bound that is to be met."""


@dataclass(frozen=True)
class Progress:
    """One target with what can be said of it.

    baseline, later: rows of figures, None where there is none; distance: target less baseline, in the target's
    unit (None where it cannot be computed); pace_so_far: a year, from the baseline to the later reading; pace: what is
    needed in each year that is left after it (None where none is left); course: only where there is a pace.
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
    passed = _last_year(later.period) - _last_year(baseline["period"])
    left = _last_year(target.period) - _last_year(later.period)
    return Progress(
        *stated,
        "pace",
        distance,
        _distance(later, baseline, own_unit(target)).scaled(Decimal(1) / passed),
        _distance(target, later).scaled(Decimal(1) / left) if left else None,
        _course(target, baseline, later, passed, left),
    )


def _last_year(period: str) -> int:
    """The year in which a period ends."""
    return int(period.rpartition("/")[2][:4])


def _later(package: DataPackage, target: Any, baseline: Any, known: pd.DataFrame) -> Any:
    """The last reading after the baseline, or after the text that sets the target, and not after the target's year, under
    the target's stated definition and with the baseline's other attributes."""
    after = package.row("sources", target.source_id)["published"] if baseline is None else baseline["period"]
    if not after or target.definition_version in UNSTATED:
        return None
    same = known[
        (known["place_id"] == target.place_id)
        & (known["indicator_id"] == target.indicator_id)
        & (known["place"] == target.place)
        & (known["definition_version"] == target.definition_version)
        & (known["period"].map(_last_year) > _last_year(after))
        & (known["value"] != "")
        & known["heads"]
    ]
    if target.period:
        same = same[same["period"].map(_last_year) <= _last_year(target.period)]
    if baseline is not None:
        if baseline["definition_version"] != target.definition_version:
            return None
        others = [name for name in ATTRIBUTES if name != "definition_version"]
        same = same[(same[others] == baseline[others]).all(axis=1)]
    if same.empty:
        return None
    newest = same.sort_values("period", kind="stable")["observation_id"].iloc[-1]
    return package.figures.loc[newest]


def _course(target: Any, baseline: Any, later: Any, passed: int, left: int) -> Course:
    """Whether the later reading has reached the target, or lies on the way to it; `passed` and `left` in years."""
    unit = own_unit(target)
    goal, start, now = (_meaning(figure, unit) for figure in (target, baseline, later))
    upward = goal.point >= start.point
    if target.qualifier in BOUNDS:
        upward = target.qualifier in ("at_least", "more_than")
    if "about" in (target.qualifier, baseline["qualifier"], later["qualifier"]):
        return "digits_do_not_tell"
    ahead, missing = [], []
    for read in ("fine", "coarse"):
        aim = _bound(target, goal, read)
        # (now − start)/passed − (aim − now)/left, which is linear in each of the three.
        if left:
            lead = getattr(now, read).scaled(Decimal(passed + left)) - (
                getattr(start, read).scaled(Decimal(left)) + aim.scaled(Decimal(passed))
            )
            ahead.append(lead if upward else Interval(Decimal(0), Decimal(0)) - lead)
        short = aim - getattr(now, read)
        missing.append(short if upward else Interval(Decimal(0), Decimal(0)) - short)
    if all(each.high <= 0 for each in missing):
        return "reached"
    if left == 0:
        return "missed" if all(each.low > 0 for each in missing) else "digits_do_not_tell"
    if all(each.low >= 0 for each in ahead):
        return "on_track"
    return "behind" if all(each.high < 0 for each in ahead) else "digits_do_not_tell"


def _bound(target: Any, goal: Meaning, read: str) -> Interval:
    """What is to be reached: 不低于90 is met at 90, a plain number where the digits say."""
    return Interval(goal.point, goal.point) if target.qualifier in BOUNDS else getattr(goal, read)


def _distance(target: Any, reading: Any, unit: str = "") -> Meaning:
    unit = unit or own_unit(target)
    goal, now = _meaning(target, unit), _meaning(reading, unit)
    return Meaning(goal.point - now.point, goal.fine - now.fine, goal.coarse - now.coarse)


def _meaning(figure: Any, unit: str) -> Meaning:
    own = own_unit(figure)
    return interval.meaning(
        figure.value,
        figure.qualifier,
        counted=units.counts_whole_things(own),
        scale=units.factor(own, unit),
    )
