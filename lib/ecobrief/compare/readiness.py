"""What a city's documents say that bears on what a “Two Mountains” base is assessed on.

The requirements are those that a document prints; which indicators, instruments and projects bear on each is coded in
requirements.csv. Nothing is scored: the official indicators and their thresholds are not at hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from ecobrief.compare.policies import named
from ecobrief.datapackage import DataPackage


@dataclass(frozen=True)
class Bearing:
    """The rows of one city that bear on one requirement, each at its first place of print."""

    figures: pd.DataFrame
    policies: pd.DataFrame
    projects: tuple[Any, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        projects = (row.project_id for row in self.projects)
        return (*self.figures["observation_id"], *self.policies["policy_id"], *projects)


def bearing(package: DataPackage, requirement: pd.Series, place: str) -> Bearing:
    """What bears on a row of requirements.csv in the documents that are held on one city."""
    sources = package["sources"]
    held = set(sources.loc[sources["text_sha256"] != "", "source_id"])
    families, themes = _codes(requirement["families"]), _codes(requirement["project_themes"])
    indicators = {*package.indicators_of(*families), *_codes(requirement["indicators"])}
    figures = package.figures
    figures = figures[
        (figures["place_id"] == place)
        & figures["indicator_id"].isin(indicators)
        & figures["source_id"].isin(held)
        & (figures["repeats"] == "")
    ]
    policies = named(package, [place])
    policies = policies[policies["instrument_id"].isin(_codes(requirement["instruments"]))]
    projects = package.first_prints("projects", [place])
    about = tuple(row for row in projects if set(_codes(row.themes)) & set(themes))
    return Bearing(figures, policies, about)


def _codes(text: str) -> list[str]:
    return [code for code in text.split(";") if code]
