"""What the briefs of many cities say alike, said once before any of them is made."""

from __future__ import annotations

from contextlib import suppress

from ecobrief import units
from ecobrief.datapackage import FIGURES, DataPackage
from ecobrief.figures import phrases
from ecobrief.figures.entries import Entries
from ecobrief.wording import LANGS


def warm(package: DataPackage) -> None:
    """Read every printed unit, name every indicator, and make the entries of all benchmarks, in both languages."""
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
