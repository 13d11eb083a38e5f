"""How far a target is: its distance from the last reading, and the pace that is left to reach it.

A pace needs two readings of the indicator under one stated definition. Where no reading follows the baseline, or the
definition is not stated, that is the answer.
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
from ecobrief.datapackage import DataPackage, own_unit
from ecobrief.interval import Meaning

Answer = Literal["in_words", "cumulative", "no_baseline", "maintain", "no_later_reading", "pace"]


@dataclass(frozen=True)
class Progress:
    """One target with what can be said of it.

    baseline, later: rows of figures, None where there is none; distance: target less baseline, in the target's
    unit (None where it cannot be computed); pace: what is needed in each year that is left after the later reading.
    """

    target: Any
    target_type: str
    target_form: str
    baseline: Any
    later: Any
    answer: Answer
    distance: Meaning | None = None
    pace: Meaning | None = None


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
    left = _last_year(target.period) - _last_year(later.period)
    return Progress(
        *stated, "pace", distance, _per_year(_distance(target, later), left) if left > 0 else None
    )


def _last_year(period: str) -> int:
    """The year in which a period ends."""
    return int(period.rpartition("/")[2][:4])


def _later(package: DataPackage, target: Any, baseline: Any, known: pd.DataFrame) -> Any:
    """The last reading after the baseline, or after the text that sets the target, under the target's stated definition."""
    after = package.row("sources", target.source_id)["published"] if baseline is None else baseline["period"]
    if not after or target.definition_version in UNSTATED:
        return None
    same = known[
        (known["place_id"] == target.place_id)
        & (known["indicator_id"] == target.indicator_id)
        & (known["place"] == target.place)
        & (known["definition_version"] == target.definition_version)
        & (known["period"] > after)
        & (known["value"] != "")
        & known["heads"]
    ]
    if same.empty:
        return None
    newest = same.sort_values("period", kind="stable")["observation_id"].iloc[-1]
    return package.figures.loc[newest]


def _distance(target: Any, reading: Any) -> Meaning:
    unit = own_unit(target)
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


def _per_year(distance: Meaning, years: int) -> Meaning:
    each = Decimal(1) / years
    return Meaning(distance.point * each, distance.fine.scaled(each), distance.coarse.scaled(each))
