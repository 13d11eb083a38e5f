"""Figures, readings, projects and zones by their ids, asked for by place, so that a page rests on what its places have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter
from typing import Any

from ecobrief.compare.readings import readings_of
from ecobrief.datapackage import NAMED, DataPackage


def figures(package: DataPackage, place_id: str, indicator_id: str = "") -> Mapping[str, Any]:
    """The figures of a place, or of one indicator there."""
    of = {"place_id": place_id} | ({"indicator_id": indicator_id} if indicator_id else {})
    return package.kept(
        ("figures by id", place_id, indicator_id),
        lambda: {row.observation_id: row for row in package.records("figures", **of)},
    )


def readings(package: DataPackage, place_id: str, indicator_id: str) -> Mapping[str, Any]:
    """What `compare.readings` makes of the figures of one indicator in a place."""
    return package.kept(
        ("readings by id", place_id, indicator_id),
        lambda: {row.observation_id: row for row in readings_of(package, place_id, indicator_id)},
    )


def first_prints(package: DataPackage, table: str, city_id: str) -> Mapping[str, Any]:
    """The projects or zones of a city, each as `DataPackage.first_prints` has it."""

    return package.kept(
        ("first prints by id", table, city_id),
        lambda: {getattr(row, NAMED[table]): row for row in package.first_prints(table, [city_id])},
    )


def in_order(package: DataPackage, table: str, places: Sequence[str]) -> list[Any]:
    """The projects or zones of several cities, in the order of their table."""
    found = (row for place in dict.fromkeys(places) for row in first_prints(package, table, place).values())
    return sorted(found, key=attrgetter(NAMED[table]))
