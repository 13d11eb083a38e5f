"""Charts of readings: a series over the years, and ranges of several cities on one axis."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pandas as pd

from ecobrief import compare
from ecobrief.compare.comparability import UNSTATED, WHOLE_PLACE
from ecobrief.compare.frames import as_rows
from ecobrief.compare.readings import are_latest
from ecobrief.datapackage import DataPackage
from ecobrief.figures import display, labels, phrases
from ecobrief.figures.axes import period_span
from ecobrief.figures.chart import Chart, Mark
from ecobrief.figures.display import Display
from ecobrief.wording import Lang, Message, Term, joined, msg, say, term

# How many documents the line of sources names.
MOST_SOURCES = 3


def series(
    package: DataPackage,
    readings: pd.DataFrame,
    places: Sequence[str],
    lang: Lang,
    targets: pd.DataFrame | None = None,
) -> Display:
    """Dated readings of one indicator over the years, cities and benchmarks as series; a sentence if none is dated.

    Cities in `places` without a dated reading are named beside it, with what is known of them. A reading that only
    repeats what the head of its quantity says is not drawn a second time; one in conflict with it is. Of `targets`, readings
    with that status, those of the indicator stand as stars in their year.
    """
    known = as_rows(readings)
    drawn = [row for row in known if _on_the_axis(row) and (row.heads or row.conflicts_with)]
    if not drawn:
        return display.sentence(
            say(msg("No dated figure is printed, so there is no series to draw."), lang), lang=lang
        )
    indicator_id = drawn[0].indicator_id
    of_place: dict[str, list[Any]] = {}
    for row in drawn:
        of_place.setdefault(row.place_id, []).append(row)
    found = compare.series(package, readings)
    runs = {row.observation_id: f"series {number}" for number, one in enumerate(found) for row in one.rows}
    carried = {name for one in found for name in one.carried}
    marks = [
        _on_years(
            package,
            row,
            of_place[row.place_id],
            lang,
            run=runs.get(row.observation_id, row.observation_id),
            carries=row.observation_id in carried,
        )
        for row in drawn
    ]
    marks += [_aside(package, known, place, lang) for place in places if place not in of_place]
    planned = [] if targets is None else as_rows(targets[targets["indicator_id"] == indicator_id])
    marks += [_target(package, row, lang) for row in planned if _on_the_axis(row)]
    breaks = tuple(_definitions_beginning(package, drawn, lang))
    # The title names what is drawn of the cities asked for; where nothing is, the benchmarks that are.
    own = [row for row in drawn if row.place_id in places] or drawn
    there = dict.fromkeys(row.place_id for row in own)
    of = dict.fromkeys([*(place for place in places if place in there), *there])
    title = titled(package, _name(package, indicator_id), list(of), (row.period for row in own), lang)
    caption = _printed_in(package, marks, [*known, *planned], lang)
    axis = _axis(package, drawn[0], lang)
    return display.chart(Chart("series", title, *axis, tuple(marks), lang, caption, breaks))


def titled(
    package: DataPackage, what: Term | Message, places: Sequence[str], periods: Iterable[str], lang: Lang
) -> str:
    """What a chart shows, of which places and from which years: Forest cover: Benxi, 2005–2020."""
    named = joined(package.place_name(place) for place in places)
    heading = msg("{what}: {places}", what=what, places=named)
    years = sorted(point[:4] for period in periods for point in period.split("/") if point)
    if not years:
        return say(heading, lang)
    span = years[0] if years[0] == years[-1] else f"{years[0]}/{years[-1]}"
    return say(msg("{heading}, {period}", heading=heading, period=phrases.when(span, lang)), lang)


def sourced(package: DataPackage, source_ids: Iterable[str], lang: Lang) -> str:
    """The line that names the documents of a chart, the first few of them, in the order given."""
    documents = list(
        dict.fromkeys(phrases.document(package, name, lang) for name in dict.fromkeys(source_ids))
    )
    if not documents:
        return ""
    first, more = say(msg("; "), lang).join(documents[:MOST_SOURCES]), len(documents) - MOST_SOURCES
    if more > 0:
        told = msg("Sources: {documents}; and {count} more, see the entries.", documents=first, count=more)
    elif len(documents) > 1:
        told = msg("Sources: {documents}.", documents=first)
    else:
        told = msg("Source: {document}.", document=first)
    return say(told, lang)


def _printed_in(package: DataPackage, marks: Iterable[Mark], readings: Iterable[Any], lang: Lang) -> str:
    """The sources of the readings that are drawn, those of cities first."""
    sources = {row.observation_id: row.source_id for row in readings}
    ordered = sorted(marks, key=lambda mark: mark.role != "city")
    return sourced(package, [sources[name] for mark in ordered for name in mark.observations], lang)


def _on_the_axis(row: Any) -> bool:
    """Whether a reading is of the whole place and has a year and a number."""
    return bool(row.period) and row.place == WHOLE_PLACE and not math.isnan(row.canonical_value)


def _definitions_beginning(
    package: DataPackage, drawn: Sequence[Any], lang: Lang
) -> Iterator[tuple[float, str]]:
    """Where on the axis of years a definition begins that some reading follows, after the first reading."""
    first = min(period_span(row.period)[0] for row in drawn)
    followed = dict.fromkeys(row.definition_version for row in drawn)
    # A version that succeeds no other, as that of a year in which two were in force, begins nothing.
    succeeding = {row.successor for row in package.records("definitions", successor=list(followed))}
    used = package.records("definitions", definition_version=sorted(succeeding))
    for definition in sorted(used, key=lambda row: row.valid_from):
        if definition.valid_from and first < (place := period_span(definition.valid_from)[0]):
            day = phrases.when(definition.valid_from, lang)
            yield place, phrases.bracketed(say(term(definition, "name"), lang), day, lang)


def _on_years(
    package: DataPackage, row: Any, of_place: Sequence[Any], lang: Lang, *, run: str, carries: bool
) -> Mark:
    low, high = period_span(row.period)
    mark = _mark(package, row, lang)
    variant = [_adjustment(row, of_place, lang), *_unusual(package, row, of_place, lang)]
    if any(variant):
        mark["label"] = say(
            msg("{place}: {variant}", place=mark["label"], variant=joined(filter(None, variant))), lang
        )
    return Mark(**mark, x=(low + high) / 2, x_low=low, x_high=high, run=run, carries=carries)


def _adjustment(row: Any, of_place: Sequence[Any], lang: Lang) -> str:
    """The adjustment, also that nothing was taken out where other readings of the place do not say so."""
    if row.adjustment == "raw" and any(other.adjustment == "none_stated" for other in of_place):
        return say(labels.ADJUSTMENTS["raw"], lang)
    return phrases.set_apart(row, lang)


def _target(package: DataPackage, row: Any, lang: Lang) -> Mark:
    low, high = period_span(row.period)
    # What is aimed at is a number and no measurement, so that no bar stands for its digits.
    value = row.canonical_value
    mark = _mark(package, row, lang) | {"role": "target", "low": value, "high": value, "interval": ""}
    mark["run"] = row.observation_id
    mark["of"] = mark["label"]
    mark["label"] = say(msg("{place}: {variant}", place=mark["label"], variant=msg("target")), lang)
    return Mark(**mark, x=(low + high) / 2, x_low=low, x_high=high)


def _unusual(package: DataPackage, row: Any, of_place: Sequence[Any], lang: Lang) -> Iterator[str]:
    """What tells a reading from others of its place and period: network and definition, where not the usual one."""
    beside = [other for other in of_place if other.period == row.period]
    if len({other.network for other in beside}) > 1 and row.network != _usual(
        other.network for other in of_place
    ):
        yield say(labels.NETWORKS[row.network], lang)
    if len({other.definition_version for other in beside}) > 1 and row.definition_version != _usual(
        other.definition_version for other in of_place
    ):
        yield _definition(package, row, lang)


def _usual(codes: Iterable[str]) -> str:
    """The code that comes up most often, of several the first by name."""
    return min(Counter(codes).items(), key=lambda item: (-item[1], item[0]))[0]


def _definition(package: DataPackage, row: Any, lang: Lang) -> str:
    if row.definition_version in UNSTATED:
        return say(msg("definition not stated"), lang)
    return phrases.definition(package, row, lang)


def ranges(package: DataPackage, readings: pd.DataFrame, places: Sequence[str], lang: Lang) -> Display:
    """The cities whose readings may stand on one axis, in order of value, then the others with the reason why not.

    A sentence where fewer than two cities may stand together.
    """
    together = compare.on_one_axis(package, readings)
    if together.empty:
        text = msg(
            "No two cities have figures that may stand on one axis; the table shows them side by side."
        )
        return display.sentence(say(text, lang), lang=lang)
    caveats: dict[str, list[Message]] = {}
    for pair in compare.pairs(package, together):
        for place in pair.places:
            caveats.setdefault(place, []).extend(reason.message for reason in pair.reasons)
    known, drawn = as_rows(readings), as_rows(together)
    marks = [
        Mark(**_mark(package, row, lang, say(joined(dict.fromkeys(caveats[row.place_id])), lang)))
        for row in drawn
    ]
    there = dict.fromkeys(row.place_id for row in drawn)
    marks += [_aside(package, known, place, lang) for place in places if place not in there]
    name = _name(package, drawn[0].indicator_id)
    what = msg("{indicator} where figures may stand on one axis", indicator=name)
    title = titled(package, what, list(there), (row.period for row in drawn), lang)
    caption = _printed_in(package, marks, known, lang)
    axis = _axis(package, drawn[0], lang)
    return display.chart(Chart("ranges", title, *axis, tuple(marks), lang, caption))


def span(row: Any, named: str, label: str, basis: str, lang: Lang) -> Mark:
    """The bar of a policy or project, with the id `named`, from the first day of its period to the last."""
    low, high = period_span(row.period)
    return Mark(
        label,
        phrases.when(row.period, lang),
        value=low,
        x=(low + high) / 2,
        x_low=low,
        x_high=high,
        basis=basis,
        observations=(named,),
    )


def _aside(package: DataPackage, readings: Sequence[Any], place_id: str, lang: Lang) -> Mark:
    """The row of a city that is not on the axis: its latest figure with its dating, or that none is stated."""
    label = phrases.place(package, place_id, lang)
    own = [row for row in readings if row.place_id == place_id]
    for row, newest in zip(own, are_latest(own), strict=True):
        if newest:
            return Mark(label, phrases.dated(row, lang), observations=(row.observation_id,))
    return Mark(label, say(phrases.missing(package, place_id, readings[0].indicator_id), lang))


def _axis(package: DataPackage, row: Any, lang: Lang) -> tuple[str, str]:
    """Name and unit of the one axis of values."""
    return phrases.indicator(package, row.indicator_id, lang), phrases.unit(row.canonical_unit, lang)


def _name(package: DataPackage, indicator_id: str) -> Term:
    return term(package.record("indicators", indicator_id), "name")


def _mark(package: DataPackage, row: Any, lang: Lang, caveat: str = "") -> dict[str, Any]:
    basis = [phrases.definition(package, row, lang), phrases.scope(package, row, lang)]
    return {
        "label": phrases.place(package, row.place_id, lang),
        "printed": phrases.value(row, lang),
        "value": row.canonical_value,
        "low": row.outer_low,
        "high": row.outer_high,
        "period": phrases.year_of(row, lang),
        "role": "city" if phrases.is_city(package, row.place_id) else "benchmark",
        "basis": phrases.strung(basis, lang),
        "interval": phrases.interval(row.outer_low, row.outer_high, lang),
        "caveat": caveat,
        "observations": (row.observation_id,),
    }
