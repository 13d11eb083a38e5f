"""The matrix of metrics that at least two cities state."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ecobrief.compare.frames import as_rows
from ecobrief.compare.readings import are_latest
from ecobrief.compare.report import VERDICT_NAMES
from ecobrief.compare.shared_metrics import shared_metrics
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.display import Display
from ecobrief.figures.rows import Column, Row
from ecobrief.wording import Lang, joined, msg, say


def matrix(package: DataPackage, places: Sequence[str], lang: Lang) -> Display:
    """Each metric that two cities or more state, with the latest reading of each city, and whether any pair compares."""
    columns = [Column("indicator", say(msg("Indicator"), lang))]
    columns += [Column(place, phrases.place(package, place, lang)) for place in places]
    columns += [
        Column("verdict", say(msg("Best pair"), lang)),
        Column("reasons", say(msg("Reasons"), lang)),
    ]
    rows = []
    for indicator_id, found, pairs in shared_metrics(package, places):
        known = as_rows(found)
        latest: dict[str, list[Any]] = {}
        for row, newest in zip(known, are_latest(known), strict=True):
            if newest:
                latest.setdefault(row.place_id, []).append(row)
        cells = {"indicator": phrases.indicator(package, indicator_id, lang)}
        for place in places:
            own = [phrases.dated(row, lang) for row in latest.get(place, ())]
            gap = phrases.missing(package, place, indicator_id)
            cells[place] = say(joined(own) if own else gap, lang)
        best = pairs.best
        if best is None:
            continue
        names = " – ".join(phrases.place(package, place, lang) for place in best.places)
        cells["verdict"] = phrases.bracketed(say(VERDICT_NAMES[best.verdict], lang), names, lang)
        cells["reasons"] = phrases.strung((reason.message for reason in best.reasons), lang)
        ids = tuple(row.observation_id for own in latest.values() for row in own)
        rows.append(Row(cells, ids))
    if not rows:
        return display.sentence(say(msg("No metric is stated by two cities."), lang), lang=lang)
    return display.table(say(msg("Metrics that at least two cities state"), lang), columns, rows, lang=lang)
