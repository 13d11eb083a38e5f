"""What several briefs ask for alike, made once before any of them."""

from __future__ import annotations

from contextlib import suppress

from ecobrief import audit, units
from ecobrief.compare import readings
from ecobrief.datapackage import FIGURES, DataPackage
from ecobrief.figures import phrases
from ecobrief.figures.entries import Entries
from ecobrief.wording import LANGS

FEW = 5000
"""Figures of a package whose cities are all looked at ahead; of a greater one, each brief looks at its own."""


def warm(package: DataPackage) -> None:
    """Read every printed unit, name every indicator, make the entries of all benchmarks in both languages; where figures are
    few, also the readings and findings of every city."""
    canonical = {row.indicator_id: row.unit for row in package.records("indicators", family=package.families)}
    printed = {
        (unit_read or unit, canonical[indicator_id])
        for table in FIGURES
        for unit_read, unit, indicator_id in zip(
            *(package[table][column] for column in ("unit_read", "unit", "indicator_id")), strict=True
        )
        if unit_read or unit
    }
    for unit, kept_in in printed:
        units.counts_whole_things(unit)
        units.is_share(unit)
        # The change of a share is in percentage points, which are no percent.
        with suppress(units.UnknownUnit):
            units.factor(unit, kept_in)
    for lang in LANGS:
        for indicator_id in canonical:
            phrases.indicator(package, indicator_id, lang)
            phrases.family(package, indicator_id)
        Entries(package, lang).of(package["benchmarks"]["observation_id"])
    if sum(len(package[table]) for table in FIGURES) <= FEW:
        audit.findings(package)
        for city in package.city_ids:
            for status in ("observed", "target"):
                readings(package, places=[city], status=status)
