"""Which metrics at least two cities state, and whether any two of them compare."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ecobrief.compare.comparability import VERDICTS, WHOLE_PLACE
from ecobrief.compare.readings import Reading, framed, selected
from ecobrief.compare.standings import Pairs, pairs_of
from ecobrief.datapackage import DataPackage


def shared_metrics(package: DataPackage, places: Sequence[str]) -> list[tuple[str, pd.DataFrame, Pairs]]:
    """Each indicator that two cities or more have a numeric reading of for the whole place: its readings and its pairs, the
    indicators with the best pairs first."""
    stated: dict[str, list[Reading]] = {}
    for row in selected(package, None, places):
        if row.value and row.place == WHOLE_PLACE:
            stated.setdefault(row.indicator_id, []).append(row)
    shared = [
        (indicator_id, framed(own), pairs_of(package, own))
        for indicator_id, own in stated.items()
        if len({row.place_id for row in own}) > 1
    ]
    return sorted(shared, key=lambda metric: _best(metric[2]))


def _best(found: Pairs) -> int:
    return VERDICTS.index(found.best.verdict) if found.best else len(VERDICTS)
