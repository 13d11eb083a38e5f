"""What is said of one city and rests on all of them: computed for all at once, before any brief asks for its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ecobrief.compare import agreement, policies
from ecobrief.compare.standings import standing
from ecobrief.datapackage import DataPackage

HEADLINES: Mapping[str, tuple[str, ...]] = {
    "air": ("good_air_days", "good_air_day_ratio"),
    "forest": ("forest_cover",),
    "water": ("water_sections_good_ratio", "water_sections_compliance_ratio"),
}
"""The headline metrics by family of indicators, in which a city is told where it stands among all: each with what may stand
for it, the first stated one first."""


def warm(package: DataPackage, filters: Iterable[Mapping[str, Any]] = ({},)) -> None:
    """Compute and keep it, for each of the filters of readings that briefs are made with."""
    agreement.reliability(package)
    for city in package.city_ids[:1]:
        policies.only_here(package, city, package.city_ids)
        for asked in filters:
            for indicators in HEADLINES.values():
                for indicator_id in indicators:
                    standing(package, city, indicator_id, **asked)
