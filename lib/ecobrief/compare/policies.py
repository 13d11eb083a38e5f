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
    policies = package["policies"]
    wanted = policies["city_id"].isin(places) & (policies["kind"] == kind) & (policies["repeats"] == "")
    return policies[wanted]


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
    rows = []
    for code in package.codes("policies", "primary_type"):
        of_type = policies[policies["primary_type"] == code]
        if len(of_type):
            rows.append(
                {
                    "primary_type": code,
                    "times": len(of_type),
                    "n": len(policies),
                    "share": 100 * len(of_type) / len(policies),
                    "policy_ids": tuple(of_type["policy_id"]),
                }
            )
    return pd.DataFrame(rows, columns=["primary_type", "times", "n", "share", "policy_ids"])


def only_here(package: DataPackage, place: str, others: Sequence[str]) -> pd.DataFrame:
    """Instruments that the documents of one city name and those of the others do not.

    What has a national basis, or is national or provincial by level, is left out: it applies to other cities too, whether
    their documents say so or not.

    Returns:
        Columns of policies.csv, by instrument and place of print.
    """
    own = named(package, [place])
    elsewhere = set(named(package, [other for other in others if other != place])["instrument_id"])
    instruments = package["instruments"]
    nationwide = set(instruments.loc[instruments["national_basis_zh"] != "", "instrument_id"])
    local = ~own["level"].isin(["national", "provincial"])
    kept = own[local & ~own["instrument_id"].isin(elsewhere | nationwide)]
    return kept.sort_values(["instrument_id", "start"], kind="stable")
