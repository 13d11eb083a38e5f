"""Reported days beside days counted from monitoring files: what differs, and what can explain it.

Only a whole valid year under the definition of the report is set against a report. Part-years and counts of another index
stand beside it with the reason. Counts from monitoring are never official and never reviewed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from ecobrief.compare.readings import selected, speaks_for_place
from ecobrief.datapackage import DataPackage
from ecobrief.wording import Message, msg

Result = Literal[
    "difference",
    "other_definition",
    "too_few_days",
    "short_month",
    "other_index",
    "no_report",
    "no_monitoring",
]


@dataclass(frozen=True)
class Beside:
    """One year of one city.

    reported: the row of `readings` that heads the days (or, where none are printed, the share); counted: the row of
    monitored.csv; low, high: bounds of counted less reported, in days or percentage points, where the two may be set
    against each other; explanations: what else than an error can make the difference.
    """

    city_id: str
    year: int
    reported: Any
    counted: Any
    result: Result
    low: float | None = None
    high: float | None = None
    explanations: tuple[Message, ...] = ()


def beside_monitored(package: DataPackage, places: Sequence[str]) -> list[Beside]:
    """Every year of these cities that has a reported or a counted value, by city and year."""
    found = []
    for city in places:
        reported = _reported(package, city)
        counted: dict[int, list[Any]] = {}
        for row in package.records("monitored", city_id=city):
            counted.setdefault(int(row.year), []).append(row)
        for year in sorted({*reported, *counted}):
            for row in counted.get(year, [None]):
                found.append(_beside(city, year, reported.get(year), row))
    return found


def _reported(package: DataPackage, city: str) -> dict[int, Any]:
    """The head of each year: days if printed, else the share."""
    found = selected(package, ["good_air_day_ratio", "good_air_days"], [city], include_undated=False)
    heads = (row for row in found if speaks_for_place(row))
    return {int(row.period): row for row in heads if len(row.period) == len("2022")}


def _beside(city: str, year: int, reported: Any, counted: Any) -> Beside:
    if counted is None:
        return Beside(city, year, reported, None, "no_monitoring")
    if counted.annual != "yes":
        return Beside(city, year, reported, counted, counted.annual)
    if reported is None:
        return Beside(city, year, None, counted, "no_report")
    if reported.definition_version != counted.definition_version:
        return Beside(city, year, reported, counted, "other_definition")
    if reported.canonical_unit == "day":
        ends = (float(counted.days_at_most_100_low), float(counted.days_at_most_100_high))
    else:
        ratio = Decimal(counted.good_day_ratio)
        half = Decimal("0.005")
        ends = (float(ratio - half), float(ratio + half))
    explanations = tuple(_explanations(reported, counted))
    low, high = ends[0] - reported.outer_high, ends[1] - reported.outer_low
    return Beside(city, year, reported, counted, "difference", low, high, explanations)


def _explanations(reported: Any, counted: Any) -> Iterator[Message]:
    if reported.network == "not_stated":
        yield msg("the report does not state its monitoring network")
    elif reported.network != "state_urban_sites":
        yield msg("the report counts other sites")
    missing = int(counted.days_in_year) - int(counted.valid_days)
    if missing:
        yield msg("{count} days of the year have no valid count and may be in the report", count=missing)
    if reported.adjustment == "dust_excluded":
        yield msg("the report leaves out days of sand and dust")
    elif reported.adjustment != "raw":
        yield msg("the report does not say whether days of sand and dust are left out")
    yield msg("the monitoring values were never reviewed")
