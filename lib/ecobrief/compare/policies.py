"""What policies the documents name: the mix of instruments within a city, and what one city names that others do not.

A city's share of a type describes its documents. Their length and kind differ, so that counts of mentions are never compared
between cities; shares stand side by side with n.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ecobrief.compare.frames import as_frame
from ecobrief.datapackage import DataPackage


def named(package: DataPackage, places: Sequence[str], kind: str = "instrument") -> pd.DataFrame:
    """The policies of these cities at their first place of print: the columns of policies.csv."""

    def found() -> pd.DataFrame:
        policies = package.rows("policies", city_id=places)
        return policies[(policies["kind"] == kind) & (policies["repeats"] == "")]

    return package.kept(("policies", tuple(places), kind), found).copy(deep=False)


def _of_types(package: DataPackage, place: str) -> dict[str, list[Any]]:
    """The instruments of a city by type, in the order of the schema, types that occur."""
    found: dict[str, list[Any]] = {}
    for policy in package.records("policies", city_id=place):
        if policy.kind == "instrument" and not policy.repeats:
            found.setdefault(policy.primary_type, []).append(policy)
    return {code: found[code] for code in package.codes("policies", "primary_type") if code in found}


def mix(package: DataPackage, place: str) -> pd.DataFrame:
    """How often each type of instrument meets each theme; an instrument with two themes counts under both.

    Returns:
        Themes as rows, types as columns, in the order of the schema; only those that occur.
    """
    times = {
        code: Counter(theme for policy in own for theme in policy.themes.split(";"))
        for code, own in _of_types(package, place).items()
    }
    themes = sorted({theme for of_type in times.values() for theme in of_type})
    counts = as_frame(
        (tuple(of_type[theme] for of_type in times.values()) for theme in themes),
        dict.fromkeys(times, np.int64),
    )
    return counts.set_axis(pd.Index(themes, dtype=object, name="theme"))


def type_shares(package: DataPackage, place: str) -> pd.DataFrame:
    """Each type's share of the instruments a city names.

    Returns:
        Columns primary_type, times, n, share (percent), policy_ids; in the order of the schema, types that occur.
    """
    types = _of_types(package, place)
    many = sum(map(len, types.values()))
    rows = (
        (code, len(own), many, 100 * len(own) / many, tuple(policy.policy_id for policy in own))
        for code, own in types.items()
    )
    kinds = {"primary_type": object, "times": np.int64, "n": np.int64, "share": float, "policy_ids": object}
    return as_frame(rows, kinds)


def only_here(package: DataPackage, place: str, others: Sequence[str] | None = None) -> pd.DataFrame:
    """Instruments that the documents of one city name and those of the others (default: all other cities) do not.

    What has a national basis, or is national or provincial by level, is left out: it applies to other cities too, whether
    their documents say so or not.

    Returns:
        Columns of policies.csv, by instrument and place of print.
    """
    if others is None or set(package.city_ids) <= {place, *others}:
        found = package.across(
            "instruments named here only", place, lambda: _named_once(package, package.city_ids)
        )
    else:
        found = _named_once(package, list(dict.fromkeys([place, *others])))[place]
    return package.rows("policies", policy_id=found).sort_values(["instrument_id", "start"], kind="stable")


def _named_once(package: DataPackage, places: Sequence[str]) -> dict[str, list[str]]:
    """Of each city the ids of its policies whose instrument no other of these names, national and provincial ones left out."""
    policies = named(package, places)
    cities: dict[str, set[str]] = {}
    for instrument, city in zip(policies["instrument_id"], policies["city_id"], strict=True):
        cities.setdefault(instrument, set()).add(city)
    instruments = package.records("instruments", instrument_id=list(cities))
    nationwide = {row.instrument_id for row in instruments if row.national_basis_zh}
    found: dict[str, list[str]] = {place: [] for place in places}
    columns = ("policy_id", "city_id", "instrument_id", "level")
    for policy_id, city, instrument, level in zip(*(policies[name] for name in columns), strict=True):
        local = level not in ("national", "provincial") and instrument not in nationwide
        if local and cities[instrument] == {city}:
            found[city].append(policy_id)
    return found
