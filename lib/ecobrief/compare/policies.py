"""What policies the documents name: the mix of instruments within a city, and what one city names that others do not.

A city's share of a type describes its documents. Their length and kind differ, so that counts of mentions are never compared
between cities; shares stand side by side with n.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ecobrief.datapackage import DataPackage


def named(package: DataPackage, places: Sequence[str], kind: str = "instrument") -> pd.DataFrame:
    """The policies of these cities at their first place of print: the columns of policies.csv."""
    policies = package.rows("policies", city_id=places)
    return policies[(policies["kind"] == kind) & (policies["repeats"] == "")]


def mix(package: DataPackage, place: str) -> pd.DataFrame:
    """How often each type of instrument meets each theme; an instrument with two themes counts under both.

    Returns:
        Themes as rows, types as columns, in the order of the schema; only those that occur.
    """
    policies = named(package, [place])
    exploded = policies.assign(theme=policies["themes"].str.split(";")).explode("theme")
    table = pd.crosstab(exploded["theme"], exploded["primary_type"])
    return table[[code for code in package.codes("policies", "primary_type") if code in table]]


def type_shares(package: DataPackage, place: str) -> pd.DataFrame:
    """Each type's share of the instruments a city names.

    Returns:
        Columns primary_type, times, n, share (percent), policy_ids; in the order of the schema, types that occur.
    """
    policies = named(package, [place])
    ids: dict[str, list[str]] = {code: [] for code in package.codes("policies", "primary_type")}
    for code, policy_id in zip(policies["primary_type"], policies["policy_id"], strict=True):
        ids[code].append(policy_id)
    all_of_them = len(policies)
    rows = [
        (code, len(own), all_of_them, 100 * len(own) / all_of_them, tuple(own))
        for code, own in ids.items()
        if own
    ]
    return pd.DataFrame(rows, columns=["primary_type", "times", "n", "share", "policy_ids"])


def only_here(package: DataPackage, place: str, others: Sequence[str]) -> pd.DataFrame:
    """Instruments that the documents of one city name and those of the others do not.

    What has a national basis, or is national or provincial by level, is left out: it applies to other cities too, whether
    their documents say so or not.

    Returns:
        Columns of policies.csv, by instrument and place of print.
    """
    if set(package.city_ids) <= {place, *others}:
        found = package.across("named here only", place, lambda: _named_once(package, package.city_ids))
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
