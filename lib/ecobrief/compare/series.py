"""Readings over time: the series of each place on one basis, and the breaks between them.

A *series* holds readings of one place and indicator that agree in every attribute, one a period. Where an attribute
changes, another series begins, and what lies between is a *break*; so it does where the network is not stated and the
printed scope changes. A reading whose definition is not stated is a series of its own, for its definition equals no
other. An equal value of a surveyed indicator, printed for three or more years, is one reading carried forward.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

import pandas as pd

from ecobrief.compare.comparability import (
    ATTRIBUTE_NAMES,
    UNSTATED,
    Reason,
    Yardstick,
    basis,
    judge,
    last_year,
    yardstick,
)
from ecobrief.compare.frames import as_rows
from ecobrief.compare.readings import Reading, speaks_for_place
from ecobrief.datapackage import ATTRIBUTES, DataPackage
from ecobrief.wording import Message

_attributes = attrgetter(*ATTRIBUTES)
YEARS_CARRIED_FORWARD = 3
"""From so many equal years on, a value of a surveyed indicator is one reading printed again."""


@dataclass(frozen=True)
class Break:
    """What changes from the last reading of the series before to the first of a series; `certain` unless it only may have
    changed. Where `beside`, the other series did not end: the two run side by side."""

    before: Any
    reasons: tuple[Reason, ...]
    beside: bool = False

    @property
    def certain(self) -> bool:
        return any(reason.bar for reason in self.reasons)


@dataclass(frozen=True)
class Series:
    """Readings of one place on one basis, in the order of time, the head of each quantity.

    rows: rows of `readings`; carried: the ids of those that only carry the value of an earlier year forward; unstated:
    the attributes that are not stated, so that nothing is claimed of the series; after: the break before it, if any; flow:
    whether the indicator is one.
    """

    place_id: str
    indicator_id: str
    rows: tuple[Any, ...]
    carried: frozenset[str]
    unstated: tuple[Message, ...]
    after: Break | None
    flow: bool

    @property
    def distinct(self) -> tuple[Any, ...]:
        """The readings without those carried forward."""
        return tuple(row for row in self.rows if row.observation_id not in self.carried)


def series(package: DataPackage, readings: pd.DataFrame) -> list[Series]:
    """The series of each place in readings of one indicator, in the order of the frame and of time."""
    places: dict[str, list[Reading]] = {}
    for row in as_rows(readings):
        if row.period and speaks_for_place(row):
            places.setdefault(row.place_id, []).append(row)
    if not places:
        return []
    by = yardstick(package, next(iter(places.values()))[0].indicator_id)
    surveyed = package.record("indicators", by.indicator_id).surveyed == "yes"
    found = []
    for place, own in places.items():
        same: dict[tuple[str, ...], dict[str, Reading]] = {}
        for row in sorted(own, key=lambda row: row.period):
            same.setdefault(_attributes(row), {}).setdefault(row.period, row)
        alike = [list(of_period.values()) for of_period in same.values()]
        carried = frozenset(name for rows in alike for name in _carried(rows)) if surveyed else frozenset()
        worded = [run for rows in alike for run in _of_one_scope(rows, by)]
        groups = [run for rows in worded for run in _of_one_definition(rows, carried, by)]
        for rows in sorted(groups, key=lambda rows: rows[0].period):
            stated = zip(by.attributes, basis(rows[0], by).attributes, strict=True)
            unstated = tuple(ATTRIBUTE_NAMES[name] for name, code in stated if code in UNSTATED)
            later = carried.intersection(row.observation_id for row in rows)
            found.append(
                Series(
                    place,
                    by.indicator_id,
                    tuple(rows),
                    later,
                    unstated,
                    _break(rows, groups, by),
                    by.flow,
                )
            )
    return found


def of_whole_years(period: str, *, flow: bool) -> bool:
    """Whether a period is one whole year, or of a stock also the years of a survey or the day of its state."""
    return len(period) in ((len("2022"),) if flow else (len("2022"), len("2016/2020"), len("2022-12-31")))


def _of_one_scope(rows: list[Any], by: Yardstick) -> list[list[Any]]:
    """The readings, parted where the network is not stated and another scope is printed than before."""
    if "network" not in by.attributes or rows[0].network not in UNSTATED:
        return [rows]
    runs: list[list[Any]] = []
    scope = ""
    for row in rows:
        if not runs or (row.scope_printed and scope and row.scope_printed != scope):
            runs.append([])
        scope = row.scope_printed or scope
        runs[-1].append(row)
    return runs


def _of_one_definition(rows: list[Any], carried: frozenset[str], by: Yardstick) -> list[list[Any]]:
    """The readings as they are, or where their definition is not stated each alone, with those that carry it forward."""
    if "definition_version" not in by.attributes or rows[0].definition_version not in UNSTATED:
        return [rows]
    starts = [number for number, row in enumerate(rows) if row.observation_id not in carried]
    return [rows[start:end] for start, end in zip(starts, [*starts[1:], len(rows)], strict=True)]


def _carried(rows: Sequence[Any]) -> list[str]:
    """The ids of readings that repeat the value of the years before, where three years or more have it."""
    runs = (list(run) for _, run in groupby(rows, key=lambda row: row.canonical_value))
    return [
        row.observation_id
        for run in runs
        if len({last_year(row.period) for row in run}) >= YEARS_CARRIED_FORWARD
        for row in run[1:]
    ]


def _break(rows: Sequence[Any], groups: Sequence[Sequence[Any]], by: Yardstick) -> Break | None:
    """The break between the series that ended last before these rows and the one they make, or the series beside which
    they run. A year printed in both is a handover if only the later series goes on from there."""
    first, goes_on = rows[0], rows[-1].period > rows[0].period
    earlier = [other for other in groups if other[0].period < first.period]
    beside = [
        other
        for other in earlier
        if other[-1].period > first.period or (other[-1].period == first.period and not goes_on)
    ]
    candidates = []
    for other in beside or earlier:
        before = max((row for row in other if row.period <= first.period), key=lambda row: row.period)
        if reasons := _changes(before, first, by):
            candidates.append(Break(before, reasons, bool(beside)))
    latest = max((found.before.period for found in candidates), default="")
    candidates = [found for found in candidates if found.before.period == latest]
    return min(candidates, key=lambda found: sum(reason.bar for reason in found.reasons), default=None)


def _changes(before: Any, after: Any, by: Yardstick) -> tuple[Reason, ...]:
    """Why two readings are not of one series; that their periods differ or a value is rough is no reason."""
    _, reasons = judge(basis(before, by), basis(after, by), by)
    return tuple(
        reason for reason in reasons if reason.code not in ("periods_differ", "extensive", "approximate")
    )
