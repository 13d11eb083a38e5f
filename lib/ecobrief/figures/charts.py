"""Charts of readings: a series over the years, and ranges of several cities on one axis."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ecobrief.compare import on_one_axis, pairs
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, phrases
from ecobrief.figures.axes import period_span
from ecobrief.figures.chart import Chart, Mark
from ecobrief.figures.display import Display
from ecobrief.wording import Lang, Term, joined, msg, say, term


def series(package: DataPackage, readings: pd.DataFrame, lang: Lang) -> Display:
    """Dated readings of one indicator over the years, cities and benchmarks as series; a sentence where none is dated.

    A reading that only repeats what the head of its quantity says is not drawn a second time; one in conflict with it is.
    """
    drawn = readings[
        (readings["period"] != "") & (readings["place"] == "") & readings["canonical_value"].notna()
    ]
    drawn = drawn[drawn["heads"] | (drawn["conflicts_with"] != "")]
    if drawn.empty:
        return display.sentence(
            say(msg("No dated figure is printed, so there is no series to draw."), lang), lang=lang
        )
    title = msg("{indicator} over the years", indicator=_name(package, drawn))
    marks = tuple(_on_years(package, row, lang) for row in drawn.itertuples())
    return display.chart(Chart("series", say(title, lang), *_axis(package, drawn, lang), marks, lang))


def _on_years(package: DataPackage, row: Any, lang: Lang) -> Mark:
    low, high = period_span(row.period)
    mark = _mark(package, row, lang)
    return Mark(**mark, x=(low + high) / 2, x_low=low, x_high=high)


def ranges(package: DataPackage, readings: pd.DataFrame, lang: Lang) -> Display:
    """The cities whose readings may stand on one axis, in order of value; a sentence where fewer than two may."""
    together = on_one_axis(package, readings)
    if together.empty:
        text = msg(
            "No two cities have figures that may stand on one axis; the table shows them side by side."
        )
        return display.sentence(say(text, lang), lang=lang)
    caveats = {reason.message for pair in pairs(package, together) for reason in pair.reasons}
    caveat = say(joined(sorted(caveats, key=str)), lang) if caveats else ""
    title = msg("{indicator}: figures that may stand on one axis", indicator=_name(package, together))
    marks = tuple(Mark(**_mark(package, row, lang, caveat)) for row in together.itertuples())
    return display.chart(Chart("ranges", say(title, lang), *_axis(package, together, lang), marks, lang))


def _axis(package: DataPackage, readings: pd.DataFrame, lang: Lang) -> tuple[str, str]:
    """Name and unit of the one axis of values."""
    return say(_name(package, readings), lang), phrases.unit(readings["canonical_unit"].iloc[0], lang)


def _name(package: DataPackage, readings: pd.DataFrame) -> Term:
    return term(package.row("indicators", readings["indicator_id"].iloc[0]), "name")


def _mark(package: DataPackage, row: Any, lang: Lang, caveat: str = "") -> dict[str, Any]:
    basis = [phrases.definition(package, row, lang), phrases.scope(row, lang)]
    return {
        "label": phrases.place(package, row.place_id, lang),
        "printed": phrases.value(row, lang),
        "value": row.canonical_value,
        "low": row.outer_low,
        "high": row.outer_high,
        "period": phrases.when(row.period, lang),
        "role": "city" if row.place_id in package.city_ids else "benchmark",
        "basis": say(msg("; "), lang).join(filter(None, basis)),
        "interval": phrases.interval(row.outer_low, row.outer_high, lang),
        "caveat": caveat,
        "source": phrases.source(package, row, lang),
        "observations": (row.observation_id,),
    }

