"""Which metrics at least two cities state, and whether any two of them compare."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ecobrief.compare.comparability import VERDICTS
from ecobrief.compare.readings import readings
from ecobrief.compare.standings import Pair, pairs
from ecobrief.datapackage import DataPackage


def shared_metrics(package: DataPackage, places: Sequence[str]) -> list[tuple[str, pd.DataFrame, list[Pair]]]:
    """Each indicator that two cities or more have a numeric reading of for the whole place: its readings and its pairs, the
    indicators with the best pairs first."""
    found = readings(package, None, places)
    whole = found[found["canonical_value"].notna() & (found["place"] == "")]
    shared = []
    for indicator_id, own in whole.groupby("indicator_id", sort=False, observed=True):
        if own["place_id"].nunique() > 1:
            shared.append((str(indicator_id), own, pairs(package, own)))
    return sorted(shared, key=lambda metric: _best(metric[2]))


def _best(found: list[Pair]) -> int:
    return min((VERDICTS.index(pair.verdict) for pair in found), default=len(VERDICTS))
